"""Every storage keeps the promises of the port: a folder, memory and S3 alike.

There is no server here that speaks Azure's protocol: of that store is tested what it is made of,
and what it signs. Everything else of it is the same code on the same library.
"""

import hashlib
import os
import subprocess
import sys
import textwrap
import urllib.request
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from pydantic import SecretStr, ValidationError

from apigen.support.core.errors import (
    ConfigurationError,
    NotFoundError,
    ProblemError,
    StorageUnavailableError,
)
from apigen.support.core.file_settings import FileSettings
from apigen.support.infrastructure.file_links import SignedLinks, secret_in
from apigen.support.infrastructure.object_storage import ObjectStorage, file_storage
from tests.support.infrastructure.moto_s3 import s3_server

KEY = "product/image/0123"
LARGE = 12 * 1024 * 1024 + 17
"""Bytes: three parts of an upload."""


@pytest.fixture(scope="module")
def s3_url() -> Iterator[str]:
    with s3_server("shop-files") as url:
        yield url


@pytest.fixture(params=["local", "memory", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStorage:
    match request.param:
        case "local":
            return file_storage(FileSettings(folder=tmp_path / "files"))
        case "memory":
            return file_storage(FileSettings(storage="memory"))
        case _:
            return file_storage(s3_settings(request.getfixturevalue("s3_url")))


def s3_settings(url: str) -> FileSettings:
    return FileSettings(
        storage="s3",
        bucket="shop-files",
        endpoint=url,
        region="eu-central-1",
        link_ttl_s=60,
        access_key_id="someone",
        secret_access_key=SecretStr("something"),
    )


async def pieces(*contents: bytes) -> AsyncIterator[bytes]:
    for content in contents:
        yield content


async def large(size: int = LARGE) -> AsyncIterator[bytes]:
    while size > 0:
        yield b"x" * min(size, 65_536)
        size -= 65_536


async def keys(storage: ObjectStorage) -> list[str]:
    return [one.key async for found in storage.stored() for one in found]


async def read(storage: ObjectStorage, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([piece async for piece in await storage.read(KEY, start=start, end=end)])


def facts(content: bytes = b"abc") -> SimpleNamespace:
    return SimpleNamespace(
        name="tea.png",
        content_type="image/png",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        key=KEY,
    )


@pytest.mark.criterion("R35.3")
async def test_what_is_written_can_be_read(storage: ObjectStorage) -> None:
    await storage.write(KEY, pieces(b"abc", b"", b"def"), content_type="image/png")

    assert await read(storage) == b"abcdef"
    assert await read(storage, 2, 4) == b"cd"
    assert await read(storage, 4) == b"ef"
    assert await read(storage, 3, 3) == b""
    assert KEY in await keys(storage)
    await storage.delete(KEY)


@pytest.mark.criterion("R35.1")
def test_a_large_content_is_not_held_in_memory(tmp_path: Path) -> None:
    """A process that stores 200 MB never has 64 MB more than before, its libraries' included."""
    program = textwrap.dedent("""
        import asyncio, resource, sys
        from pathlib import Path
        from apigen.support.core.file_settings import FileSettings
        from apigen.support.infrastructure.object_storage import file_storage

        async def large():
            for _ in range(3200):
                yield b"x" * 65_536

        async def main():
            storage = file_storage(FileSettings(folder=Path(sys.argv[1])))
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            await storage.write("product/image/0123", large(), content_type="video/mp4")
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
            await storage.close()

        asyncio.run(main())
    """)

    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
    )

    assert (tmp_path / KEY).stat().st_size == 3200 * 65_536
    assert int(done.stdout) < 64 * 1024


async def test_a_large_content_comes_in_parts(storage: ObjectStorage) -> None:
    await storage.write(KEY, large(), content_type="video/mp4")

    assert len(await read(storage)) == LARGE
    await storage.delete(KEY)


@pytest.mark.parametrize("size", [10, LARGE])
async def test_half_a_content_is_none(storage: ObjectStorage, size: int) -> None:
    async def broken() -> AsyncIterator[bytes]:
        async for piece in large(size):
            yield piece
        raise ProblemError("file_too_large", 413, "too large")

    with pytest.raises(ProblemError) as refusal:
        await storage.write(KEY, broken(), content_type="video/mp4")

    assert refusal.value.status == 413
    assert KEY not in await keys(storage)


async def test_a_client_that_goes_is_told_as_such(storage: ObjectStorage) -> None:
    class ClientGone(Exception):
        pass

    async def broken() -> AsyncIterator[bytes]:
        yield b"abc"
        raise ClientGone

    with pytest.raises(ClientGone):
        await storage.write(KEY, broken(), content_type="video/mp4")

    assert KEY not in await keys(storage)


async def test_nothing_is_read_from_a_key_without_content(storage: ObjectStorage) -> None:
    with pytest.raises(NotFoundError):
        await storage.read("product/image/none")
    await storage.delete("product/image/none")


async def test_a_content_may_be_replaced(storage: ObjectStorage) -> None:
    await storage.write(KEY, pieces(b"abc"), content_type="image/png")
    await storage.write(KEY, pieces(b"de"), content_type="image/png")

    assert await read(storage) == b"de"
    assert (await keys(storage)).count(KEY) == 1
    await storage.delete(KEY)
    assert KEY not in await keys(storage)


@pytest.mark.criterion("R35.4")
async def test_s3_signs_links_that_end(s3_url: str) -> None:
    storage = file_storage(s3_settings(s3_url))
    await storage.write(KEY, pieces(b"abc"), content_type="image/png")

    link = (await storage.link(facts())).url

    asked = parse_qs(urlsplit(link).query)
    assert asked["X-Amz-Expires"] == ["60"]
    assert asked["X-Amz-Signature"]
    with urllib.request.urlopen(link, timeout=30) as answer:
        assert answer.read() == b"abc"
        assert answer.headers["content-type"] == "image/png"
    assert storage.opened("anything") is None


async def test_a_storage_that_does_not_answer_is_said_to(tmp_path: Path) -> None:
    (tmp_path / "product").write_bytes(b"a file where a folder has to be")
    storage = file_storage(FileSettings(folder=tmp_path))

    with pytest.raises(StorageUnavailableError):
        await storage.write(KEY, pieces(b"abc"), content_type="image/png")


@pytest.mark.criterion("R35.3")
async def test_azure_signs_links_of_its_container() -> None:
    storage = file_storage(
        FileSettings(
            storage="azure",
            bucket="shop-files",
            account="teashop",
            account_key=SecretStr("c29tZXRoaW5nIGxvbmcgZW5vdWdo"),
        )
    )

    link = urlsplit((await storage.link(facts())).url)

    assert link.scheme == "https"
    assert link.netloc == "teashop.blob.core.windows.net"
    assert link.path == f"/shop-files/{KEY}"
    assert parse_qs(link.query)["sig"]


@pytest.mark.parametrize(
    ("settings", "variable"),
    [
        ({"storage": "s3"}, "FILES__BUCKET"),
        ({"storage": "azure", "account": "teashop"}, "FILES__BUCKET"),
        ({"storage": "azure", "bucket": "shop-files"}, "FILES__ACCOUNT"),
    ],
)
def test_a_storage_that_is_nowhere_is_refused(settings: dict[str, str], variable: str) -> None:
    with pytest.raises(ConfigurationError, match=variable):
        file_storage(FileSettings.model_validate(settings))


@pytest.mark.parametrize("settings", [{"storage": "ftp"}, {"link_secret": "short"}, {"keep": "1"}])
def test_settings_that_mean_nothing_are_refused(settings: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        FileSettings.model_validate(settings)


class TestSignedLinks:
    """Links that a project serves itself."""

    now = datetime(2026, 1, 1, tzinfo=UTC)

    def links(self, secret: bytes = b"s" * 32) -> SignedLinks:
        return SignedLinks(secret, clock=lambda: self.now)

    def token(self) -> str:
        url = self.links().link(facts(), expires_at=self.now + timedelta(seconds=60))
        return parse_qs(urlsplit(url).query)["token"][0]

    @pytest.mark.criterion("R35.4")
    def test_a_link_says_what_its_answer_needs(self) -> None:
        file = self.links().opened(self.token())

        assert file is not None
        assert (file.key, file.name, file.content_type, file.size) == (
            KEY,
            "tea.png",
            "image/png",
            3,
        )

    def test_a_link_ends(self) -> None:
        token = self.token()
        self.now += timedelta(seconds=60)

        assert self.links().opened(token) is None

    def test_nobody_else_makes_links(self) -> None:
        assert self.links(b"t" * 32).opened(self.token()) is None

    def test_no_part_of_a_link_can_be_changed(self) -> None:
        token = self.token()

        for place in range(len(token)):
            other = "A" if token[place] != "A" else "B"
            assert self.links().opened(token[:place] + other + token[place + 1 :]) is None

    @pytest.mark.parametrize("token", ["", ".", "a.b", "é.é", "../../etc/passwd", "x" * 5000])
    def test_what_is_no_link_is_none(self, token: str) -> None:
        assert self.links().opened(token) is None


class TestSecretInFolder:
    """The secret of a project that was given none."""

    def test_it_stays(self, tmp_path: Path) -> None:
        folder = tmp_path / "new" / "files"

        assert secret_in(folder) == secret_in(folder)
        assert len(secret_in(folder)) == 32

    @pytest.mark.skipif(os.name == "nt", reason="files have no modes")
    def test_nobody_else_reads_it(self, tmp_path: Path) -> None:
        secret_in(tmp_path)

        (path,) = tmp_path.iterdir()
        assert path.stat().st_mode & 0o077 == 0

    async def test_it_is_no_file_of_the_storage(self, tmp_path: Path) -> None:
        storage = file_storage(FileSettings(folder=tmp_path))

        assert await keys(storage) == []
