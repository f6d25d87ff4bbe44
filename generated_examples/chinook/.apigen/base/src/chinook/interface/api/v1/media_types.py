# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be asked of media types over HTTP."""

from typing import Annotated

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response

from chinook.application.catalog.dtos import MediaTypeCreate, MediaTypeRead, MediaTypeUpdate
from chinook.application.catalog.mappers import MEDIA_TYPE_READ
from chinook.application.catalog.queries import MEDIA_TYPES
from chinook.domain.catalog.value_objects import MediaTypeId
from chinook.interface.api.dependencies import CatalogDependency
from chinook.support.application.dtos import PaginatedResponse
from chinook.support.interface.openapi import (
    IF_MATCH,
    answered,
    parameters_of_list,
    parameters_of_one,
)
from chinook.support.interface.problems import problems
from chinook.support.interface.replies import Replies
from chinook.support.interface.routing import ResourceRouter

router = ResourceRouter(prefix="/media-types", tags=["Media types"])
replies = Replies(read=MEDIA_TYPE_READ, query=MEDIA_TYPES, has_etag=True)
MediaTypeIdParameter = Annotated[MediaTypeId, Path(ge=-2147483648, le=2147483647)]


@router.get(
    "",
    response_model=PaginatedResponse[MediaTypeRead],
    openapi_extra=parameters_of_list(MEDIA_TYPES),
    operation_id="list_media_types",
    responses=problems(422),
)
async def list_media_types(request: Request, handlers: CatalogDependency) -> Response:
    """List media types."""
    return await replies.page(request, handlers.media_type_reader)


@router.post(
    "",
    status_code=201,
    response_model=MediaTypeRead,
    operation_id="create_media_type",
    responses=answered(201, "Location", "ETag") | problems(409, 413, 415, 422),
)
async def create_media_type(
    request: Request, data: MediaTypeCreate, handlers: CatalogDependency
) -> Response:
    """Create one media type."""
    return replies.created(request, await handlers.media_types.create(data))


@router.get(
    "/{media_type_id}",
    response_model=MediaTypeRead,
    openapi_extra=parameters_of_one(MEDIA_TYPES, has_etag=True),
    operation_id="get_media_type",
    responses=answered(200, "ETag") | answered(304, "ETag") | problems(404, 422),
)
async def get_media_type(
    request: Request, media_type_id: MediaTypeIdParameter, handlers: CatalogDependency
) -> Response:
    """Read one media type."""
    return await replies.one(request, handlers.media_type_reader, media_type_id)


@router.patch(
    "/{media_type_id}",
    response_model=MediaTypeRead,
    openapi_extra=IF_MATCH,
    operation_id="update_media_type",
    responses=answered(200, "ETag") | problems(404, 409, 412, 413, 415, 422),
)
async def update_media_type(
    request: Request,
    media_type_id: MediaTypeIdParameter,
    data: MediaTypeUpdate,
    handlers: CatalogDependency,
) -> Response:
    """Change what is sent of one media type."""
    expected = await replies.expected_version(request, handlers.media_type_reader, media_type_id)
    return replies.changed(
        request, await handlers.media_types.update(media_type_id, data, expected_version=expected)
    )


@router.delete(
    "/{media_type_id}",
    status_code=204,
    openapi_extra=IF_MATCH,
    operation_id="delete_media_type",
    responses=problems(404, 409, 412, 422),
)
async def delete_media_type(
    request: Request, media_type_id: MediaTypeIdParameter, handlers: CatalogDependency
) -> Response:
    """Delete one media type."""
    expected = await replies.expected_version(request, handlers.media_type_reader, media_type_id)
    return replies.deleted(
        request, await handlers.media_types.delete(media_type_id, expected_version=expected)
    )
