# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""A digital music store, its catalogue on one side and its sales on the other."""
