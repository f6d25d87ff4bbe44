"""Who may do what over HTTP: every operation for every caller, with a row of theirs and another.

What comes of it was worked out from the specification; nothing here knows a permission.
"""

from collections.abc import Mapping
from typing import ClassVar
from urllib.parse import quote

import httpx2

from ...core.json import Json, dumps
from ..access_cases import AccessCase, AccessRow, Caller
from ..api_client import ApiClient, assert_problem
from ..rows import Rows, shown
from ..tokens import Tokens

_REFUSALS = frozenset((401, 403, 404))
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

        Lists are open to all who may read anything, and do not have the row.
        """
        row = await self._stored(rows)
        before = await rows.read(self.case.resource.entity, row)

        for status, callers in operation.refused.items():
            for caller in callers:
                response = await self._ask(client, rows, tokens, operation, caller, row)
                assert_problem(response, status)
                if status == 401:
                    assert response.headers["www-authenticate"].startswith("Bearer")
                    junk = await self._ask(
                        client, rows, tokens, operation, caller, row, is_junk=True
                    )
                    assert_problem(junk, status)
        for caller in operation.unaware:
            response = await self._ask(client, rows, tokens, operation, caller, row)
            assert response.status_code == 200, f"{caller.label}: {response.text}"
            assert not self._has(response, row), caller.label

        assert await rows.read(self.case.resource.entity, row) == before

    async def test_whoever_may_is_let(
        self,
        client: ApiClient,
        rows: Rows,
        tokens: Tokens,
        permission: tuple[AccessRow, Caller],
    ) -> None:
        """Whatever comes of it, it is no refusal; lists have the row."""
        operation, caller = permission
        row = await self._stored(rows)
        if operation.operation == "restore":
            await client.send("DELETE", self.case.resource.item(row))

        response = await self._ask(client, rows, tokens, operation, caller, row)

        assert response.status_code not in _REFUSALS, response.text
        assert response.status_code < 500, response.text
        if operation.operation in ("list", "count"):
            assert self._has(response, row)

    async def _stored(self, rows: Rows) -> dict[str, Json]:
        entity = self.case.resource.entity
        made = self.case.make(dumps(await rows.resolved(self.case.row)))
        await rows.put(entity, made)
        return shown(entity, made)

    async def _ask(
        self,
        client: ApiClient,
        rows: Rows,
        tokens: Tokens,
        operation: AccessRow,
        caller: Caller,
        row: Mapping[str, Json],
        *,
        is_junk: bool = False,
    ) -> httpx2.Response:
        resource = self.case.resource
        key = "/".join(quote(str(row[name]), safe="") for name in resource.entity.key)
        path = resource.collection(row) + operation.path.replace("{id}", key)
        body = None if operation.body is None else await rows.resolved(operation.body)
        asking = client.without_token()
        if caller.subject:
            token = tokens.token(caller.subject, caller.roles, caller.claims)
            asking = client.with_token(token)
        if not is_junk:
            return await asking.send(operation.method, path, body)
        return await asking.send(
            operation.method, path, None if body is None else "junk", headers=_JUNK
        )

    def _has(self, response: httpx2.Response, row: Mapping[str, Json]) -> bool:
        body = response.json()
        if "items" not in body:
            return bool(body["count"])
        names = self.case.resource.entity.key
        return any(all(item[name] == row[name] for name in names) for item in body["items"])
