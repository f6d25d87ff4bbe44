"""One operation on one row: stores what a request needs, and sends it."""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

import httpx2

from ..core.json import Json, dumps
from .api_client import ApiClient
from .asked_cases import Asked, AskedCase
from .cases import Sample
from .rows import Rows

_CREATING = frozenset(("create", "bulk_create"))

type Shown = Mapping[str, Json]
"""A row as answers show it."""


class Asking:
    """One operation on one row."""

    def __init__(self, case: AskedCase, asked: Asked, rows: Rows) -> None:
        """Ask for a row of `case`, which `rows` stores."""
        self._case = case
        self._asked = asked
        self._rows = rows

    async def begin(self, *, stores: bool = True) -> Shown:
        """Store the row, deleted where it is to be restored, and return it.

        Without `stores`, only what it refers to: for what makes a row.
        """
        case = self._case
        if case.entity is None:
            return {}
        if not stores:
            await self._rows.resolved(self._asked.body or {})
            return await self._rows.resolved(case.row)
        made = case.entity.stored(dumps(await self._rows.resolved({**case.row, **self._asked.row})))
        row = await self._rows.put(case.entity, made)
        if self._asked.operation == "restore":
            await self._rows.remove(case.entity, made)
        # What a request refers to is stored before anybody compares.
        for values in (self._asked.body or {}, self._asked.query, self._asked.inputs):
            await self._rows.resolved(values)
        return row

    async def stored(self) -> list[dict[str, Json]]:
        """Return all rows of the kind."""
        entity = self._case.entity
        return [] if entity is None else await self._rows.all(entity)

    async def send(
        self,
        client: ApiClient,
        row: Shown,
        *,
        body: Mapping[str, Sample] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """Ask, with another body than that of the case if one is given."""
        said = self._asked.body if body is None else body
        sent = None if said is None else await self._rows.resolved(said)
        asked = await self._rows.resolved(self._asked.query)
        return await client.send(
            self._asked.method,
            await self.path(row),
            self._sent(row, sent),
            query=urlencode({name: _text(one) for name, one in asked.items() if one is not None}),
            headers=headers,
        )

    async def path(self, row: Shown) -> str:
        """Return the path that is asked for."""
        asked, under = self._asked, row
        if asked.operation in _CREATING:
            # A row that is to be made may be below another one than the row of the case.
            under = {**row, **await self._rows.resolved(asked.body or {})}
        inputs = await self._rows.resolved(asked.inputs)
        entity, key = self._case.entity, ""
        if entity is not None and "{id}" in asked.path:
            key = "/".join(_segment(row[name]) for name in entity.key)
        above = self._case.path.format_map({name: _segment(one) for name, one in under.items()})
        stated = {name: _segment(one) for name, one in inputs.items()}
        return above + asked.path.format_map({"id": key, **stated})

    def _sent(self, row: Shown, body: dict[str, Json] | None) -> Json:
        """Return the body as the operation takes it: bulk operations take a list."""
        match self._asked.operation:
            case "bulk_create":
                return [body]
            case "bulk_update":
                return [{"id": self._key(row), "changes": body}]
            case "bulk_delete":
                return {"ids": [self._key(row)]}
            case _:
                return body

    def _key(self, row: Shown) -> Json:
        """Return the key of the row as bulk operations take it."""
        assert self._case.entity is not None
        parts = [row[name] for name in self._case.entity.key]
        return parts[0] if len(parts) == 1 else parts


def _segment(value: Json) -> str:
    return quote(_text(value), safe="")


def _text(value: Json) -> str:
    """Return a value as an address has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
