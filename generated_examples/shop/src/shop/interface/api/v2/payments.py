# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be asked of payments over HTTP."""

from typing import Annotated

from starlette.requests import Request
from starlette.responses import Response

from shop.application.shop.access import PAYMENT_ACCESS
from shop.application.shop.dtos import (
    CapturePaymentInput,
    DeclinePaymentInput,
    PaymentRead,
    RequestPaymentInput,
)
from shop.application.shop.mappers import (
    PAYMENT_READ,
    capture_payment_from_input,
    decline_payment_from_input,
    refund_payment_from_input,
    request_payment_from_input,
)
from shop.application.shop.queries import PAYMENTS
from shop.domain.shop.value_objects import PaymentId
from shop.interface.api.dependencies import ShopDependency
from shop.support.application.dtos import PaginatedResponse
from shop.support.application.fields import Text
from shop.support.interface.idempotency import idempotent
from shop.support.interface.openapi import (
    IF_MATCH,
    answered,
    declared,
    idempotency_key,
    parameters_of_list,
    parameters_of_one,
)
from shop.support.interface.permission import requires
from shop.support.interface.problems import problems
from shop.support.interface.replies import Replies
from shop.support.interface.routing import ResourceRouter

router = ResourceRouter(prefix="/payments", tags=["Payments"])
replies = Replies(read=PAYMENT_READ, query=PAYMENTS, has_etag=True)
PaymentIdParameter = Annotated[
    PaymentId, Text(maximum=30, pattern="pay_[0-7][0-9A-HJKMNP-TV-Z]{25}")
]


@router.get(
    "",
    response_model=PaginatedResponse[PaymentRead],
    openapi_extra=parameters_of_list(PAYMENTS),
    operation_id="list_payments",
    responses=problems(401, 403, 422, 429),
)
@requires(PAYMENT_ACCESS, "read")
async def list_payments(request: Request, handlers: ShopDependency) -> Response:
    """List payments."""
    return await replies.page(request, handlers.payment_reader)


@router.get(
    "/{payment_id}",
    response_model=PaymentRead,
    openapi_extra=parameters_of_one(PAYMENTS, has_etag=True),
    operation_id="get_payment",
    responses=answered(200, "ETag") | answered(304, "ETag") | problems(401, 403, 404, 422, 429),
)
@requires(PAYMENT_ACCESS, "read")
async def get_payment(
    request: Request, payment_id: PaymentIdParameter, handlers: ShopDependency
) -> Response:
    """Read one payment."""
    return await replies.one(request, handlers.payment_reader, payment_id)


@router.post(
    "",
    status_code=201,
    response_model=PaymentRead,
    openapi_extra=idempotency_key(),
    operation_id="request_payment",
    responses=answered(201, "Location", "ETag")
    | problems(400, 401, 403, 404, 409, 413, 415, 422, 429, 504),
)
@requires(PAYMENT_ACCESS, "request")
@idempotent()
async def request_payment(
    request: Request, data: RequestPaymentInput, handlers: ShopDependency
) -> Response:
    """Request payment."""
    command = request_payment_from_input(data=data)
    return replies.created(request, await handlers.commands.dispatch(command))


@router.post(
    "/{payment_id}/capture",
    response_model=PaymentRead,
    openapi_extra=declared(IF_MATCH, idempotency_key()),
    operation_id="capture_payment",
    responses=answered(200, "ETag")
    | problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 429, codes={409: ("invalid_state",)}),
)
@requires(PAYMENT_ACCESS, "capture")
@idempotent()
async def capture_payment(
    request: Request,
    payment_id: PaymentIdParameter,
    data: CapturePaymentInput,
    handlers: ShopDependency,
) -> Response:
    """Capture payment."""
    expected = await replies.expected_version(request, handlers.payment_reader, payment_id)
    command = capture_payment_from_input(id=payment_id, data=data, expected_version=expected)
    return replies.changed(request, await handlers.commands.dispatch(command))


@router.post(
    "/{payment_id}/decline",
    response_model=PaymentRead,
    openapi_extra=declared(IF_MATCH, idempotency_key()),
    operation_id="decline_payment",
    responses=answered(200, "ETag")
    | problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 429, codes={409: ("invalid_state",)}),
)
@requires(PAYMENT_ACCESS, "decline")
@idempotent()
async def decline_payment(
    request: Request,
    payment_id: PaymentIdParameter,
    data: DeclinePaymentInput,
    handlers: ShopDependency,
) -> Response:
    """Decline payment."""
    expected = await replies.expected_version(request, handlers.payment_reader, payment_id)
    command = decline_payment_from_input(id=payment_id, data=data, expected_version=expected)
    return replies.changed(request, await handlers.commands.dispatch(command))


@router.post(
    "/{payment_id}/refund",
    response_model=PaymentRead,
    openapi_extra=declared(IF_MATCH, idempotency_key()),
    operation_id="refund_payment",
    responses=answered(200, "ETag")
    | problems(400, 401, 403, 404, 409, 412, 422, 429, codes={409: ("invalid_state",)}),
)
@requires(PAYMENT_ACCESS, "refund")
@idempotent()
async def refund_payment(
    request: Request, payment_id: PaymentIdParameter, handlers: ShopDependency
) -> Response:
    """Refund payment."""
    expected = await replies.expected_version(request, handlers.payment_reader, payment_id)
    command = refund_payment_from_input(id=payment_id, expected_version=expected)
    return replies.changed(request, await handlers.commands.dispatch(command))
