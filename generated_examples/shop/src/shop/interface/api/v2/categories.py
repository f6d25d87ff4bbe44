# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be asked of categories over HTTP."""

from starlette.requests import Request
from starlette.responses import Response

from shop.application.shop.access import CATEGORY_ACCESS
from shop.application.shop.dtos import CategoryCreate, CategoryRead, CategoryUpdate
from shop.application.shop.mappers import CATEGORY_READ
from shop.application.shop.queries import CATEGORIES
from shop.domain.shop.value_objects import CategoryId
from shop.interface.api.dependencies import ShopDependency
from shop.support.application.dtos import PaginatedResponse
from shop.support.interface.idempotency import idempotent
from shop.support.interface.openapi import (
    IF_MATCH,
    PUBLIC,
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

router = ResourceRouter(prefix="/categories", tags=["Categories"])
replies = Replies(read=CATEGORY_READ, query=CATEGORIES, has_etag=True)


@router.get(
    "",
    response_model=PaginatedResponse[CategoryRead],
    openapi_extra=declared(parameters_of_list(CATEGORIES), PUBLIC),
    operation_id="list_categories",
    responses=problems(401, 422, 429),
)
async def list_categories(request: Request, handlers: ShopDependency) -> Response:
    """List categories."""
    return await replies.page(request, handlers.category_reader)


@router.post(
    "",
    status_code=201,
    response_model=CategoryRead,
    openapi_extra=idempotency_key(),
    operation_id="create_category",
    responses=answered(201, "Location", "ETag") | problems(400, 401, 403, 409, 413, 415, 422, 429),
)
@requires(CATEGORY_ACCESS, "create")
@idempotent()
async def create_category(
    request: Request, data: CategoryCreate, handlers: ShopDependency
) -> Response:
    """Create one category."""
    return replies.created(request, await handlers.categories.create(data))


@router.get(
    "/{category_id}",
    response_model=CategoryRead,
    openapi_extra=declared(parameters_of_one(CATEGORIES, has_etag=True), PUBLIC),
    operation_id="get_category",
    responses=answered(200, "ETag") | answered(304, "ETag") | problems(401, 404, 422, 429),
)
async def get_category(
    request: Request, category_id: CategoryId, handlers: ShopDependency
) -> Response:
    """Read one category."""
    return await replies.one(request, handlers.category_reader, category_id)


@router.patch(
    "/{category_id}",
    response_model=CategoryRead,
    openapi_extra=declared(IF_MATCH, idempotency_key()),
    operation_id="update_category",
    responses=answered(200, "ETag") | problems(400, 401, 403, 404, 409, 412, 413, 415, 422, 429),
)
@requires(CATEGORY_ACCESS, "update")
@idempotent()
async def update_category(
    request: Request, category_id: CategoryId, data: CategoryUpdate, handlers: ShopDependency
) -> Response:
    """Change what is sent of one category."""
    expected = await replies.expected_version(request, handlers.category_reader, category_id)
    return replies.changed(
        request, await handlers.categories.update(category_id, data, expected_version=expected)
    )


@router.delete(
    "/{category_id}",
    status_code=204,
    openapi_extra=declared(IF_MATCH, idempotency_key()),
    operation_id="delete_category",
    responses=problems(400, 401, 403, 404, 409, 412, 422, 429),
)
@requires(CATEGORY_ACCESS, "delete")
@idempotent()
async def delete_category(
    request: Request, category_id: CategoryId, handlers: ShopDependency
) -> Response:
    """Delete one category."""
    expected = await replies.expected_version(request, handlers.category_reader, category_id)
    return replies.deleted(
        request, await handlers.categories.delete(category_id, expected_version=expected)
    )
