# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be asked of order lists in v1: what v2 answers.

Give this version a router of its own where the two differ.
"""

from shop.interface.api.v2.order_lists import router

__all__ = ("router",)
