# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What routes are given: the handlers of the application, context by context."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from shop.application.shop.handlers import ShopHandlers


async def shop_handlers(request: Request) -> ShopHandlers:
    """Return the handlers of the context shop."""
    handlers: ShopHandlers = request.app.state.shop_handlers
    return handlers


ShopDependency = Annotated[ShopHandlers, Depends(shop_handlers)]
