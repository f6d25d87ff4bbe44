# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be asked of playlists over HTTP."""

from typing import Annotated

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response

from chinook.application.catalog.dtos import (
    PlaylistCreate,
    PlaylistExpanded,
    PlaylistRead,
    PlaylistUpdate,
)
from chinook.application.catalog.mappers import PLAYLIST_READ
from chinook.application.catalog.queries import PLAYLISTS
from chinook.domain.catalog.value_objects import PlaylistId
from chinook.interface.api.dependencies import CatalogDependency
from chinook.support.application.dtos import PaginatedResponse
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

router = ResourceRouter(prefix="/playlists", tags=["Playlists"])
replies = Replies(read=PLAYLIST_READ, query=PLAYLISTS, has_etag=True)
PlaylistIdParameter = Annotated[PlaylistId, Path(ge=-2147483648, le=2147483647)]


@router.get(
    "",
    response_model=PaginatedResponse[PlaylistExpanded],
    openapi_extra=parameters_of_list(PLAYLISTS),
    operation_id="list_playlists",
    responses=problems(422),
)
async def list_playlists(request: Request, handlers: CatalogDependency) -> Response:
    """List playlists."""
    return await replies.page(request, handlers.playlist_reader)


@router.post(
    "",
    status_code=201,
    response_model=PlaylistRead,
    operation_id="create_playlist",
    responses=answered(201, "Location", "ETag") | problems(409, 413, 415, 422),
)
async def create_playlist(
    request: Request, data: PlaylistCreate, handlers: CatalogDependency
) -> Response:
    """Create one playlist."""
    return replies.created(request, await handlers.playlists.create(data))


@router.get(
    "/count",
    response_model=Count,
    openapi_extra=parameters_of_count(PLAYLISTS),
    operation_id="count_playlists",
    responses=problems(422),
)
async def count_playlists(request: Request, handlers: CatalogDependency) -> Response:
    """Count playlists."""
    return await replies.count(request, handlers.playlist_reader)


@router.get(
    "/{playlist_id}",
    response_model=PlaylistExpanded,
    openapi_extra=parameters_of_one(PLAYLISTS, has_etag=True),
    operation_id="get_playlist",
    responses=answered(200, "ETag") | answered(304, "ETag") | problems(404, 422),
)
async def get_playlist(
    request: Request, playlist_id: PlaylistIdParameter, handlers: CatalogDependency
) -> Response:
    """Read one playlist."""
    return await replies.one(request, handlers.playlist_reader, playlist_id)


@router.patch(
    "/{playlist_id}",
    response_model=PlaylistRead,
    openapi_extra=IF_MATCH,
    operation_id="update_playlist",
    responses=answered(200, "ETag") | problems(404, 409, 412, 413, 415, 422),
)
async def update_playlist(
    request: Request,
    playlist_id: PlaylistIdParameter,
    data: PlaylistUpdate,
    handlers: CatalogDependency,
) -> Response:
    """Change what is sent of one playlist."""
    expected = await replies.expected_version(request, handlers.playlist_reader, playlist_id)
    return replies.changed(
        request, await handlers.playlists.update(playlist_id, data, expected_version=expected)
    )


@router.delete(
    "/{playlist_id}",
    status_code=204,
    openapi_extra=IF_MATCH,
    operation_id="delete_playlist",
    responses=problems(404, 409, 412, 422),
)
async def delete_playlist(
    request: Request, playlist_id: PlaylistIdParameter, handlers: CatalogDependency
) -> Response:
    """Delete one playlist."""
    expected = await replies.expected_version(request, handlers.playlist_reader, playlist_id)
    return replies.deleted(
        request, await handlers.playlists.delete(playlist_id, expected_version=expected)
    )
