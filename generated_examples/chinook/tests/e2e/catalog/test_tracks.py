# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The resource of Track over HTTP."""

from chinook.support.testing.cases import Column, Expansion, ResourceCase
from chinook.support.testing.contracts.bulk import (
    BulkCreateContract,
    BulkDeleteContract,
    BulkUpdateContract,
)
from chinook.support.testing.contracts.reading import (
    CountContract,
    ExportContract,
    GetContract,
    ListContract,
)
from chinook.support.testing.contracts.removal import DeleteContract
from chinook.support.testing.contracts.writing import (
    CreateContract,
    ReplaceContract,
    UpdateContract,
)
from tests.cases import catalog


class TestTracks(
    ListContract,
    GetContract,
    CreateContract,
    UpdateContract,
    ReplaceContract,
    DeleteContract,
    BulkCreateContract,
    BulkUpdateContract,
    BulkDeleteContract,
    CountContract,
    ExportContract,
):
    """Every operation and its errors."""

    case = ResourceCase(
        entity=catalog.TRACK,
        path="/api/v1/tracks",
        operations=frozenset(
            (
                "list",
                "get",
                "create",
                "update",
                "replace",
                "delete",
                "bulk_create",
                "bulk_update",
                "bulk_delete",
                "count",
                "export",
            )
        ),
        paging="cursor",
        max_page_size=200,
        filters=(
            Column(name="id", kind="number", ops=("eq", "in")),
            Column(name="name", ops=("eq", "ne", "in", "contains", "startswith")),
            Column(name="album_id", kind="number", ops=("eq", "in", "is_null")),
            Column(name="media_type_id", kind="number", ops=("eq", "in")),
            Column(name="genre_id", kind="number", ops=("eq", "in", "is_null")),
            Column(name="composer", ops=("eq", "ne", "in", "contains", "startswith", "is_null")),
            Column(
                name="milliseconds", kind="number", ops=("eq", "ne", "in", "lt", "lte", "gt", "gte")
            ),
            Column(
                name="bytes",
                kind="number",
                ops=("eq", "ne", "in", "lt", "lte", "gt", "gte", "is_null"),
            ),
            Column(
                name="unit_price", kind="number", ops=("eq", "ne", "in", "lt", "lte", "gt", "gte")
            ),
            Column(
                name="created_at", kind="moment", ops=("eq", "ne", "in", "lt", "lte", "gt", "gte")
            ),
            Column(
                name="updated_at", kind="moment", ops=("eq", "ne", "in", "lt", "lte", "gt", "gte")
            ),
            Column(
                name="genre.name",
                steps=(("genre_id", "catalog.Genre"), ("name", "")),
                ops=("eq", "in"),
            ),
            Column(
                name="album.artist_id",
                steps=(("album_id", "catalog.Album"), ("artist_id", "")),
                kind="number",
                ops=("eq",),
            ),
        ),
        sorts=(
            Column(name="id", kind="number"),
            Column(name="name"),
            Column(name="composer"),
            Column(name="milliseconds", kind="number"),
            Column(name="bytes", kind="number"),
            Column(name="unit_price", kind="number"),
            Column(name="created_at", kind="moment"),
            Column(name="updated_at", kind="moment"),
        ),
        search=("name", "composer"),
        expand=(
            Expansion(name="album", field="album_id", entity="catalog.Album"),
            Expansion(name="album.artist", field="album_id", entity="catalog.Album"),
            Expansion(name="genre", field="genre_id", entity="catalog.Genre"),
            Expansion(name="media_type", field="media_type_id", entity="catalog.MediaType"),
        ),
        export=("csv", "json"),
    )
