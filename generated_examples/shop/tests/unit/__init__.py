# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Tests of single classes, without a database."""
