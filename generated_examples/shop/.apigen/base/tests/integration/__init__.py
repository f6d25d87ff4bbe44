# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Tests against databases."""
