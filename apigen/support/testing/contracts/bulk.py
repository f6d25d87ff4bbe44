"""Bulk operations over HTTP: what single ones do, for all rows or for none."""

from typing import ClassVar

from ...core.json import Json
from ..api_client import ApiClient, assert_problem
from ..cases import ResourceCase
from ..rows import Rows, assert_holds
from .reading import store_all
from .writing import absent


class BulkCreateContract:
    """POST …/bulk."""

    case: ClassVar[ResourceCase]

    async def test_all_are_created(self, client: ApiClient, rows: Rows) -> None:
        """201 with every row, in the order of the request."""
        entity = self.case.entity
        sent = [await rows.payload(entity, n) for n in range(len(entity.samples))]
        path = f"{self.case.collection(sent[0])}/bulk"

        response = await client.post(path, list(sent))

        assert response.status_code == 201, response.text
        made = response.json()["data"]
        assert len(made) == len(sent)
        for body, payload in zip(made, sent, strict=True):
            assert_holds(entity, body, payload)
        assert len(await rows.all(entity)) == len(sent)

    async def test_one_wrong_row_undoes_all(self, client: ApiClient, rows: Rows) -> None:
        """422 that names the row; none is stored."""
        good = await rows.payload(self.case.entity)
        path = f"{self.case.collection(good)}/bulk"

        response = await client.post(path, [good, {**good, "no_such_field": 1}])

        assert_problem(response, 422)
        assert await rows.all(self.case.entity) == []

    async def test_clash_undoes_all(self, client: ApiClient, rows: Rows) -> None:
        """409 when a row clashes with one that is stored; none is stored."""
        if not self.case.entity.unique:
            return
        stored = await rows.stored(self.case.entity, 0)
        clash = await rows.payload(self.case.entity, 0)
        other = await rows.payload(self.case.entity, 1)

        response = await client.post(f"{self.case.collection(clash)}/bulk", [other, clash])

        assert_problem(response, 409)
        assert await rows.all(self.case.entity) == [stored]


class BulkUpdateContract:
    """PATCH …/bulk."""

    case: ClassVar[ResourceCase]

    async def test_all_are_changed(self, client: ApiClient, rows: Rows) -> None:
        """200 with every row; each has its change and nothing else."""
        entity = self.case.entity
        name, value = next(iter(entity.changes.items()))
        change = await rows.resolved({name: value})
        row = await rows.stored(entity, 0)
        sent: list[Json] = [{"id": key_of(self.case, row), "changes": dict(change)}]

        response = await client.send("PATCH", f"{self.case.collection(row)}/bulk", sent)

        assert response.status_code == 200, response.text
        assert_holds(entity, response.json()["data"][0], change)
        assert_holds(entity, await rows.read(entity, row), change)

    async def test_one_absent_row_undoes_all(self, client: ApiClient, rows: Rows) -> None:
        """404; the other rows stay as they were."""
        entity = self.case.entity
        name, value = next(iter(entity.changes.items()))
        change = await rows.resolved({name: value})
        row = await rows.stored(entity, 0)
        missing = key_of(self.case, await absent(self.case, rows))
        sent: list[Json] = [
            {"id": key_of(self.case, row), "changes": dict(change)},
            {"id": missing, "changes": {}},
        ]

        response = await client.send("PATCH", f"{self.case.collection(row)}/bulk", sent)

        assert_problem(response, 404)
        assert await rows.read(entity, row) == row


class BulkDeleteContract:
    """POST …/bulk-delete."""

    case: ClassVar[ResourceCase]

    async def test_all_are_deleted(self, client: ApiClient, rows: Rows) -> None:
        """200 with the keys; the rows are gone."""
        stored = await store_all(self.case, rows)
        keys = [key_of(self.case, row) for row in stored]
        path = f"{self.case.collection(stored[0])}/bulk-delete"

        response = await client.post(path, {"ids": keys})

        assert response.status_code == 200, response.text
        assert response.json()["data"] == keys
        assert await rows.all(self.case.entity) == []

    async def test_one_absent_row_undoes_all(self, client: ApiClient, rows: Rows) -> None:
        """404; no row is deleted."""
        row = await rows.stored(self.case.entity, 0)
        missing = key_of(self.case, await absent(self.case, rows))
        path = f"{self.case.collection(row)}/bulk-delete"

        response = await client.post(path, {"ids": [key_of(self.case, row), missing]})

        assert_problem(response, 404)
        assert await rows.all(self.case.entity) == [row]


def key_of(case: ResourceCase, row: dict[str, Json]) -> Json:
    """Return a row's key as bulk operations take it: an array when it has several parts."""
    if len(case.entity.key) == 1:
        return row[case.entity.key[0]]
    return [row[name] for name in case.entity.key]
