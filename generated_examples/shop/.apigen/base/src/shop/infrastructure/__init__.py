# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""How this project talks to what is outside of it."""
