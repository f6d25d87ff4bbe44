# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be asked of artists over HTTP."""

from typing import Annotated

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from chinook.application.catalog.dtos import ArtistCreate, ArtistExpanded, ArtistRead, ArtistUpdate
from chinook.application.catalog.mappers import ARTIST_READ
from chinook.application.catalog.queries import ARTISTS
from chinook.domain.catalog.value_objects import ArtistId
from chinook.interface.api.dependencies import CatalogDependency
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

router = ResourceRouter(prefix="/artists", tags=["Artists"])
replies = Replies(read=ARTIST_READ, query=ARTISTS, has_etag=True)
ArtistIdParameter = Annotated[ArtistId, Path(ge=-2147483648, le=2147483647)]


@router.get(
    "",
    response_model=PaginatedResponse[ArtistExpanded],
    openapi_extra=parameters_of_list(ARTISTS),
    operation_id="list_artists",
    responses=problems(422),
)
async def list_artists(request: Request, handlers: CatalogDependency) -> Response:
    """List artists."""
    return await replies.page(request, handlers.artist_reader)


@router.post(
    "",
    status_code=201,
    response_model=ArtistRead,
    operation_id="create_artist",
    responses=answered(201, "Location", "ETag") | problems(409, 413, 415, 422),
)
async def create_artist(
    request: Request, data: ArtistCreate, handlers: CatalogDependency
) -> Response:
    """Create one artist."""
    return replies.created(request, await handlers.artists.create(data))


@router.get(
    "/count",
    response_model=Count,
    openapi_extra=parameters_of_count(ARTISTS),
    operation_id="count_artists",
    responses=problems(422),
)
async def count_artists(request: Request, handlers: CatalogDependency) -> Response:
    """Count artists."""
    return await replies.count(request, handlers.artist_reader)


@router.get(
    "/export",
    response_class=StreamingResponse,
    openapi_extra=parameters_of_export(ARTISTS, "csv", "json"),
    operation_id="export_artists",
    responses=problems(422),
)
async def export_artists(request: Request, handlers: CatalogDependency) -> Response:
    """Export artists as a file."""
    return await replies.export(request, handlers.artist_reader, ("csv", "json"))


@router.get(
    "/{artist_id}",
    response_model=ArtistExpanded,
    openapi_extra=parameters_of_one(ARTISTS, has_etag=True),
    operation_id="get_artist",
    responses=answered(200, "ETag") | answered(304, "ETag") | problems(404, 422),
)
async def get_artist(
    request: Request, artist_id: ArtistIdParameter, handlers: CatalogDependency
) -> Response:
    """Read one artist."""
    return await replies.one(request, handlers.artist_reader, artist_id)


@router.patch(
    "/{artist_id}",
    response_model=ArtistRead,
    openapi_extra=IF_MATCH,
    operation_id="update_artist",
    responses=answered(200, "ETag") | problems(404, 409, 412, 413, 415, 422),
)
async def update_artist(
    request: Request, artist_id: ArtistIdParameter, data: ArtistUpdate, handlers: CatalogDependency
) -> Response:
    """Change what is sent of one artist."""
    expected = await replies.expected_version(request, handlers.artist_reader, artist_id)
    return replies.changed(
        request, await handlers.artists.update(artist_id, data, expected_version=expected)
    )


@router.delete(
    "/{artist_id}",
    status_code=204,
    openapi_extra=IF_MATCH,
    operation_id="delete_artist",
    responses=problems(404, 409, 412, 422),
)
async def delete_artist(
    request: Request, artist_id: ArtistIdParameter, handlers: CatalogDependency
) -> Response:
    """Delete one artist."""
    expected = await replies.expected_version(request, handlers.artist_reader, artist_id)
    return replies.deleted(
        request, await handlers.artists.delete(artist_id, expected_version=expected)
    )
