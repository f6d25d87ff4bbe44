# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The commands of shop, one module a group."""
