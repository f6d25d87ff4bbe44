# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Tools for developing and operating shop; nothing of the service imports them."""
