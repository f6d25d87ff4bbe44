# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Integration tests of shop."""
