# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The entities inside the aggregates of todo.

There are none: each aggregate is a root alone.
"""
