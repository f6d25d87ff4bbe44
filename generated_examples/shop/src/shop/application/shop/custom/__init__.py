# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What of shop is carried out by code that was written by hand."""
