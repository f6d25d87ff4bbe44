# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The resource of Genre over HTTP."""

from chinook.support.testing.cases import Column, Link, ResourceCase
from chinook.support.testing.contracts.reading import GetContract, ListContract
from chinook.support.testing.contracts.removal import DeleteContract
from chinook.support.testing.contracts.writing import CreateContract, UpdateContract
from tests.cases import catalog


class TestGenres(
    ListContract,
    GetContract,
    CreateContract,
    UpdateContract,
    DeleteContract,
):
    """Every operation and its errors."""

    case = ResourceCase(
        entity=catalog.GENRE,
        path="/api/v1/genres",
        operations=frozenset(("list", "get", "create", "update", "delete")),
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
        links=(Link(entity="catalog.Track", field="genre_id", action="restrict"),),
    )
