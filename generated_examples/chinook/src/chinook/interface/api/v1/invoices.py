# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be asked of invoices over HTTP."""

from typing import Annotated

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from chinook.application.sales.dtos import (
    InvoiceCreate,
    InvoiceExpanded,
    InvoiceRead,
    InvoiceUpdate,
)
from chinook.application.sales.mappers import INVOICE_READ
from chinook.application.sales.queries import INVOICES
from chinook.domain.sales.value_objects import InvoiceId
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

router = ResourceRouter(prefix="/invoices", tags=["Invoices"])
replies = Replies(read=INVOICE_READ, query=INVOICES, has_etag=True)
InvoiceIdParameter = Annotated[InvoiceId, Path(ge=-2147483648, le=2147483647)]


@router.get(
    "",
    response_model=PaginatedResponse[InvoiceExpanded],
    openapi_extra=parameters_of_list(INVOICES),
    operation_id="list_invoices",
    responses=problems(422),
)
async def list_invoices(request: Request, handlers: SalesDependency) -> Response:
    """List invoices."""
    return await replies.page(request, handlers.invoice_reader)


@router.post(
    "",
    status_code=201,
    response_model=InvoiceRead,
    operation_id="create_invoice",
    responses=answered(201, "Location", "ETag") | problems(409, 413, 415, 422),
)
async def create_invoice(
    request: Request, data: InvoiceCreate, handlers: SalesDependency
) -> Response:
    """Create one invoice."""
    return replies.created(request, await handlers.invoices.create(data))


@router.get(
    "/count",
    response_model=Count,
    openapi_extra=parameters_of_count(INVOICES),
    operation_id="count_invoices",
    responses=problems(422),
)
async def count_invoices(request: Request, handlers: SalesDependency) -> Response:
    """Count invoices."""
    return await replies.count(request, handlers.invoice_reader)


@router.get(
    "/export",
    response_class=StreamingResponse,
    openapi_extra=parameters_of_export(INVOICES, "json"),
    operation_id="export_invoices",
    responses=problems(422),
)
async def export_invoices(request: Request, handlers: SalesDependency) -> Response:
    """Export invoices as a file."""
    return await replies.export(request, handlers.invoice_reader, ("json",))


@router.get(
    "/{invoice_id}",
    response_model=InvoiceExpanded,
    openapi_extra=parameters_of_one(INVOICES, has_etag=True),
    operation_id="get_invoice",
    responses=answered(200, "ETag") | answered(304, "ETag") | problems(404, 422),
)
async def get_invoice(
    request: Request, invoice_id: InvoiceIdParameter, handlers: SalesDependency
) -> Response:
    """Read one invoice."""
    return await replies.one(request, handlers.invoice_reader, invoice_id)


@router.patch(
    "/{invoice_id}",
    response_model=InvoiceRead,
    openapi_extra=IF_MATCH,
    operation_id="update_invoice",
    responses=answered(200, "ETag") | problems(404, 409, 412, 413, 415, 422),
)
async def update_invoice(
    request: Request, invoice_id: InvoiceIdParameter, data: InvoiceUpdate, handlers: SalesDependency
) -> Response:
    """Change what is sent of one invoice."""
    expected = await replies.expected_version(request, handlers.invoice_reader, invoice_id)
    return replies.changed(
        request, await handlers.invoices.update(invoice_id, data, expected_version=expected)
    )


@router.delete(
    "/{invoice_id}",
    status_code=204,
    openapi_extra=IF_MATCH,
    operation_id="delete_invoice",
    responses=problems(404, 409, 412, 422),
)
async def delete_invoice(
    request: Request, invoice_id: InvoiceIdParameter, handlers: SalesDependency
) -> Response:
    """Delete one invoice."""
    expected = await replies.expected_version(request, handlers.invoice_reader, invoice_id)
    return replies.deleted(
        request, await handlers.invoices.delete(invoice_id, expected_version=expected)
    )
