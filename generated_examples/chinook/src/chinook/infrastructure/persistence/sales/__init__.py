# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Where sales is stored: transactions to write, readers to read."""

from chinook.infrastructure.persistence.sales.read_models import sales_readers
from chinook.infrastructure.persistence.sales.repositories import SqlSalesUnitOfWork

__all__ = [
    "SqlSalesUnitOfWork",
    "sales_readers",
]
