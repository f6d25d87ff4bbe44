"""Answers are compressed as clients like it, and mean the same as before."""

import asyncio
import base64
import gzip
import hashlib
import sys
import types
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from threading import get_ident
from typing import Any

import brotli
import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from apigen.support.core.errors import ConfigurationError
from apigen.support.interface.brotli_encoder import BrotliEncoder
from apigen.support.interface.compression import COMPRESSION, UNCOMPRESSED, Compression
from apigen.support.interface.compression_dictionary import CompressionDictionary
from apigen.support.interface.content_codings import Encoder, accepted, chosen
from apigen.support.interface.gzip_encoder import GzipEncoder
from apigen.support.interface.routing import ResourceRouter
from apigen.support.interface.zstd_encoder import ZstdEncoder, zstd
from tests.support.interface.notes import Note, Shelf, note_app

ENCODERS: tuple[Encoder, ...] = (ZstdEncoder(), BrotliEncoder(), GzipEncoder())
ALL = Compression(encoders=ENCODERS, threshold_bytes=100)
LONG = b'{"text": "' + b"all the same, " * 500 + b'"}'
VAST = b"[" + b",".join(b'{"number": %d}' % number for number in range(40_000)) + b"]"
DECODE = {
    "zstd": zstd.decompress,
    "br": brotli.decompress,
    "gzip": gzip.decompress,
}

router = ResourceRouter(prefix="/things", tags=["Things"])
plain = ResourceRouter(prefix="/secrets", tags=["Secrets"], marks={COMPRESSION: UNCOMPRESSED})


@router.get("/long")
async def long() -> Response:
    """Answer with much."""
    return Response(LONG, media_type="application/json", headers={"ETag": '"7"'})


@router.get("/vast")
async def vast() -> Response:
    """Answer with so much that a thread compresses it."""
    return Response(VAST, media_type="application/json")


@router.get("/weak")
async def weak() -> Response:
    """Answer with a tag that promises no bytes."""
    return Response(LONG, media_type="application/json", headers={"ETag": 'W/"7"'})


@router.get("/known")
async def known(request: Request) -> Response:
    """Answer that nothing has changed."""
    return Response(status_code=304, headers={"ETag": '"7"'})


@router.get("/image")
async def image() -> Response:
    """Answer with what is compressed by nature."""
    return Response(LONG, media_type="image/png")


@router.get("/coded")
async def coded() -> Response:
    """Answer with what somebody has compressed."""
    body = gzip.compress(LONG, mtime=0)
    return Response(body, media_type="text/csv", headers={"Content-Encoding": "gzip"})


@router.get("/whole")
async def whole() -> Response:
    """Answer with what nobody may touch."""
    headers = {"Cache-Control": "private, no-transform"}
    return Response(LONG, media_type="text/csv", headers=headers)


@router.get("/pieces")
async def pieces() -> StreamingResponse:
    """Answer piece by piece."""

    async def rows() -> AsyncIterator[bytes]:
        for number in range(50):
            yield b"row %d of a file\n" % number

    return StreamingResponse(rows(), media_type="text/csv")


@router.get("/nothing", status_code=204)
async def nothing() -> Response:
    """Answer with nothing."""
    return Response(status_code=204)


@plain.get("/long")
async def secret() -> Response:
    """Answer with much, as it is."""
    return Response(LONG, media_type="application/json")


async def ask(
    path: str,
    accept: str | None = "zstd, br, gzip",
    *,
    compression: Compression | None = ALL,
    method: str = "GET",
    headers: dict[str, str] | None = None,
) -> "Raw":
    """Send a request and return the answer as it went over the wire."""
    app = note_app(Shelf(), compression=compression, routers=(router, plain))
    return await _asked(app, path, accept, method=method, headers=headers)


async def _asked(
    app: Any,
    path: str,
    accept: str | None,
    *,
    method: str = "GET",
    headers: dict[str, str] | None = None,
) -> "Raw":
    sent = {**({} if accept is None else {"accept-encoding": accept}), **(headers or {})}
    scope: dict[str, Any] = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "server": ("test", 80),
        "client": ("127.0.0.1", 1),
        "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
    }
    raw = Raw()

    sent_already: list[bool] = []

    async def receive() -> dict[str, Any]:
        if sent_already:
            # Nobody goes away: who streams an answer waits for that.
            await asyncio.Event().wait()
        sent_already.append(True)
        return {"type": "http.request", "body": b"", "more_body": False}

    await app(scope, receive, raw.send)
    return raw


