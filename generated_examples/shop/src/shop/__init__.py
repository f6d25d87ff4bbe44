# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Catalogue, customers, orders, payment and fulfilment in one bounded context."""
