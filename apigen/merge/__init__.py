"""Base, yours and theirs to changes: who wins, symbol by symbol, and what only a person can decide."""
