# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Where shop is stored: transactions to write, readers to read."""

from shop.infrastructure.persistence.shop.read_models import shop_readers
from shop.infrastructure.persistence.shop.repositories import SqlShopUnitOfWork

__all__ = [
    "SqlShopUnitOfWork",
    "shop_readers",
]
