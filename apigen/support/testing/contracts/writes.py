"""Writes over HTTP that meet another one: a version that is over, a race, a key used again.

They are sent as the program itself, which may do everything: who may do what is another contract.
"""

import asyncio
from typing import ClassVar

from ..api_client import ApiClient, assert_problem
from ..asking import Asking
from ..rows import Rows
from ..write_cases import Write, WriteCase

_KEY = {"idempotency-key": "a-key-of-the-test"}
_REPLAYED = "idempotency-replayed"
_LOST = frozenset((404, 409, 412))
"""What the loser of a race may be told: it is gone, in use, or not as it was."""


class WritesContract:
    """What every write keeps."""

    case: ClassVar[WriteCase]

    async def test_a_stale_version_is_refused(
        self, client: ApiClient, rows: Rows, stale: Write
    ) -> None:
        """412 when If-Match names another version; nothing changes."""
        asking = Asking(self.case, stale, rows)
        row = await asking.begin()
        before = await asking.stored()

        response = await asking.send(client, row, headers={"if-match": '"99"'})

        assert_problem(response, 412)
        assert await asking.stored() == before

    async def test_one_of_two_at_once_wins(
        self, client: ApiClient, rows: Rows, raced: Write
    ) -> None:
        """The other one is told so, and its change is not made."""
        asking = Asking(self.case, raced, rows)
        row = await asking.begin()
        assert self.case.entity is not None
        (name,) = self.case.entity.called("version")
        # What is to be restored has been deleted, which is a version of its own.
        version = int(str(row[name])) + (raced.operation == "restore")
        seen = {"if-match": f'"{version}"'}
        somebody = client.as_one()

        answers = await asyncio.gather(
            asking.send(somebody, row, headers=seen), asking.send(somebody, row, headers=seen)
        )

        won = [one for one in answers if one.is_success]
        (lost,) = [one for one in answers if not one.is_success]
        assert len(won) == 1
        assert lost.status_code in _LOST, lost.text
        if "etag" in won[0].headers:
            # Behind the version may stand a language.
            tag = won[0].headers["etag"].strip('"').partition(".")[0]
            assert tag == str(version + 1)
            assert won[0].json() in await asking.stored()

    async def test_the_same_key_has_one_effect(
        self, client: ApiClient, rows: Rows, repeated: Write
    ) -> None:
        """The second answer is the first one again, and nothing has changed once more."""
        asking = Asking(self.case, repeated, rows)
        row = await asking.begin(stores=repeated.is_for_a_row)
        # Keys are everybody's own.
        somebody = client.as_one()
        first = await asking.send(somebody, row, headers=_KEY)
        assert first.is_success, first.text
        after = await asking.stored()

        second = await asking.send(somebody, row, headers=_KEY)

        assert (second.status_code, second.content) == (first.status_code, first.content)
        assert _REPLAYED not in first.headers
        assert second.headers[_REPLAYED] == "true"
        assert await asking.stored() == after

    async def test_a_key_is_for_one_body(
        self, client: ApiClient, rows: Rows, reused: Write
    ) -> None:
        """422 when a key is sent with something else; what was sent first stays as it is."""
        asking = Asking(self.case, reused, rows)
        row = await asking.begin(stores=reused.is_for_a_row)
        # Keys are everybody's own.
        somebody = client.as_one()
        first = await asking.send(somebody, row, headers=_KEY)
        assert first.is_success, first.text
        await rows.resolved(reused.other or {})
        after = await asking.stored()

        second = await asking.send(somebody, row, body=reused.other, headers=_KEY)

        assert_problem(second, 422)
        assert second.json()["code"] == "idempotency_key_reused"
        assert await asking.stored() == after
