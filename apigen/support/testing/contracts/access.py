"""Who may do what over HTTP: every operation for every caller, with a row of theirs and another.

What comes of it was worked out from the specification; nothing here knows a permission.
"""

import csv
from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import quote, urlencode

import httpx2

from ...core.json import Json, dumps
from ..access_cases import AccessCase, AccessRow, Caller
from ..api_client import ApiClient, assert_problem
from ..rows import Rows, assert_holds
from ..tokens import Tokens

_REFUSALS = frozenset((401, 403, 404))
_CREATING = frozenset(("create", "bulk_create"))
_DELETING = frozenset(("delete", "bulk_delete"))
_JUNK = {"if-match": "junk", "idempotency-key": ""}
"""Headers that no write takes."""

type _Row = Mapping[str, Json]


class AccessContract:
    """The matrix of one resource."""

    case: ClassVar[AccessCase]

    async def test_others_are_refused(
        self, client: ApiClient, rows: Rows, tokens: Tokens, operation: AccessRow
    ) -> None:
        """401 without a token, 404 for a row that may not be read, 403 for all else.

        Who has no token is told that, and nothing of what is wrong with the rest.

        Lists are open to all who may read anything, and do not have the row. Nothing changes.
        """
        asking = _Asking(self.case, client, rows, tokens, operation)
        row = await asking.begin()
        before = await asking.stored()

        for status, callers in operation.refused.items():
            for caller in callers:
                response = await asking.send(caller, row)
                assert response.status_code == status, f"{caller.label}: {response.text}"
                assert_problem(response, status)
                if status == 401:
                    assert response.headers["www-authenticate"].startswith("Bearer")
                    assert_problem(await asking.send(caller, row, is_junk=True), status)
                assert await asking.stored() == before, caller.label
        for caller in operation.unaware:
            response = await asking.send(caller, row)
            # What has only one row to show has none then.
            assert response.status_code in (200, 404), f"{caller.label}: {response.text}"
            assert not asking.has(response, row), caller.label

    async def test_whoever_may_is_let(
        self,
        client: ApiClient,
        rows: Rows,
        tokens: Tokens,
        permission: tuple[AccessRow, tuple[Caller, ...]],
    ) -> None:
        """Whatever comes of it, it is no refusal; lists have the row, and changes are made."""
        operation, callers = permission
        asking = _Asking(self.case, client, rows, tokens, operation)
        row = await asking.begin()

        for caller in callers:
            response = await asking.send(caller, row)

            assert response.status_code not in _REFUSALS, f"{caller.label}: {response.text}"
            assert response.status_code < 500, f"{caller.label}: {response.text}"
            if operation.shows:
                assert asking.has(response, row), f"{caller.label}: {response.text}"
            await asking.assert_done(response, row)


class _Asking:
    """One operation on one row."""

    def __init__(
        self,
        case: AccessCase,
        client: ApiClient,
        rows: Rows,
        tokens: Tokens,
        operation: AccessRow,
    ) -> None:
        self._case = case
        self._client = client
        self._rows = rows
        self._tokens = tokens
        self._operation = operation

    async def begin(self) -> _Row:
        """Store the row, deleted where it is to be restored, and return it as answers show it."""
        case = self._case
        if case.entity is None or case.make is None:
            return {}
        made = case.make(dumps(await self._rows.resolved({**case.row, **self._operation.row})))
        row = await self._rows.put(case.entity, made)
        if self._operation.operation == "restore":
            await self._rows.remove(case.entity, made)
        elif self._operation.changed:
            changed = await self._rows.resolved(self._operation.changed)
            assert not _is_changed(row, changed), "the row has the change already"
        # What a request refers to is stored before anybody compares.
        await self._rows.resolved(self._operation.body or {})
        await self._rows.resolved(self._operation.query)
        await self._rows.resolved(self._operation.inputs)
        return row

    async def stored(self) -> list[dict[str, Json]]:
        """Return all rows of the kind."""
        entity = self._case.entity
        return [] if entity is None else await self._rows.all(entity)

    async def send(self, caller: Caller, row: _Row, *, is_junk: bool = False) -> httpx2.Response:
        """Ask as somebody; with `is_junk`, for the same with nothing in it that is right."""
        operation = self._operation
        body = None if operation.body is None else await self._rows.resolved(operation.body)
        under = {**row, **(body or {})} if operation.operation in _CREATING else row
        inputs = await self._rows.resolved(operation.inputs)
        path = self._case.path.format_map({name: _segment(one) for name, one in under.items()})
        path += operation.path.format_map(
            {"id": self._key(row), **{name: _segment(one) for name, one in inputs.items()}}
        )
        asked = await self._rows.resolved(operation.query)
        asking = self._client.without_token()
        if caller.subject:
            token = self._tokens.token(caller.subject, caller.roles, caller.claims)
            asking = self._client.with_token(token)
        if is_junk:
            junk = None if body is None else "junk"
            return await asking.send(operation.method, path, junk, headers=_JUNK)
        return await asking.send(
            operation.method,
            path,
            self._sent(row, body),
            query=urlencode({name: _text(one) for name, one in asked.items() if one is not None}),
        )

    def has(self, response: httpx2.Response, row: _Row) -> bool:
        """Whether an answer shows the row, or counts it."""
        if response.status_code == 404:
            return False
        if response.headers["content-type"].startswith("text/csv"):
            return self._is_among(list(csv.DictReader(response.text.splitlines())), row)
        body = response.json()
        if isinstance(body, list):
            return self._is_among(body, row)
        for name in ("count", "exists"):
            if tuple(body) == (name,):
                return bool(body[name])
        return self._is_among(body.get("items", [body]), row)

    async def assert_done(self, response: httpx2.Response, row: _Row) -> None:
        """Assert that the change is made, as far as it is known what it is."""
        operation, entity = self._operation, self._case.entity
        if entity is None:
            return
        if operation.changed:
            changed = await self._rows.resolved(operation.changed)
            assert response.status_code == 200, response.text
            assert_holds(entity, await self._rows.read(entity, row), changed)
        if operation.operation in _DELETING:
            assert await self._rows.read(entity, row) is None
        if operation.operation == "restore":
            assert await self._rows.read(entity, row) is not None

    def _key(self, row: _Row) -> str:
        entity = self._case.entity
        return "" if entity is None else "/".join(_segment(row[name]) for name in entity.key)

    def _sent(self, row: _Row, body: dict[str, Json] | None) -> Json:
        """Return the body as the operation takes it: bulk operations take a list."""
        entity = self._case.entity
        parts = [] if entity is None else [row[name] for name in entity.key]
        key = parts[0] if len(parts) == 1 else parts
        match self._operation.operation:
            case "bulk_create":
                return [body]
            case "bulk_update":
                return [{"id": key, "changes": body}]
            case "bulk_delete":
                return {"ids": [key]}
            case _:
                return body

    def _is_among(self, found: list[dict[str, Json]], row: _Row) -> bool:
        assert self._case.entity is not None
        names = self._case.entity.key
        called = self._case.key or names
        return any(
            all(str(one[mine]) == str(row[name]) for mine, name in zip(called, names, strict=True))
            for one in found
        )


def _is_changed(row: _Row, changed: _Row) -> bool:
    return all(name in row and row[name] == value for name, value in changed.items())


def _segment(value: Json) -> str:
    return quote(_text(value), safe="")


def _text(value: Json) -> str:
    """Return a value as an address has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
