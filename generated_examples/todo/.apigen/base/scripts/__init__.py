# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Tools for developing and operating todo; nothing of the service imports them."""
