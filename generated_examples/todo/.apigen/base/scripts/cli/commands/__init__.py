# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The commands of todo, one module a group."""
