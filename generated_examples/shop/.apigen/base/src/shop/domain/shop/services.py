# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Decisions of shop that belong to no single aggregate.

There are none: every rule of the specification concerns one aggregate, which checks it itself.
"""
