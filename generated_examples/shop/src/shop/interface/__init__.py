# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The HTTP edge of this project."""
