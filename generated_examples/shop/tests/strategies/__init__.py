# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Hypothesis strategies of payloads."""
