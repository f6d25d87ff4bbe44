# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Validators that several layers share.

Empty: well-known formats are checked by `support/core/formats.py`, constraints of fields by the
domain.
"""
