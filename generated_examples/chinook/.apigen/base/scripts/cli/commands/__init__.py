# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The commands of chinook, one module a group."""
