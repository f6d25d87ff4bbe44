# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Tests of the API over HTTP."""
