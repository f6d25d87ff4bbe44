# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The events of todo.

The specification declares none: nothing outside of an aggregate has to know what happened to
it.
"""
