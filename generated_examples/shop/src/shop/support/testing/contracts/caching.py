"""Resources whose answers are kept: given again without a query, never after a change."""

from typing import Any, ClassVar

import pytest

from ...infrastructure.reader import SqlResourceReader
from ..api_client import ApiClient
from ..cases import ResourceCase
from ..rows import Rows, same_key


class CachedContract:
    """GET of one row and of lists."""

    case: ClassVar[ResourceCase]

    async def test_answer_is_given_again_without_a_query(
        self, client: ApiClient, rows: Rows, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The same body and tag; clients are told to ask each time, and what they have is known."""
        row = await rows.stored(self.case.entity)
        paths = [self.case.item(row)] if "get" in self.case.operations else []
        if "list" in self.case.operations:
            paths.append(self.case.collection(row))
        fresh = [await client.get(path) for path in paths]
        monkeypatch.setattr(SqlResourceReader, "one", _unasked)
        monkeypatch.setattr(SqlResourceReader, "page", _unasked)

        for path, first in zip(paths, fresh, strict=True):
            again = await client.get(path)

            assert (again.status_code, again.content) == (200, first.content)
            assert "age" not in first.headers
            assert int(again.headers["age"]) >= 0
            assert "no-cache" in again.headers["cache-control"]
            tag = first.headers.get("etag")
            assert again.headers.get("etag") == tag
            if tag is not None:
                known = await client.get(path, headers={"if-none-match": tag})
                assert (known.status_code, known.content) == (304, b"")

    async def test_change_is_seen_at_once(self, client: ApiClient, rows: Rows) -> None:
        """By whoever asks after it is answered, of the row and of lists."""
        if not {"get", "update", "list"} <= self.case.operations or not self.case.entity.changes:
            return
        row = await rows.stored(self.case.entity)
        item, collection = self.case.item(row), self.case.collection(row)
        for path in (item, item, collection, collection):
            await client.get(path)
        name, value = next(iter(self.case.entity.changes.items()))

        changed = await client.send("PATCH", item, await rows.resolved({name: value}))

        assert changed.status_code == 200, changed.text
        assert (await client.get(item)).json() == changed.json()
        listed = (await client.get(collection)).json()["items"]
        assert changed.json() in listed

    async def test_deleted_row_is_gone_at_once(self, client: ApiClient, rows: Rows) -> None:
        """404, and lists without it."""
        if not {"get", "delete", "list"} <= self.case.operations:
            return
        row = await rows.stored(self.case.entity)
        item, collection = self.case.item(row), self.case.collection(row)
        for path in (item, collection):
            await client.get(path)

        assert (await client.send("DELETE", item)).status_code == 204

        assert (await client.get(item)).status_code == 404
        listed = (await client.get(collection)).json()["items"]
        assert not any(same_key(self.case.entity, one, row) for one in listed)


# Any: stands in for methods of any shape.
async def _unasked(*arguments: Any, **options: Any) -> Any:
    raise AssertionError("the database is asked for what is kept")
