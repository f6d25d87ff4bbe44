# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Tools for developing and operating chinook; nothing of the service imports them."""
