# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What routes are given: the handlers of the application, context by context."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from chinook.application.catalog.handlers import CatalogHandlers
from chinook.application.sales.handlers import SalesHandlers


async def catalog_handlers(request: Request) -> CatalogHandlers:
    """Return the handlers of the context catalog."""
    handlers: CatalogHandlers = request.app.state.catalog_handlers
    return handlers


CatalogDependency = Annotated[CatalogHandlers, Depends(catalog_handlers)]


async def sales_handlers(request: Request) -> SalesHandlers:
    """Return the handlers of the context sales."""
    handlers: SalesHandlers = request.app.state.sales_handlers
    return handlers


SalesDependency = Annotated[SalesHandlers, Depends(sales_handlers)]
