"""Files over HTTP: uploaded, refused, fetched whole and in part, replaced, deleted.

They are sent as the program itself, which may do everything: who may do what is another contract.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from typing import ClassVar

import httpx2
import pytest

from ..api_client import ApiClient, assert_problem
from ..asked_cases import Asked
from ..asking import Asking, Shown
from ..file_cases import FileCase
from ..rows import Rows

_LARGEST = 64 * 1024 * 1024
"""Bytes: files that may be larger are not made too large by tests."""
_ROW = Asked(operation="get", method="GET", path="/{id}")
_FORM = "multipart/form-data; boundary=part"


class FilesContract:
    """What a file of a resource keeps."""

    case: ClassVar[FileCase]

    async def test_what_is_uploaded_can_be_fetched(self, client: ApiClient, rows: Rows) -> None:
        """As it was sent, whole or a part of it, by the row's readers and by a link."""
        file = await RowFile.of(self.case, client, rows)
        content = self.case.content
        # What was known of the row before is known no more.
        await file.assert_none()

        uploaded = await file.put(content, name="../a file")

        assert uploaded.status_code == 200, uploaded.text
        told = uploaded.json()
        assert told["name"] == "a file"
        assert told["content_type"] == self.case.content_type
        assert (told["size"], told["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
        if self.case.has_etag:
            assert uploaded.headers["etag"] == f'"{file.version + 1}"'
        assert (await file.fetch(told["url"])).content == content
        if not self.case.is_shown:
            return
        fetched = await file.get()
        assert (fetched.status_code, fetched.content) == (200, content)
        kind = fetched.headers["content-type"].partition(";")[0]
        assert kind == self.case.content_type
        assert fetched.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in fetched.headers["content-security-policy"]
        assert 'filename="a file"' in fetched.headers["content-disposition"]
        shown = (await client.get(file.row_path)).json()[self.case.field]
        assert shown["sha256"] == told["sha256"]
        linked = await client.get(f"{file.path}/link")
        assert (await file.fetch(linked.json()["url"])).content == content

    async def test_a_part_can_be_fetched(self, client: ApiClient, rows: Rows) -> None:
        """206 with what was asked for, 416 where there is nothing, 304 for who has it."""
        file = await RowFile.of(self.case, client, rows)
        content = self.case.content
        await file.put(content)
        if not self.case.is_shown:
            return
        tag = (await file.get()).headers["etag"]

        part = await file.get({"range": "bytes=1-3"})
        rest = await file.get({"range": "bytes=-2"})
        none = await file.get({"range": f"bytes={len(content)}-"})
        stale = await file.get({"range": "bytes=1-3", "if-range": '"another"'})
        known = await file.get({"if-none-match": tag})

        assert (part.status_code, part.content) == (206, content[1:4])
        assert part.headers["content-range"] == f"bytes 1-3/{len(content)}"
        assert rest.content == content[-2:]
        assert_problem(none, 416)
        assert (stale.status_code, stale.content) == (200, content)
        assert (known.status_code, known.content) == (304, b"")

    async def test_a_form_is_taken_too(self, client: ApiClient, rows: Rows) -> None:
        """As browsers send files: `multipart/form-data` with the part `file`."""
        file = await RowFile.of(self.case, client, rows)
        head = f"Content-Type: {self.case.content_type}\r\n\r\n".encode()
        form = (
            b'--part\r\nContent-Disposition: form-data; name="file"; filename="a file"\r\n'
            + head
            + self.case.content
            + b"\r\n--part--\r\n"
        )

        uploaded = await file.put(form, kind=_FORM)

        assert uploaded.status_code == 200, uploaded.text
        assert uploaded.json()["size"] == len(self.case.content)

    async def test_too_large_a_file_is_refused(self, client: ApiClient, rows: Rows) -> None:
        """413 as soon as it is; the row has no file."""
        if self.case.max_bytes > _LARGEST:
            pytest.skip("it may be too large to be made here")
        file = await RowFile.of(self.case, client, rows)

        refused = await file.put(_pieces(self.case.content, self.case.max_bytes + 1))

        assert_problem(refused, 413)
        await file.assert_none()

    async def test_another_type_is_refused(self, client: ApiClient, rows: Rows) -> None:
        """415 for a type that is not taken."""
        if not self.case.types:
            pytest.skip("any type is taken")
        file = await RowFile.of(self.case, client, rows)

        refused = await file.put(b"MZ", kind="application/x-msdownload")

        assert_problem(refused, 415)
        await file.assert_none()

    async def test_a_false_signature_is_refused(self, client: ApiClient, rows: Rows) -> None:
        """422 for a content that is not of the type it is declared to be."""
        if not self.case.is_signed:
            pytest.skip("files of this type have no signature")
        file = await RowFile.of(self.case, client, rows)

        refused = await file.put(b"\1\2\3\4 is something else")

        assert_problem(refused, 422)
        await file.assert_none()

    async def test_a_stale_version_is_refused(self, client: ApiClient, rows: Rows) -> None:
        """412 when If-Match names another version."""
        if not self.case.has_etag:
            pytest.skip("rows have no version that clients know")
        file = await RowFile.of(self.case, client, rows)

        refused = await file.put(self.case.content, headers={"if-match": '"99"'})

        assert_problem(refused, 412)
        await file.assert_none()

    async def test_one_of_two_at_once_wins(self, client: ApiClient, rows: Rows) -> None:
        """The row has the file of the upload that was told so."""
        if not self.case.has_etag:
            pytest.skip("rows have no version that clients know")
        file = await RowFile.of(self.case, client, rows)
        seen = {"if-match": f'"{file.version}"'}
        contents = (self.case.content, self.case.content + b"\n")

        answers = await asyncio.gather(*(file.put(one, headers=seen) for one in contents))

        (won,) = [one for one in answers if one.is_success]
        (lost,) = [one for one in answers if not one.is_success]
        assert_problem(lost, 412)
        assert (await file.fetch(won.json()["url"])).status_code == 200

    async def test_the_same_key_has_one_effect(self, client: ApiClient, rows: Rows) -> None:
        """The second answer is the first one again; another file with the key is refused."""
        if not self.case.is_idempotent:
            pytest.skip("keys mean nothing here")
        file = await RowFile.of(self.case, client.as_one(), rows)
        key = {"idempotency-key": "a-key-of-the-test"}
        if self.case.has_etag:
            key["if-match"] = f'"{file.version}"'
        first = await file.put(self.case.content, headers=key)

        second = await file.put(self.case.content, headers=key)
        other = await file.put(self.case.content + b"\n", headers=key)

        assert (second.status_code, second.content) == (200, first.content)
        assert second.headers["idempotency-replayed"] == "true"
        assert_problem(other, 422)
        assert (await file.fetch(first.json()["url"])).content == self.case.content

    async def test_a_file_that_is_replaced_is_gone(self, client: ApiClient, rows: Rows) -> None:
        """Its link leads to nothing, that of the new one to the new one."""
        file = await RowFile.of(self.case, client, rows)
        first = await file.put(self.case.content)

        second = await file.put(self.case.content + b"\n")

        assert (await file.fetch(first.json()["url"])).status_code == 404
        assert (await file.fetch(second.json()["url"])).content == self.case.content + b"\n"

    async def test_a_file_can_be_deleted(self, client: ApiClient, rows: Rows) -> None:
        """204, and 404 afterwards; its link leads to nothing."""
        file = await RowFile.of(self.case, client, rows)
        uploaded = await file.put(self.case.content)

        deleted = await client.send("DELETE", file.path)
        again = await client.send("DELETE", file.path)

        assert deleted.status_code == 204, deleted.text
        assert_problem(again, 404)
        assert (await file.fetch(uploaded.json()["url"])).status_code == 404
        await file.assert_none()

    async def test_files_go_with_their_row(self, client: ApiClient, rows: Rows) -> None:
        """When the row is deleted for good, so is its file."""
        if not self.case.is_gone:
            pytest.skip("rows are not deleted over HTTP, or may come back")
        file = await RowFile.of(self.case, client, rows)
        uploaded = await file.put(self.case.content)

        deleted = await client.send("DELETE", file.row_path)

        assert deleted.status_code == 204, deleted.text
        assert (await file.fetch(uploaded.json()["url"])).status_code == 404

    async def test_a_link_can_not_be_made_up(self, client: ApiClient, rows: Rows) -> None:
        """404 for a token that was changed, and for none at all."""
        file = await RowFile.of(self.case, client, rows)
        url = (await file.put(self.case.content)).json()["url"]

        changed = await file.fetch(url.replace("token=", "token=a"))
        none = await file.fetch(url.partition("?")[0])

        assert_problem(changed, 404)
        assert_problem(none, 404)

    async def test_a_row_that_is_not_there_has_no_file(self, client: ApiClient, rows: Rows) -> None:
        """404 whatever is asked of the file of a deleted row."""
        if not self.case.is_gone:
            pytest.skip("rows are not deleted over HTTP, or may come back")
        file = await RowFile.of(self.case, client, rows)
        await client.send("DELETE", file.row_path)

        assert_problem(await file.put(self.case.content), 404)
        assert_problem(await client.send("DELETE", file.path), 404)
        if self.case.is_shown:
            assert_problem(await file.get(), 404)


class RowFile:
    """The file of one stored row, there or not."""

    def __init__(self, case: FileCase, client: ApiClient, row: Shown, row_path: str) -> None:
        self._case = case
        self._client = client
        self._row = row
        self.row_path = row_path
        self.path = f"{row_path}/{case.segment}"

    @classmethod
    async def of(cls, case: FileCase, client: ApiClient, rows: Rows) -> "RowFile":
        """Store a row without a file."""
        row = await Asking(case, _ROW, rows).begin()
        return await cls.of_row(case, client, rows, row)

    @classmethod
    async def of_row(cls, case: FileCase, client: ApiClient, rows: Rows, row: Shown) -> "RowFile":
        """Return the file of a row that is stored."""
        return cls(case, client, row, await Asking(case, _ROW, rows).path(row))

    @property
    def version(self) -> int:
        """Version of the row as it was stored."""
        assert self._case.entity is not None
        (name,) = self._case.entity.called("version")
        return int(str(self._row[name]))

    async def put(
        self,
        content: bytes | AsyncIterator[bytes],
        *,
        kind: str = "",
        name: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """Upload a content."""
        named = {"content-disposition": f'attachment; filename="{name}"'} if name else {}
        sent = {"content-type": kind or self._case.content_type, **named, **(headers or {})}
        return await self._client.send_content("PUT", self.path, content, headers=sent)

    async def get(self, headers: Mapping[str, str] | None = None) -> httpx2.Response:
        """Fetch it as a reader of the row."""
        return await self._client.get(self.path, headers=headers)

    async def fetch(self, url: str) -> httpx2.Response:
        """Fetch what a link leads to, as nobody."""
        return await self._client.http.get(url)

    async def assert_none(self) -> None:
        """Assert that the row has no file."""
        if self._case.is_shown:
            assert_problem(await self.get(), 404)
            assert (await self._client.get(self.row_path)).json()[self._case.field] is None


async def _pieces(begin: bytes, size: int) -> AsyncIterator[bytes]:
    """Yield a content of this size in pieces, without saying how many bytes come."""
    yield begin[:size]
    size -= len(begin)
    while size > 0:
        yield b"\0" * min(size, 65_536)
        size -= 65_536
