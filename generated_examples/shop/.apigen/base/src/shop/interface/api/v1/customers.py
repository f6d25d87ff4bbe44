# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be asked of customers in v1: what v2 answers.

Give this version a router of its own where the two differ.
"""

from shop.interface.api.v2.customers import router

__all__ = ("router",)
