# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""End-to-end tests of shop."""
