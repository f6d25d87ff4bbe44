# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Between payloads and aggregates."""

from catalog.application.dtos import TrackCreate
from catalog.domain.aggregates import Track


def track_from_create(data: TrackCreate) -> Track:
    """Return a new track."""
    return Track(
        name=data.name,
        album_id=data.album_id,
        milliseconds=data.milliseconds,
        unit_price=data.unit_price,
    )


async def count_tracks(request: Request, handlers: CatalogDependency) -> Response:
    """Count tracks."""
    return await replies.count(request, handlers.track_reader)
