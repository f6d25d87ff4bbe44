"""Base, yours and theirs to changes, symbol by symbol, and what only a person can decide."""
