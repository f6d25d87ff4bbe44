# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Small functions that no layer owns.

Empty: what exists is named after what it does, in `support/core`.
"""
