# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The ports of this project: what its inner layers need and its infrastructure provides.

Each context narrows these in its `domain/<context>/repositories.py`.
"""

from shop.support.core.protocols import (
    AsyncRepository,
    CacheProvider,
    Mapper,
    PermittedRows,
    UnitOfWork,
)

__all__ = ["AsyncRepository", "CacheProvider", "Mapper", "PermittedRows", "UnitOfWork"]
