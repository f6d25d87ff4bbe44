# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The domain: what is true whoever asks."""
