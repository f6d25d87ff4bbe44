# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The resource of Artist over HTTP."""

from chinook.support.testing.cases import Column, Expansion, Link, ResourceCase
from chinook.support.testing.contracts.reading import (
    CountContract,
    ExportContract,
    GetContract,
    ListContract,
)
from chinook.support.testing.contracts.removal import DeleteContract
from chinook.support.testing.contracts.writing import CreateContract, UpdateContract
from tests.cases import catalog


class TestArtists(
    ListContract,
    GetContract,
    CreateContract,
    UpdateContract,
    DeleteContract,
    CountContract,
    ExportContract,
):
    """Every operation and its errors."""

    case = ResourceCase(
        entity=catalog.ARTIST,
        path="/api/v1/artists",
        operations=frozenset(("list", "get", "create", "update", "delete", "count", "export")),
        max_page_size=200,
        filters=(
            Column(name="id", kind="number", ops=("eq", "in")),
            Column(name="name", ops=("eq", "ne", "in", "contains", "startswith")),
            Column(
                name="created_at", kind="moment", ops=("eq", "ne", "in", "lt", "lte", "gt", "gte")
            ),
            Column(
                name="updated_at", kind="moment", ops=("eq", "ne", "in", "lt", "lte", "gt", "gte")
            ),
        ),
        sorts=(
            Column(name="id", kind="number"),
            Column(name="name"),
            Column(name="created_at", kind="moment"),
            Column(name="updated_at", kind="moment"),
        ),
        search=("name",),
        expand=(Expansion(name="albums"),),
        export=("csv", "json"),
        links=(Link(entity="catalog.Album", field="artist_id", action="restrict"),),
    )
