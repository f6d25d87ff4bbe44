# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Who buys, who helps them, and what they paid."""
