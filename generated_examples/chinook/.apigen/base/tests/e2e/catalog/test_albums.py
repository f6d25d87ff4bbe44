# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The resource of Album over HTTP."""

from chinook.support.testing.cases import Column, Expansion, Link, ResourceCase
from chinook.support.testing.contracts.bulk import BulkCreateContract
from chinook.support.testing.contracts.reading import CountContract, GetContract, ListContract
from chinook.support.testing.contracts.removal import DeleteContract
from chinook.support.testing.contracts.writing import CreateContract, UpdateContract
from tests.cases import catalog


class TestAlbums(
    ListContract,
    GetContract,
    CreateContract,
    UpdateContract,
    DeleteContract,
    BulkCreateContract,
    CountContract,
):
    """Every operation and its errors."""

    case = ResourceCase(
        entity=catalog.ALBUM,
        path="/api/v1/albums",
        operations=frozenset(("list", "get", "create", "update", "delete", "bulk_create", "count")),
        max_page_size=200,
        filters=(
            Column(name="id", kind="number", ops=("eq", "in")),
            Column(name="title", ops=("eq", "ne", "in", "contains", "startswith")),
            Column(name="artist_id", kind="number", ops=("eq", "in")),
            Column(
                name="created_at", kind="moment", ops=("eq", "ne", "in", "lt", "lte", "gt", "gte")
            ),
            Column(
                name="updated_at", kind="moment", ops=("eq", "ne", "in", "lt", "lte", "gt", "gte")
            ),
            Column(
                name="artist.name",
                steps=(("artist_id", "catalog.Artist"), ("name", "")),
                ops=("eq", "contains"),
            ),
        ),
        sorts=(
            Column(name="id", kind="number"),
            Column(name="title"),
            Column(name="created_at", kind="moment"),
            Column(name="updated_at", kind="moment"),
        ),
        search=("title",),
        expand=(
            Expansion(name="artist", field="artist_id", entity="catalog.Artist"),
            Expansion(name="tracks"),
        ),
        links=(Link(entity="catalog.Track", field="album_id", action="restrict"),),
    )
