# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be asked of albums over HTTP."""

from typing import Annotated

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response

from chinook.application.catalog.dtos import AlbumCreate, AlbumExpanded, AlbumRead, AlbumUpdate
from chinook.application.catalog.mappers import ALBUM_READ
from chinook.application.catalog.queries import ALBUMS
from chinook.domain.catalog.value_objects import AlbumId
from chinook.interface.api.dependencies import CatalogDependency
from chinook.support.application.dtos import ApiResponse, PaginatedResponse
from chinook.support.interface.bulk import BULK
from chinook.support.interface.openapi import (
    IF_MATCH,
    answered,
    parameters_of_count,
    parameters_of_list,
    parameters_of_one,
)
from chinook.support.interface.problems import problems
from chinook.support.interface.replies import Count, Replies
from chinook.support.interface.routing import ResourceRouter

router = ResourceRouter(prefix="/albums", tags=["Albums"])
replies = Replies(read=ALBUM_READ, query=ALBUMS, has_etag=True)
AlbumIdParameter = Annotated[AlbumId, Path(ge=-2147483648, le=2147483647)]


@router.get(
    "",
    response_model=PaginatedResponse[AlbumExpanded],
    openapi_extra=parameters_of_list(ALBUMS),
    operation_id="list_albums",
    responses=problems(422),
)
async def list_albums(request: Request, handlers: CatalogDependency) -> Response:
    """List albums."""
    return await replies.page(request, handlers.album_reader)


@router.post(
    "",
    status_code=201,
    response_model=AlbumRead,
    operation_id="create_album",
    responses=answered(201, "Location", "ETag") | problems(409, 413, 415, 422),
)
async def create_album(
    request: Request, data: AlbumCreate, handlers: CatalogDependency
) -> Response:
    """Create one album."""
    return replies.created(request, await handlers.albums.create(data))


@router.get(
    "/count",
    response_model=Count,
    openapi_extra=parameters_of_count(ALBUMS),
    operation_id="count_albums",
    responses=problems(422),
)
async def count_albums(request: Request, handlers: CatalogDependency) -> Response:
    """Count albums."""
    return await replies.count(request, handlers.album_reader)


@router.post(
    "/bulk",
    status_code=201,
    response_model=ApiResponse[list[AlbumRead]],
    operation_id="bulk_create_albums",
    responses=problems(404, 409, 413, 415, 422),
)
async def bulk_create_albums(
    request: Request, data: Annotated[list[AlbumCreate], BULK], handlers: CatalogDependency
) -> Response:
    """Create several albums, all or none."""
    return replies.many(request, await handlers.albums.create_many(data), status=201)


@router.get(
    "/{album_id}",
    response_model=AlbumExpanded,
    openapi_extra=parameters_of_one(ALBUMS, has_etag=True),
    operation_id="get_album",
    responses=answered(200, "ETag") | answered(304, "ETag") | problems(404, 422),
)
async def get_album(
    request: Request, album_id: AlbumIdParameter, handlers: CatalogDependency
) -> Response:
    """Read one album."""
    return await replies.one(request, handlers.album_reader, album_id)


@router.patch(
    "/{album_id}",
    response_model=AlbumRead,
    openapi_extra=IF_MATCH,
    operation_id="update_album",
    responses=answered(200, "ETag") | problems(404, 409, 412, 413, 415, 422),
)
async def update_album(
    request: Request, album_id: AlbumIdParameter, data: AlbumUpdate, handlers: CatalogDependency
) -> Response:
    """Change what is sent of one album."""
    expected = await replies.expected_version(request, handlers.album_reader, album_id)
    return replies.changed(
        request, await handlers.albums.update(album_id, data, expected_version=expected)
    )


@router.delete(
    "/{album_id}",
    status_code=204,
    openapi_extra=IF_MATCH,
    operation_id="delete_album",
    responses=problems(404, 409, 412, 422),
)
async def delete_album(
    request: Request, album_id: AlbumIdParameter, handlers: CatalogDependency
) -> Response:
    """Delete one album."""
    expected = await replies.expected_version(request, handlers.album_reader, album_id)
    return replies.deleted(
        request, await handlers.albums.delete(album_id, expected_version=expected)
    )
