# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be asked of customers over HTTP."""

from typing import Annotated

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from shop.application.shop.access import CUSTOMER_ACCESS
from shop.application.shop.dtos import CustomerCreate, CustomerRead, CustomerUpdate
from shop.application.shop.mappers import CUSTOMER_READ
from shop.application.shop.queries import CUSTOMERS
from shop.domain.shop.value_objects import CustomerId
from shop.interface.api.dependencies import ShopDependency
from shop.support.application.dtos import ApiResponse, PaginatedResponse
from shop.support.application.fields import Text
from shop.support.interface.bulk import BULK
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
from shop.support.interface.permission import requires
from shop.support.interface.problems import problems
from shop.support.interface.replies import Replies
from shop.support.interface.routing import ResourceRouter

router = ResourceRouter(prefix="/customers", tags=["Customers"])
replies = Replies(read=CUSTOMER_READ, query=CUSTOMERS, has_etag=True)
CustomerIdParameter = Annotated[
    CustomerId, Text(maximum=30, pattern="cus_[0-7][0-9A-HJKMNP-TV-Z]{25}")
]


@router.get(
    "",
    response_model=PaginatedResponse[CustomerRead],
    openapi_extra=parameters_of_list(CUSTOMERS),
    operation_id="list_customers",
    responses=problems(401, 403, 422, 429),
)
@requires(CUSTOMER_ACCESS, "read")
async def list_customers(request: Request, handlers: ShopDependency) -> Response:
    """List customers."""
    return await replies.page(request, handlers.customer_reader)


@router.post(
    "",
    status_code=201,
    response_model=CustomerRead,
    openapi_extra=idempotency_key(),
    operation_id="create_customer",
    responses=answered(201, "Location", "ETag") | problems(400, 401, 409, 413, 415, 422, 429),
)
@requires(CUSTOMER_ACCESS, "create")
@idempotent()
async def create_customer(
    request: Request, data: CustomerCreate, handlers: ShopDependency
) -> Response:
    """Create one customer."""
    return replies.created(request, await handlers.customers.create(data))


@router.get(
    "/export",
    response_class=StreamingResponse,
    openapi_extra=parameters_of_export(CUSTOMERS, "csv", "json"),
    operation_id="export_customers",
    responses=problems(401, 403, 422, 429),
)
@requires(CUSTOMER_ACCESS, "export", "read")
async def export_customers(request: Request, handlers: ShopDependency) -> Response:
    """Export customers as a file."""
    return await replies.export(request, handlers.customer_reader, ("csv", "json"))


@router.post(
    "/bulk",
    status_code=201,
    response_model=ApiResponse[list[CustomerRead]],
    openapi_extra=idempotency_key(),
    operation_id="bulk_create_customers",
    responses=problems(400, 401, 404, 409, 413, 415, 422, 429),
)
@requires(CUSTOMER_ACCESS, "create")
@idempotent()
async def bulk_create_customers(
    request: Request, data: Annotated[list[CustomerCreate], BULK], handlers: ShopDependency
) -> Response:
    """Create several customers, all or none."""
    return replies.many(request, await handlers.customers.create_many(data), status=201)


@router.get(
    "/{customer_id}",
    response_model=CustomerRead,
    openapi_extra=parameters_of_one(CUSTOMERS, has_etag=True),
    operation_id="get_customer",
    responses=answered(200, "ETag") | answered(304, "ETag") | problems(401, 403, 404, 422, 429),
)
@requires(CUSTOMER_ACCESS, "read")
async def get_customer(
    request: Request, customer_id: CustomerIdParameter, handlers: ShopDependency
) -> Response:
    """Read one customer."""
    return await replies.one(request, handlers.customer_reader, customer_id)


@router.patch(
    "/{customer_id}",
    response_model=CustomerRead,
    openapi_extra=declared(IF_MATCH, idempotency_key()),
    operation_id="update_customer",
    responses=answered(200, "ETag") | problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 429),
)
@requires(CUSTOMER_ACCESS, "update")
@idempotent()
async def update_customer(
    request: Request,
    customer_id: CustomerIdParameter,
    data: CustomerUpdate,
    handlers: ShopDependency,
) -> Response:
    """Change what is sent of one customer."""
    expected = await replies.expected_version(request, handlers.customer_reader, customer_id)
    return replies.changed(
        request, await handlers.customers.update(customer_id, data, expected_version=expected)
    )


@router.post(
    "/{customer_id}/restore",
    response_model=CustomerRead,
    openapi_extra=declared(IF_MATCH, idempotency_key()),
    operation_id="restore_customer",
    responses=answered(200, "ETag") | problems(400, 401, 403, 404, 409, 412, 422, 429),
)
@requires(CUSTOMER_ACCESS, "restore")
@idempotent()
async def restore_customer(
    request: Request, customer_id: CustomerIdParameter, handlers: ShopDependency
) -> Response:
    """Bring one deleted customer back."""
    expected = await replies.expected_version(request, handlers.customer_reader, customer_id)
    return replies.changed(
        request, await handlers.customers.restore(customer_id, expected_version=expected)
    )
