# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Where catalog is stored: transactions to write, readers to read."""

from chinook.infrastructure.persistence.catalog.read_models import catalog_readers
from chinook.infrastructure.persistence.catalog.repositories import SqlCatalogUnitOfWork

__all__ = [
    "SqlCatalogUnitOfWork",
    "catalog_readers",
]
