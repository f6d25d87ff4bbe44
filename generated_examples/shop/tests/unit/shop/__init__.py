# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Unit tests of shop."""
