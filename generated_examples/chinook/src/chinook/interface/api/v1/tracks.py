# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be asked of tracks over HTTP."""

from typing import Annotated

from fastapi import Path
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from chinook.application.catalog.dtos import (
    TrackCreate,
    TrackExpanded,
    TrackRead,
    TrackReplace,
    TrackUpdate,
)
from chinook.application.catalog.mappers import TRACK_READ
from chinook.application.catalog.queries import TRACKS
from chinook.domain.catalog.value_objects import TrackId
from chinook.interface.api.dependencies import CatalogDependency
from chinook.support.application.dtos import ApiResponse, CursorPage
from chinook.support.interface.bulk import BULK, BulkChange, BulkIds
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

router = ResourceRouter(prefix="/tracks", tags=["Tracks"])
replies = Replies(read=TRACK_READ, query=TRACKS, has_etag=True)
TrackIdParameter = Annotated[TrackId, Path(ge=-2147483648, le=2147483647)]


@router.get(
    "",
    response_model=CursorPage[TrackExpanded],
    openapi_extra=parameters_of_list(TRACKS),
    operation_id="list_tracks",
    responses=problems(422),
)
async def list_tracks(request: Request, handlers: CatalogDependency) -> Response:
    """List tracks."""
    return await replies.page(request, handlers.track_reader)


@router.post(
    "",
    status_code=201,
    response_model=TrackRead,
    operation_id="create_track",
    responses=answered(201, "Location", "ETag") | problems(409, 413, 415, 422),
)
async def create_track(
    request: Request, data: TrackCreate, handlers: CatalogDependency
) -> Response:
    """Create one track."""
    return replies.created(request, await handlers.tracks.create(data))


@router.get(
    "/count",
    response_model=Count,
    openapi_extra=parameters_of_count(TRACKS),
    operation_id="count_tracks",
    responses=problems(422),
)
async def count_tracks(request: Request, handlers: CatalogDependency) -> Response:
    """Count tracks."""
    return await replies.count(request, handlers.track_reader)


@router.get(
    "/export",
    response_class=StreamingResponse,
    openapi_extra=parameters_of_export(TRACKS, "csv", "json"),
    operation_id="export_tracks",
    responses=problems(422),
)
async def export_tracks(request: Request, handlers: CatalogDependency) -> Response:
    """Export tracks as a file."""
    return await replies.export(request, handlers.track_reader, ("csv", "json"))


@router.post(
    "/bulk",
    status_code=201,
    response_model=ApiResponse[list[TrackRead]],
    operation_id="bulk_create_tracks",
    responses=problems(404, 409, 413, 415, 422),
)
async def bulk_create_tracks(
    request: Request, data: Annotated[list[TrackCreate], BULK], handlers: CatalogDependency
) -> Response:
    """Create several tracks, all or none."""
    return replies.many(request, await handlers.tracks.create_many(data), status=201)


@router.patch(
    "/bulk",
    response_model=ApiResponse[list[TrackRead]],
    operation_id="bulk_update_tracks",
    responses=problems(404, 409, 413, 415, 422),
)
async def bulk_update_tracks(
    request: Request,
    data: Annotated[list[BulkChange[TrackId, TrackUpdate]], BULK],
    handlers: CatalogDependency,
) -> Response:
    """Change several tracks, all or none."""
    changes = [(item.id, item.changes) for item in data]
    return replies.many(request, await handlers.tracks.update_many(changes))


@router.post(
    "/bulk-delete",
    response_model=ApiResponse[list[TrackId]],
    operation_id="bulk_delete_tracks",
    responses=problems(404, 409, 413, 415, 422),
)
async def bulk_delete_tracks(
    request: Request, data: BulkIds[TrackId], handlers: CatalogDependency
) -> Response:
    """Delete several tracks, all or none."""
    return replies.many_deleted(request, await handlers.tracks.delete_many(data.ids))


@router.get(
    "/{track_id}",
    response_model=TrackExpanded,
    openapi_extra=parameters_of_one(TRACKS, has_etag=True),
    operation_id="get_track",
    responses=answered(200, "ETag") | answered(304, "ETag") | problems(404, 422),
)
async def get_track(
    request: Request, track_id: TrackIdParameter, handlers: CatalogDependency
) -> Response:
    """Read one track."""
    return await replies.one(request, handlers.track_reader, track_id)


@router.patch(
    "/{track_id}",
    response_model=TrackRead,
    openapi_extra=IF_MATCH,
    operation_id="update_track",
    responses=answered(200, "ETag") | problems(404, 409, 412, 413, 415, 422),
)
async def update_track(
    request: Request, track_id: TrackIdParameter, data: TrackUpdate, handlers: CatalogDependency
) -> Response:
    """Change what is sent of one track."""
    expected = await replies.expected_version(request, handlers.track_reader, track_id)
    return replies.changed(
        request, await handlers.tracks.update(track_id, data, expected_version=expected)
    )


@router.put(
    "/{track_id}",
    response_model=TrackRead,
    openapi_extra=IF_MATCH,
    operation_id="replace_track",
    responses=answered(200, "ETag") | problems(404, 409, 412, 413, 415, 422),
)
async def replace_track(
    request: Request, track_id: TrackIdParameter, data: TrackReplace, handlers: CatalogDependency
) -> Response:
    """Replace one track."""
    expected = await replies.expected_version(request, handlers.track_reader, track_id)
    return replies.changed(
        request, await handlers.tracks.update(track_id, data, expected_version=expected)
    )


@router.delete(
    "/{track_id}",
    status_code=204,
    openapi_extra=IF_MATCH,
    operation_id="delete_track",
    responses=problems(404, 409, 412, 422),
)
async def delete_track(
    request: Request, track_id: TrackIdParameter, handlers: CatalogDependency
) -> Response:
    """Delete one track."""
    expected = await replies.expected_version(request, handlers.track_reader, track_id)
    return replies.deleted(
        request, await handlers.tracks.delete(track_id, expected_version=expected)
    )
