"""Who may do what over HTTP: every operation for every caller, with a row of theirs and another.

What comes of it was worked out from the specification; nothing here knows a permission.
"""

import csv
from collections.abc import Mapping
from typing import ClassVar

import httpx2

from ...core.json import Json
from ..access_cases import AccessCase, AccessRow, Caller
from ..api_client import ApiClient, assert_problem
from ..asking import Asking, Shown
from ..rows import Rows, assert_holds
from ..tokens import Tokens

_REFUSALS = frozenset((401, 403, 404))
_DELETING = frozenset(("delete", "bulk_delete"))
_JUNK = {"if-match": "junk", "idempotency-key": ""}
"""Headers that no write takes."""


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
        asking = Asking(self.case, operation, rows)
        row = await asking.begin()
        await self.prepare(client, rows, row)
        before = await asking.stored()

        for status, callers in operation.refused.items():
            for caller in callers:
                response = await asking.send(caller_client(client, tokens, caller), row)
                assert response.status_code == status, f"{caller.label}: {response.text}"
                assert_problem(response, status)
                if status == 401:
                    assert response.headers["www-authenticate"].startswith("Bearer")
                    await self._assert_refused_first(client, await asking.path(row), operation)
                assert await asking.stored() == before, caller.label
        for caller in operation.unaware:
            response = await asking.send(caller_client(client, tokens, caller), row)
            # What has only one row to show has none then.
            assert response.status_code in (200, 404), f"{caller.label}: {response.text}"
            assert not self._has(response, row, operation.embedded), caller.label

    async def test_whoever_may_is_let(
        self,
        client: ApiClient,
        rows: Rows,
        tokens: Tokens,
        permission: tuple[AccessRow, tuple[Caller, ...]],
    ) -> None:
        """Whatever comes of it, it is no refusal; lists have the row, and changes are made."""
        operation, callers = permission
        asking = Asking(self.case, operation, rows)
        row = await asking.begin()
        await self.prepare(client, rows, row)
        changed = await rows.resolved(operation.changed)
        assert not changed or not _is_changed(row, changed), "it would change nothing"

        for caller in callers:
            response = await asking.send(caller_client(client, tokens, caller), row)

            assert response.status_code not in _REFUSALS, f"{caller.label}: {response.text}"
            assert response.status_code < 500, f"{caller.label}: {response.text}"
            if operation.shows:
                assert self._has(response, row, operation.embedded), (
                    f"{caller.label}: {response.text}"
                )
            if changed:
                assert response.status_code == 200, f"{caller.label}: {response.text}"
            await self._assert_done(operation, rows, row, changed)

    async def prepare(self, client: ApiClient, rows: Rows, row: Shown) -> None:
        """Make what has to be there beside the row, as the program itself: nothing."""

    async def _assert_refused_first(
        self, client: ApiClient, path: str, operation: AccessRow
    ) -> None:
        """Assert that nobody is told what is wrong with a request before who asks is known."""
        junk = None if operation.body is None else "junk"
        response = await client.without_token().send(operation.method, path, junk, headers=_JUNK)
        assert_problem(response, 401)

    async def _assert_done(
        self, operation: AccessRow, rows: Rows, row: Shown, changed: Shown
    ) -> None:
        """Assert that the change is made, as far as it is known what it is."""
        entity = self.case.entity
        if entity is None or operation.is_reading:
            return
        found = await rows.read(entity, row)
        if changed:
            assert_holds(entity, found, changed)
        if operation.operation in _DELETING:
            assert found is None
        if operation.operation == "restore":
            assert found is not None

    def _has(self, response: httpx2.Response, row: Shown, embedded: str) -> bool:
        """Whether an answer shows the row, or counts it; or shows what is embedded in it."""
        if response.status_code == 404:
            return False
        if embedded:
            return response.json()["expanded"][embedded] is not None
        if response.headers["content-type"].startswith("text/csv"):
            return self._is_among(list(csv.DictReader(response.text.splitlines())), row)
        body = response.json()
        if isinstance(body, list):
            return self._is_among(body, row)
        for name in ("count", "exists"):
            if tuple(body) == (name,):
                return bool(body[name])
        # A row may have a field `items` too, as a page has.
        is_row = all(name in body for name in self._called)
        return self._is_among([body] if is_row else body["items"], row)

    @property
    def _called(self) -> tuple[str, ...]:
        """What answers call the parts of the key."""
        assert self.case.entity is not None
        return self.case.key or self.case.entity.key

    def _is_among(self, found: list[dict[str, Json]], row: Shown) -> bool:
        assert self.case.entity is not None
        names, called = self.case.entity.key, self._called
        return any(
            all(str(one[mine]) == str(row[name]) for mine, name in zip(called, names, strict=True))
            for one in found
        )


def caller_client(client: ApiClient, tokens: Tokens, caller: Caller) -> ApiClient:
    """Return a client that sends the token of somebody."""
    if not caller.subject:
        return client.without_token()
    return client.with_token(tokens.token(caller.subject, caller.roles, caller.claims))


def _is_changed(row: Shown, changed: Mapping[str, Json]) -> bool:
    return all(name in row and row[name] == value for name, value in changed.items())
