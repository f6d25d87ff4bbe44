# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be asked of orders over HTTP."""

from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from shop.application.shop.access import ORDER_ACCESS
from shop.application.shop.dtos import (
    AddOrderLineInput,
    CancelOrderInput,
    OrderCreate,
    OrderExpanded,
    OrderRead,
    OrderUpdate,
    RemoveOrderLineInput,
    ShipOrderInput,
)
from shop.application.shop.mappers import (
    ORDER_READ,
    add_order_line_from_input,
    cancel_order_from_input,
    deliver_order_from_input,
    place_order_from_input,
    refund_order_from_input,
    remove_order_line_from_input,
    ship_order_from_input,
)
from shop.application.shop.queries import ORDERS, WaitingOrders
from shop.domain.shop.value_objects import OrderId
from shop.interface.api.dependencies import ShopDependency
from shop.support.application.dtos import CursorPage
from shop.support.application.fields import Text
from shop.support.interface.history import MovingChange
from shop.support.interface.idempotency import idempotent
from shop.support.interface.openapi import (
    IF_MATCH,
    answered,
    declared,
    idempotency_key,
    parameters_of_export,
    parameters_of_list,
    parameters_of_one,
)
from shop.support.interface.parameters import require_known
from shop.support.interface.permission import requires
from shop.support.interface.problems import problems
from shop.support.interface.replies import Replies, document
from shop.support.interface.routing import ResourceRouter

router = ResourceRouter(prefix="/orders", tags=["Orders"])
replies = Replies(read=ORDER_READ, query=ORDERS, has_etag=True)
OrderIdParameter = Annotated[OrderId, Text(maximum=30, pattern="ord_[0-7][0-9A-HJKMNP-TV-Z]{25}")]


@router.get(
    "",
    response_model=CursorPage[OrderExpanded],
    openapi_extra=parameters_of_list(ORDERS),
    operation_id="list_orders",
    responses=problems(401, 403, 422, 429),
)
@requires(ORDER_ACCESS, "read")
async def list_orders(request: Request, handlers: ShopDependency) -> Response:
    """List orders."""
    return await replies.page(request, handlers.order_reader)


@router.post(
    "",
    status_code=201,
    response_model=OrderRead,
    openapi_extra=idempotency_key(required=True),
    operation_id="create_order",
    responses=answered(201, "Location", "ETag") | problems(400, 401, 403, 409, 413, 415, 422, 429),
)
@requires(ORDER_ACCESS, "create")
@idempotent(required=True)
async def create_order(request: Request, data: OrderCreate, handlers: ShopDependency) -> Response:
    """Create one order."""
    return replies.created(request, await handlers.orders.create(data))


@router.get(
    "/export",
    response_class=StreamingResponse,
    openapi_extra=parameters_of_export(ORDERS, "csv"),
    operation_id="export_orders",
    responses=problems(401, 403, 422, 429),
)
@requires(ORDER_ACCESS, "export", "read")
async def export_orders(request: Request, handlers: ShopDependency) -> Response:
    """Export orders as a file."""
    return await replies.export(request, handlers.order_reader, ("csv",))


@router.get(
    "/waiting",
    response_model=CursorPage[OrderRead],
    operation_id="waiting_orders",
    responses=problems(401, 403, 422, 429),
)
@requires(ORDER_ACCESS, "waiting", "read")
async def waiting_orders(
    request: Request,
    handlers: ShopDependency,
    days: Annotated[int, Query(ge=1, le=90)] = 2,
    cursor: Annotated[str | None, Query()] = None,
    size: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """Paid orders not shipped for a number of days."""
    require_known(request, "days", "cursor", "size")
    query = WaitingOrders(days=days, cursor=cursor, size=size)
    return document(request, await handlers.queries.dispatch(query))


@router.get(
    "/{order_id}",
    response_model=OrderExpanded,
    openapi_extra=parameters_of_one(ORDERS, has_etag=True),
    operation_id="get_order",
    responses=answered(200, "ETag") | answered(304, "ETag") | problems(401, 403, 404, 422, 429),
)
@requires(ORDER_ACCESS, "read")
async def get_order(
    request: Request, order_id: OrderIdParameter, handlers: ShopDependency
) -> Response:
    """Read one order."""
    return await replies.one(request, handlers.order_reader, order_id)


@router.patch(
    "/{order_id}",
    response_model=OrderRead,
    openapi_extra=declared(IF_MATCH, idempotency_key(required=True)),
    operation_id="update_order",
    responses=answered(200, "ETag") | problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 429),
)
@requires(ORDER_ACCESS, "update")
@idempotent(required=True)
async def update_order(
    request: Request, order_id: OrderIdParameter, data: OrderUpdate, handlers: ShopDependency
) -> Response:
    """Change what is sent of one order."""
    expected = await replies.expected_version(request, handlers.order_reader, order_id)
    return replies.changed(
        request, await handlers.orders.update(order_id, data, expected_version=expected)
    )


@router.get(
    "/{order_id}/history",
    response_model=list[MovingChange],
    operation_id="order_history",
    responses=problems(401, 403, 404, 422, 429),
)
@requires(ORDER_ACCESS, "read")
async def order_history(
    request: Request, order_id: OrderIdParameter, handlers: ShopDependency
) -> Response:
    """List the moves and changes of one order, oldest first."""
    return await replies.history(request, handlers.order_reader, order_id)


