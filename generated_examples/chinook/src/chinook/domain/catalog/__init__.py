# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What is for sale."""
