# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What every layer may use, beside core.

It imports core only.
"""
