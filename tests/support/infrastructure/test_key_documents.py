"""Documents of keys are had from a server or a file, small and soon or not at all."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from apigen.support.infrastructure import jwks
from apigen.support.infrastructure.jwks import fetch_document

DOCUMENT = b'{"keys":[]}'
LARGEST = 262_144


@asynccontextmanager
async def answering(
    parts: Iterable[bytes], *, pause_s: float = 0
) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Serve one answer, part by part; yields its address, and what was asked for."""
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0])
        try:
            for part in parts:
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(pause_s)
        except ConnectionError:
            return
        finally:
            writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/jwks", asked


def head(status: str = "200 OK", *lines: str) -> bytes:
    """Return the head of an answer that ends with the connection."""
    return "\r\n".join((f"HTTP/1.1 {status}", "Connection: close", *lines, "", "")).encode()


@pytest.mark.criterion("R15.1")
async def test_a_document_comes_over_http() -> None:
    async with answering([head(), DOCUMENT[:4], DOCUMENT[4:]]) as (url, asked):
        assert await fetch_document(url) == DOCUMENT

    assert asked == [b"GET /jwks HTTP/1.1"]


@pytest.mark.parametrize(
    "answer",
    [
        head("404 Not Found"),
        head("500 Internal Server Error") + DOCUMENT,
        head("204 No Content"),
        head("302 Found", "Location: /elsewhere"),
        head("308 Permanent Redirect", "Location: file:///etc/passwd"),
        head("200 OK", "Content-Length: 100") + DOCUMENT,
        head("200 OK", "Content-Encoding: gzip") + DOCUMENT,
        b"SSH-2.0-OpenSSH\r\n",
        b"",
    ],
)
async def test_another_answer_is_none(answer: bytes) -> None:
    async with answering([answer]) as (url, asked):
        with pytest.raises(OSError, match=r"."):
            await fetch_document(url)

    assert len(asked) == 1


async def test_a_server_that_is_not_there_is_away() -> None:
    async with answering([]) as (url, _):
        pass

    with pytest.raises(OSError, match=r"."):
        await fetch_document(url)


async def test_a_document_without_an_end_is_not_waited_for() -> None:
    sent = 0

    def forever() -> Iterable[bytes]:
        nonlocal sent
        yield head()
        while True:
            sent += 65_536
            yield b" " * 65_536

    async with answering(forever()) as (url, _):
        with pytest.raises(ValueError, match="too large"):
            await fetch_document(url)

    # What the buffers of two sockets take is sent beyond what is read.
    assert sent < 100 * LARGEST


@pytest.mark.parametrize(("size", "is_taken"), [(LARGEST, True), (LARGEST + 1, False)])
async def test_a_document_has_a_size(size: int, is_taken: bool, tmp_path: Path) -> None:
    document = b" " * size
    (tmp_path / "jwks.json").write_bytes(document)

    async with answering([head(), document]) as (url, _):
        for address in (url, f"file:{tmp_path}/jwks.json"):
            if is_taken:
                assert await fetch_document(address) == document
                continue
            with pytest.raises(ValueError, match="too large"):
                await fetch_document(address)


async def test_a_server_that_takes_its_time_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jwks, "_TIMEOUT_S", 0.3)
    # Each byte comes before any wait for one is over.
    drops = [head(), *(bytes([one]) for one in DOCUMENT * 20)]

    async with answering(drops, pause_s=0.1) as (url, _):
        with pytest.raises(OSError, match=r"within 0\.3 s"):
            await fetch_document(url)


async def test_a_document_may_be_a_file(tmp_path: Path) -> None:
    (tmp_path / "jwks.json").write_bytes(DOCUMENT)

    assert await fetch_document(f"file:{tmp_path}/jwks.json") == DOCUMENT
    with pytest.raises(OSError, match="missing"):
        await fetch_document(f"file:{tmp_path}/missing.json")