class Raw:
    """An answer as it was sent."""

    def __init__(self) -> None:
        self.status = 0
        self.pairs: list[tuple[str, str]] = []
        self.pieces: list[bytes] = []

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.pairs = [(name.decode(), value.decode()) for name, value in message["headers"]]
        else:
            self.pieces.append(message.get("body", b""))

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers; of one that is there twice, both."""
        return {
            name: ", ".join(value for other, value in self.pairs if other == name)
            for name, _ in self.pairs
        }

    @property
    def body(self) -> bytes:
        return b"".join(self.pieces)


@pytest.mark.parametrize(
    "coding",
    [
        pytest.param("gzip", marks=pytest.mark.criterion("R31.1")),
        pytest.param("br", marks=pytest.mark.criterion("R31.2")),
        pytest.param(
            "zstd", marks=[pytest.mark.criterion("R55.1"), pytest.mark.criterion("R102.4")]
        ),
    ],
)
@pytest.mark.parametrize(("path", "body"), [("long", LONG), ("vast", VAST)])
async def test_an_answer_is_compressed_as_its_client_likes(
    coding: str, path: str, body: bytes
) -> None:
    answer = await ask(f"/api/v1/things/{path}", coding)

    assert answer.status == 200
    assert answer.headers["content-encoding"] == coding
    assert answer.headers["content-length"] == str(len(answer.body))
    assert len(answer.body) < len(body) / 3
    assert DECODE[coding](answer.body) == body


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("gzip, br, zstd", "zstd"),
        ("gzip;q=1.0, zstd;q=0.5", "gzip"),
        ("gzip;q=0.5, br;q=0.501", "br"),
        ("zstd;q=0, *", "br"),
        ("*", "zstd"),
        ("*;q=0.1, gzip;q=0.2", "gzip"),
        ("X-GZIP", "gzip"),
        ("identity;q=0, gzip;q=0.01", "gzip"),
        ("identity, gzip;q=0.5", None),
        ("identity;q=0.5, gzip;q=0.4", None),
        ("identity;q=0.5, gzip;q=0.5", "gzip"),
        ("deflate, compress", None),
        ("gzip;q=0", None),
        ("*;q=0", None),
        ("", None),
        ("gzip;q=2", None),
        ("gzip;q=one, br", "br"),
        ("gzip; q=0.5 , br ;q=0.4", "gzip"),
        (None, None),
    ],
)
async def test_weights_decide_and_then_the_order_of_the_offer(
    accept: str | None, expected: str | None
) -> None:
    answer = await ask("/api/v1/things/long", accept)

    assert answer.headers.get("content-encoding") == expected
    assert answer.headers["vary"] == "Accept-Encoding"
    assert expected is not None or answer.body == LONG


@given(st.text(alphabet=st.characters(max_codepoint=255), max_size=300))
def test_any_header_is_understood_somehow(header: str) -> None:
    encoder, _ = chosen(header.encode("latin-1"), ENCODERS)

    assert encoder is None or accepted(header.encode("latin-1"))


@pytest.mark.criterion("R31.3")
async def test_a_short_answer_is_sent_as_it_is() -> None:
    long = Compression(encoders=ENCODERS, threshold_bytes=len(LONG) + 1)
    just = Compression(encoders=ENCODERS, threshold_bytes=len(LONG))

    short = await ask("/api/v1/things/long", compression=long)
    enough = await ask("/api/v1/things/long", compression=just)
    forced = await ask("/api/v1/things/long", "gzip, identity;q=0", compression=long)

    assert "content-encoding" not in short.headers
    assert short.headers["etag"] == '"7"'
    assert enough.headers["content-encoding"] == "zstd"
    assert forced.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize("path", ["image", "coded", "whole", "nothing"])
async def test_what_is_compressed_or_may_not_be_touched_stays(path: str) -> None:
    plainly = await ask(f"/api/v1/things/{path}", None)
    answer = await ask(f"/api/v1/things/{path}")

    assert answer.body == plainly.body
    assert answer.headers.get("content-encoding") == plainly.headers.get("content-encoding")
    assert answer.headers.get("content-length") == plainly.headers.get("content-length")


async def test_a_client_that_refuses_plain_answers_gets_images_compressed_too() -> None:
    answer = await ask("/api/v1/things/image", "gzip, *;q=0")

    assert gzip.decompress(answer.body) == LONG


@pytest.mark.parametrize("coding", ["zstd", "br", "gzip"])
async def test_pieces_are_flushed_as_they_come(coding: str) -> None:
    answer = await ask("/api/v1/things/pieces", coding)

    assert answer.headers["content-encoding"] == coding
    assert "content-length" not in answer.headers
    assert len(answer.pieces) > 50
    assert DECODE[coding](answer.body).endswith(b"row 49 of a file\n")
    decoder: Any
    match coding:
        case "zstd":
            decoder = zstd.ZstdDecompressor().decompress
        case "br":
            decoder = brotli.Decompressor().process
        case _:
            decoder = zlib.decompressobj(31).decompress
    # The first piece can be read before the second is there.
    assert decoder(answer.pieces[0]) == b"row 0 of a file\n"


async def test_each_form_has_a_tag_of_its_own() -> None:
    answers = {
        coding: (await ask("/api/v1/things/long", coding)).headers["etag"]
        for coding in ("zstd", "br", "gzip", "identity")
    }

    assert answers == {
        "zstd": '"7-zstd"',
        "br": '"7-br"',
        "gzip": '"7-gzip"',
        "identity": '"7"',
    }
    assert (await ask("/api/v1/things/weak")).headers["etag"] == 'W/"7"'


async def test_not_modified_names_the_form_that_the_client_has() -> None:
    compressed = {"if-none-match": '"7-br"'}

    kept = await ask("/api/v1/things/known", "br", headers=compressed)
    plainly = await ask("/api/v1/things/known", "br", headers={"if-none-match": '"7"'})

    assert kept.status == plainly.status == 304
    assert kept.headers["etag"] == '"7-br"'
    assert plainly.headers["etag"] == '"7"'
    assert kept.headers["vary"] == "Accept-Encoding"
    assert kept.body == b""


async def test_tags_of_compressed_answers_come_back_as_versions() -> None:
    shelf = Shelf()
    note = Note(text="tea")
    note.version = 3
    shelf.notes[note.id] = note
    transport = httpx2.ASGITransport(note_app(shelf, compression=ALL))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        path = f"/api/v1/notes/{note.id}"

        read = await client.get(path, headers={"If-None-Match": '"3-gzip"'})
        stale = await client.patch(path, json={"text": "a"}, headers={"If-Match": '"2-gzip"'})
        strange = await client.patch(path, json={"text": "a"}, headers={"If-Match": '"3-lzma"'})
        current = await client.patch(path, json={"text": "b"}, headers={"If-Match": '"3-gzip"'})

    assert read.status_code == 304
    assert stale.status_code == 412
    assert strange.status_code == 412
    assert current.status_code == 200


async def test_head_is_told_what_get_would_be() -> None:
    got = await ask("/openapi.json", "gzip")
    told = await ask("/openapi.json", "gzip", method="HEAD")

    assert got.headers["content-encoding"] == "gzip"
    assert told.headers["content-encoding"] == "gzip"
    assert told.headers["content-length"] == got.headers["content-length"]


async def test_problems_are_compressed_too_and_keep_their_id() -> None:
    answer = await ask("/api/v1/nowhere", "gzip")

    assert answer.status == 404
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["x-request-id"].encode() in gzip.decompress(answer.body)


async def test_a_body_that_is_too_large_is_refused_in_the_clients_coding() -> None:
    app = note_app(Shelf(), compression=ALL)
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.post(
            "/api/v1/notes", json={"text": "a" * 1000}, headers={"Accept-Encoding": "gzip"}
        )

    assert answer.status_code == 413
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.json()["code"] == "content_too_large"


async def test_a_resource_may_be_left_alone() -> None:
    answer = await ask("/api/v1/secrets/long")

    assert answer.body == LONG
    assert "content-encoding" not in answer.headers


async def test_without_compression_nothing_is_said_of_it() -> None:
    answer = await ask("/api/v1/things/long", compression=None)

    assert answer.body == LONG
    assert "vary" not in answer.headers


async def test_long_bodies_do_not_stop_the_loop() -> None:
    threads: dict[int, int] = {}

    class Watched(GzipEncoder):
        def compress(self, body: bytes) -> bytes:
            threads[len(body)] = get_ident()
            return super().compress(body)

    watched = Compression(encoders=(Watched(),))

    await ask("/api/v1/things/long", "gzip", compression=watched)
    await ask("/api/v1/things/vast", "gzip", compression=watched)

    assert threads[len(LONG)] == get_ident()
    assert threads[len(VAST)] != get_ident()


@pytest.mark.criterion("R31.4")
def test_levels_trade_time_for_size() -> None:
    for fast, small in (
        (GzipEncoder(level=1), GzipEncoder(level=9)),
        (BrotliEncoder(level=0), BrotliEncoder(level=11)),
    ):
        assert len(small.compress(VAST)) < len(fast.compress(VAST))
        assert small.inline_bytes < fast.inline_bytes


@pytest.mark.criterion("R55.2")
@pytest.mark.parametrize("level", range(1, 23))
def test_zstandard_has_22_levels_whose_windows_every_client_has(level: int) -> None:
    encoder = ZstdEncoder(level=level)
    narrow = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: 23})
    encoding = encoder.encoding()

    assert zstd.decompress(encoder.compress(LONG)) == LONG
    assert narrow.decompress(encoding.write(LONG) + encoding.end()) == LONG


@pytest.mark.criterion("R55.4")
def test_python_3_14_has_zstandard_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    native = types.ModuleType("compression")
    native.zstd = types.SimpleNamespace(ZstdCompressor=object)  # type: ignore[attr-defined]
    source = Path(sys.modules[ZstdEncoder.__module__].__file__ or "").read_text()
    monkeypatch.setitem(sys.modules, "compression", native)
    monkeypatch.setattr(sys, "version_info", (3, 14, 0))
    names: dict[str, Any] = {"__name__": "zstd_of_3_14"}
    monkeypatch.setitem(sys.modules, "zstd_of_3_14", types.ModuleType("zstd_of_3_14"))

    exec(compile(source, "zstd_encoder.py", "exec"), names)

    assert names["zstd"] is native.zstd


class TestDictionary:
    """What answers have in common is kept by clients (RFC 9842)."""

    content = b'{"text": "all the same, all the same, all the same, "}'
    dictionary = CompressionDictionary(content)
    name = f":{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"
    compression = Compression(encoders=ENCODERS, threshold_bytes=10, dictionary=dictionary)

    async def ask(self, path: str, accept: str, **headers: str) -> Raw:
        app = note_app(Shelf(), compression=self.compression, routers=(router, plain))
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await _asked(app, path, accept, headers=named)

    @pytest.mark.criterion("R55.3")
    @pytest.mark.parametrize("path", ["long", "pieces"])
    async def test_who_has_it_gets_answers_that_need_it(self, path: str) -> None:
        answer = await self.ask(
            f"/api/v1/things/{path}", "gzip, zstd, dcz", available_dictionary=self.name
        )
        uncoded = await self.ask(f"/api/v1/things/{path}", "identity")

        head, frame = answer.body[:40], answer.body[40:]
        known = zstd.ZstdDict(self.content, is_raw=True)
        assert answer.headers["content-encoding"] == "dcz"
        assert answer.headers["vary"] == "Accept-Encoding, Available-Dictionary"
        assert head == bytes.fromhex("5e2a4d1820000000") + hashlib.sha256(self.content).digest()
        assert zstd.decompress(frame, zstd_dict=known) == uncoded.body

    @pytest.mark.criterion("R55.3")
    async def test_who_has_not_is_told_where_it_is(self) -> None:
        answer = await self.ask("/api/v1/things/long", "gzip, zstd, dcz")
        other = await self.ask("/api/v1/things/long", "zstd, dcz", available_dictionary=":YWJj:")
        without = await self.ask("/api/v1/things/long", "zstd")
        got = await self.ask("/compression-dictionary", "identity")

        assert answer.headers["content-encoding"] == "zstd"
        assert "</compression-dictionary>" in answer.headers["link"]
        assert other.headers["content-encoding"] == "zstd"
        assert "link" not in without.headers
        assert got.body == self.content
        assert got.headers["use-as-dictionary"] == 'match="/*"'

    async def test_a_resource_that_is_left_alone_has_none(self) -> None:
        answer = await self.ask("/api/v1/secrets/long", "dcz", available_dictionary=self.name)

        assert answer.body == LONG

    def test_a_file_that_cannot_be_used_is_refused_at_the_start(self, tmp_path: Path) -> None:
        (tmp_path / "empty").write_bytes(b"")

        assert CompressionDictionary.read(None, level=3) is None
        with pytest.raises(ConfigurationError, match="cannot be read"):
            CompressionDictionary.read(tmp_path / "none", level=3)
        with pytest.raises(ConfigurationError, match="8 bytes to 8 MiB"):
            CompressionDictionary.read(tmp_path / "empty", level=3)


async def test_answers_at_once_do_not_mix() -> None:
    paths = ["/api/v1/things/long", "/api/v1/things/pieces", "/api/v1/things/vast"] * 5

    answers = await asyncio.gather(*(ask(path, "gzip") for path in paths))

    for path, answer in zip(paths, answers, strict=True):
        assert gzip.decompress(answer.body) == (await ask(path, None)).body
