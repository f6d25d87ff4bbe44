# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be asked of order lists over HTTP."""

from typing import Annotated

from starlette.requests import Request
from starlette.responses import Response

from shop.application.shop.access import ORDER_LIST_ACCESS
from shop.application.shop.dtos import OrderListRead
from shop.application.shop.queries import ORDER_LISTS
from shop.domain.shop.value_objects import OrderId
from shop.interface.api.dependencies import ShopDependency
from shop.support.application.dtos import PaginatedResponse
from shop.support.application.fields import Text
from shop.support.interface.openapi import parameters_of_list, parameters_of_one
from shop.support.interface.permission import requires
from shop.support.interface.problems import problems
from shop.support.interface.replies import ReadReplies
from shop.support.interface.routing import ResourceRouter

router = ResourceRouter(prefix="/order-lists", tags=["Order lists"])
replies = ReadReplies(query=ORDER_LISTS)
OrderListIdParameter = Annotated[
    OrderId, Text(maximum=30, pattern="ord_[0-7][0-9A-HJKMNP-TV-Z]{25}")
]


@router.get(
    "",
    response_model=PaginatedResponse[OrderListRead],
    openapi_extra=parameters_of_list(ORDER_LISTS),
    operation_id="list_order_lists",
    responses=problems(401, 403, 422, 429),
)
@requires(ORDER_LIST_ACCESS, "read")
async def list_order_lists(request: Request, handlers: ShopDependency) -> Response:
    """List order lists."""
    return await replies.page(request, handlers.order_list_reader)


@router.get(
    "/{order_list_id}",
    response_model=OrderListRead,
    openapi_extra=parameters_of_one(ORDER_LISTS, has_etag=False),
    operation_id="get_order_list",
    responses=problems(401, 403, 404, 422, 429),
)
@requires(ORDER_LIST_ACCESS, "read")
async def get_order_list(
    request: Request, order_list_id: OrderListIdParameter, handlers: ShopDependency
) -> Response:
    """Read one order list."""
    return await replies.one(request, handlers.order_list_reader, order_list_id)
