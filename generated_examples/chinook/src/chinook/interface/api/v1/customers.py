# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be asked of customers over HTTP."""

from typing import Annotated

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from chinook.application.sales.dtos import (
    CustomerCreate,
    CustomerExpanded,
    CustomerRead,
    CustomerUpdate,
)
from chinook.application.sales.mappers import CUSTOMER_READ
from chinook.application.sales.queries import CUSTOMERS
from chinook.domain.sales.value_objects import CustomerId
from chinook.interface.api.dependencies import SalesDependency
from chinook.support.application.dtos import PaginatedResponse
from chinook.support.interface.openapi import (
    IF_MATCH,
    answered,
    parameters_of_count,
    parameters_of_export,
    parameters_of_list,
    parameters_of_one,
)
from chinook.support.interface.problems import problems
from chinook.support.interface.replies import Count, Replies
from chinook.support.interface.routing import ResourceRouter

router = ResourceRouter(prefix="/customers", tags=["Customers"])
replies = Replies(read=CUSTOMER_READ, query=CUSTOMERS, has_etag=True)
CustomerIdParameter = Annotated[CustomerId, Path(ge=-2147483648, le=2147483647)]


@router.get(
    "",
    response_model=PaginatedResponse[CustomerExpanded],
    openapi_extra=parameters_of_list(CUSTOMERS),
    operation_id="list_customers",
    responses=problems(422),
)
async def list_customers(request: Request, handlers: SalesDependency) -> Response:
    """List customers."""
    return await replies.page(request, handlers.customer_reader)


@router.post(
    "",
    status_code=201,
    response_model=CustomerRead,
    operation_id="create_customer",
    responses=answered(201, "Location", "ETag") | problems(409, 413, 415, 422),
)
async def create_customer(
    request: Request, data: CustomerCreate, handlers: SalesDependency
) -> Response:
    """Create one customer."""
    return replies.created(request, await handlers.customers.create(data))


@router.get(
    "/count",
    response_model=Count,
    openapi_extra=parameters_of_count(CUSTOMERS),
    operation_id="count_customers",
    responses=problems(422),
)
async def count_customers(request: Request, handlers: SalesDependency) -> Response:
    """Count customers."""
    return await replies.count(request, handlers.customer_reader)


@router.get(
    "/export",
    response_class=StreamingResponse,
    openapi_extra=parameters_of_export(CUSTOMERS, "csv"),
    operation_id="export_customers",
    responses=problems(422),
)
async def export_customers(request: Request, handlers: SalesDependency) -> Response:
    """Export customers as a file."""
    return await replies.export(request, handlers.customer_reader, ("csv",))


@router.get(
    "/{customer_id}",
    response_model=CustomerExpanded,
    openapi_extra=parameters_of_one(CUSTOMERS, has_etag=True),
    operation_id="get_customer",
    responses=answered(200, "ETag") | answered(304, "ETag") | problems(404, 422),
)
async def get_customer(
    request: Request, customer_id: CustomerIdParameter, handlers: SalesDependency
) -> Response:
    """Read one customer."""
    return await replies.one(request, handlers.customer_reader, customer_id)


@router.patch(
    "/{customer_id}",
    response_model=CustomerRead,
    openapi_extra=IF_MATCH,
    operation_id="update_customer",
    responses=answered(200, "ETag") | problems(404, 409, 412, 413, 415, 422),
)
async def update_customer(
    request: Request,
    customer_id: CustomerIdParameter,
    data: CustomerUpdate,
    handlers: SalesDependency,
) -> Response:
    """Change what is sent of one customer."""
    expected = await replies.expected_version(request, handlers.customer_reader, customer_id)
    return replies.changed(
        request, await handlers.customers.update(customer_id, data, expected_version=expected)
    )


@router.delete(
    "/{customer_id}",
    status_code=204,
    openapi_extra=IF_MATCH,
    operation_id="delete_customer",
    responses=problems(404, 409, 412, 422),
)
async def delete_customer(
    request: Request, customer_id: CustomerIdParameter, handlers: SalesDependency
) -> Response:
    """Delete one customer."""
    expected = await replies.expected_version(request, handlers.customer_reader, customer_id)
    return replies.deleted(
        request, await handlers.customers.delete(customer_id, expected_version=expected)
    )


@router.post(
    "/{customer_id}/restore",
    response_model=CustomerRead,
    openapi_extra=IF_MATCH,
    operation_id="restore_customer",
    responses=answered(200, "ETag") | problems(404, 409, 412, 422),
)
async def restore_customer(
    request: Request, customer_id: CustomerIdParameter, handlers: SalesDependency
) -> Response:
    """Bring one deleted customer back."""
    expected = await replies.expected_version(request, handlers.customer_reader, customer_id)
    return replies.changed(
        request, await handlers.customers.restore(customer_id, expected_version=expected)
    )
