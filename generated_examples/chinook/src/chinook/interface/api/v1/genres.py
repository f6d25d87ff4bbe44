# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be asked of genres over HTTP."""

from typing import Annotated

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response

from chinook.application.catalog.dtos import GenreCreate, GenreRead, GenreUpdate
from chinook.application.catalog.mappers import GENRE_READ
from chinook.application.catalog.queries import GENRES
from chinook.domain.catalog.value_objects import GenreId
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

router = ResourceRouter(prefix="/genres", tags=["Genres"])
replies = Replies(read=GENRE_READ, query=GENRES, has_etag=True)
GenreIdParameter = Annotated[GenreId, Path(ge=-2147483648, le=2147483647)]


@router.get(
    "",
    response_model=PaginatedResponse[GenreRead],
    openapi_extra=parameters_of_list(GENRES),
    operation_id="list_genres",
    responses=problems(422),
)
async def list_genres(request: Request, handlers: CatalogDependency) -> Response:
    """List genres."""
    return await replies.page(request, handlers.genre_reader)


@router.post(
    "",
    status_code=201,
    response_model=GenreRead,
    operation_id="create_genre",
    responses=answered(201, "Location", "ETag") | problems(409, 413, 415, 422),
)
async def create_genre(
    request: Request, data: GenreCreate, handlers: CatalogDependency
) -> Response:
    """Create one genre."""
    return replies.created(request, await handlers.genres.create(data))


@router.get(
    "/{genre_id}",
    response_model=GenreRead,
    openapi_extra=parameters_of_one(GENRES, has_etag=True),
    operation_id="get_genre",
    responses=answered(200, "ETag") | answered(304, "ETag") | problems(404, 422),
)
async def get_genre(
    request: Request, genre_id: GenreIdParameter, handlers: CatalogDependency
) -> Response:
    """Read one genre."""
    return await replies.one(request, handlers.genre_reader, genre_id)


@router.patch(
    "/{genre_id}",
    response_model=GenreRead,
    openapi_extra=IF_MATCH,
    operation_id="update_genre",
    responses=answered(200, "ETag") | problems(404, 409, 412, 413, 415, 422),
)
async def update_genre(
    request: Request, genre_id: GenreIdParameter, data: GenreUpdate, handlers: CatalogDependency
) -> Response:
    """Change what is sent of one genre."""
    expected = await replies.expected_version(request, handlers.genre_reader, genre_id)
    return replies.changed(
        request, await handlers.genres.update(genre_id, data, expected_version=expected)
    )


@router.delete(
    "/{genre_id}",
    status_code=204,
    openapi_extra=IF_MATCH,
    operation_id="delete_genre",
    responses=problems(404, 409, 412, 422),
)
async def delete_genre(
    request: Request, genre_id: GenreIdParameter, handlers: CatalogDependency
) -> Response:
    """Delete one genre."""
    expected = await replies.expected_version(request, handlers.genre_reader, genre_id)
    return replies.deleted(
        request, await handlers.genres.delete(genre_id, expected_version=expected)
    )
