# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""How this project talks to its database, one package a context."""
