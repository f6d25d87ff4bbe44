# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be asked of shop."""
