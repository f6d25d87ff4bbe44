# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The domain of shop."""