@router.post(
    "/{order_id}/add-line",
    response_model=OrderRead,
    openapi_extra=declared(IF_MATCH, idempotency_key(required=True)),
    operation_id="add_order_line",
    responses=answered(200, "ETag")
    | problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 429, codes={422: ("order_not_open",)}),
)
@requires(ORDER_ACCESS, "add_line")
@idempotent(required=True)
async def add_order_line(
    request: Request, order_id: OrderIdParameter, data: AddOrderLineInput, handlers: ShopDependency
) -> Response:
    """Add order line."""
    expected = await replies.expected_version(request, handlers.order_reader, order_id)
    command = add_order_line_from_input(id=order_id, data=data, expected_version=expected)
    return replies.changed(request, await handlers.commands.dispatch(command))


@router.post(
    "/{order_id}/remove-line",
    response_model=OrderRead,
    openapi_extra=declared(IF_MATCH, idempotency_key(required=True)),
    operation_id="remove_order_line",
    responses=answered(200, "ETag")
    | problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 429, codes={422: ("order_not_open",)}),
)
@requires(ORDER_ACCESS, "remove_line")
@idempotent(required=True)
async def remove_order_line(
    request: Request,
    order_id: OrderIdParameter,
    data: RemoveOrderLineInput,
    handlers: ShopDependency,
) -> Response:
    """Remove order line."""
    expected = await replies.expected_version(request, handlers.order_reader, order_id)
    command = remove_order_line_from_input(id=order_id, data=data, expected_version=expected)
    return replies.changed(request, await handlers.commands.dispatch(command))


@router.post(
    "/{order_id}/place",
    response_model=OrderRead,
    openapi_extra=declared(IF_MATCH, idempotency_key(required=True)),
    operation_id="place_order",
    responses=answered(200, "ETag")
    | problems(
        400,
        401,
        403,
        404,
        409,
        412,
        422,
        429,
        codes={409: ("invalid_state",), 422: ("empty_order", "no_address")},
    ),
)
@requires(ORDER_ACCESS, "place")
@idempotent(required=True)
async def place_order(
    request: Request, order_id: OrderIdParameter, handlers: ShopDependency
) -> Response:
    """Place order."""
    expected = await replies.expected_version(request, handlers.order_reader, order_id)
    command = place_order_from_input(id=order_id, expected_version=expected)
    return replies.changed(request, await handlers.commands.dispatch(command))


@router.post(
    "/{order_id}/ship",
    response_model=OrderRead,
    openapi_extra=declared(IF_MATCH, idempotency_key(required=True)),
    operation_id="ship_order",
    responses=answered(200, "ETag")
    | problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 429, codes={409: ("invalid_state",)}),
)
@requires(ORDER_ACCESS, "ship")
@idempotent(required=True)
async def ship_order(
    request: Request, order_id: OrderIdParameter, data: ShipOrderInput, handlers: ShopDependency
) -> Response:
    """Ship order."""
    expected = await replies.expected_version(request, handlers.order_reader, order_id)
    command = ship_order_from_input(id=order_id, data=data, expected_version=expected)
    return replies.changed(request, await handlers.commands.dispatch(command))


@router.post(
    "/{order_id}/deliver",
    response_model=OrderRead,
    openapi_extra=declared(IF_MATCH, idempotency_key(required=True)),
    operation_id="deliver_order",
    responses=answered(200, "ETag")
    | problems(400, 401, 403, 404, 409, 412, 422, 429, codes={409: ("invalid_state",)}),
)
@requires(ORDER_ACCESS, "deliver")
@idempotent(required=True)
async def deliver_order(
    request: Request, order_id: OrderIdParameter, handlers: ShopDependency
) -> Response:
    """Deliver order."""
    expected = await replies.expected_version(request, handlers.order_reader, order_id)
    command = deliver_order_from_input(id=order_id, expected_version=expected)
    return replies.changed(request, await handlers.commands.dispatch(command))


@router.post(
    "/{order_id}/cancel",
    response_model=OrderRead,
    openapi_extra=declared(IF_MATCH, idempotency_key(required=True)),
    operation_id="cancel_order",
    responses=answered(200, "ETag")
    | problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 429, codes={409: ("invalid_state",)}),
)
@requires(ORDER_ACCESS, "cancel")
@idempotent(required=True)
async def cancel_order(
    request: Request, order_id: OrderIdParameter, data: CancelOrderInput, handlers: ShopDependency
) -> Response:
    """Cancel order."""
    expected = await replies.expected_version(request, handlers.order_reader, order_id)
    command = cancel_order_from_input(id=order_id, data=data, expected_version=expected)
    return replies.changed(request, await handlers.commands.dispatch(command))


@router.post(
    "/{order_id}/refund",
    response_model=OrderRead,
    openapi_extra=declared(IF_MATCH, idempotency_key(required=True)),
    operation_id="refund_order",
    responses=answered(200, "ETag")
    | problems(400, 401, 403, 404, 409, 412, 422, 429, codes={409: ("invalid_state",)}),
)
@requires(ORDER_ACCESS, "refund")
@idempotent(required=True)
async def refund_order(
    request: Request, order_id: OrderIdParameter, handlers: ShopDependency
) -> Response:
    """Refund order."""
    expected = await replies.expected_version(request, handlers.order_reader, order_id)
    command = refund_order_from_input(id=order_id, expected_version=expected)
    return replies.changed(request, await handlers.commands.dispatch(command))
