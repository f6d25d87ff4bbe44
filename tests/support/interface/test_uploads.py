"""Uploads are counted, hashed and looked at while they come, and nothing of them is kept."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import nullcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.types import Message

from apigen.support.core.errors import ProblemError
from apigen.support.interface.file_signatures import contradicts
from apigen.support.interface.uploads import Upload, UploadRules, received

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
IMAGES = UploadRules(max_bytes=20_000, types=("image/png", "image/webp"))


def request(pieces: Sequence[bytes], **headers: str) -> Request:
    """Return a request whose body comes in these pieces."""
    sent = iter(pieces)

    async def receive() -> Message:
        piece = next(sent, None)
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    named = [
        (name.replace("_", "-").encode(), value.encode("latin-1"))
        for name, value in headers.items()
    ]
    return Request({"type": "http", "method": "PUT", "headers": named}, receive)


def form(
    content: bytes, *, kind: str = "image/png", name: str = "file", more: bytes = b""
) -> bytes:
    """Return a multipart body with one file."""
    head = f'--B\r\nContent-Disposition: form-data; name="{name}"; filename="tea.png"\r\n'
    return (
        head.encode()
        + f"Content-Type: {kind}\r\n\r\n".encode()
        + content
        + b"\r\n"
        + more
        + (b"--B--\r\n")
    )


FORM = "multipart/form-data; boundary=B"


async def taken(upload: Upload) -> bytes:
    """Read an upload to its end."""
    return b"".join([piece async for piece in upload.pieces()])


async def uploaded(
    pieces: Sequence[bytes], rules: UploadRules = IMAGES, **headers: str
) -> tuple[Upload, bytes]:
    """Read the file of a request."""
    upload = await received(request(pieces, **headers), rules, field="image")
    return upload, await taken(upload)


def cut(body: bytes, size: int) -> list[bytes]:
    """Cut a body into pieces."""
    return [body[start : start + size] for start in range(0, len(body), size)]


@pytest.mark.parametrize("size", [1, 7, 1000, 100_000])
async def test_a_form_has_the_file(size: int) -> None:
    upload, content = await uploaded(cut(form(PNG), size), content_type=FORM)

    assert content == PNG
    assert (upload.name, upload.content_type, upload.size) == ("tea.png", "image/png", len(PNG))
    assert upload.sha256 == hashlib.sha256(PNG).hexdigest()


@given(st.binary(min_size=1, max_size=300), st.integers(1, 50))
async def test_any_content_comes_out_as_it_went_in(content: bytes, size: int) -> None:
    rules = UploadRules(max_bytes=1000)
    body = form(content, kind="application/x-any")

    upload, taken_ = await uploaded(cut(body, size), rules, content_type=FORM)

    assert taken_ == content
    assert upload.size == len(content)


async def test_a_body_may_be_the_file_itself() -> None:
    upload, content = await uploaded(
        [PNG],
        content_type="image/png",
        content_disposition="attachment; filename*=UTF-8''T%C3%A9.png",
    )

    assert (content, upload.name) == (PNG, "Té.png")


async def test_a_file_without_a_name_has_that_of_its_field() -> None:
    upload, _ = await uploaded([PNG], content_type="image/png")

    assert upload.name == "image.png"


@pytest.mark.criterion("R81.3")
async def test_what_is_too_large_is_refused_as_soon_as_it_is() -> None:
    seen = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal seen
        yield PNG
        while True:
            seen += 1
            yield b"x" * 1000

    upload = Upload(name="a", content_type="image/png", content=endless(), rules=IMAGES)

    with pytest.raises(ProblemError) as refusal:
        await taken(upload)

    assert (refusal.value.status, refusal.value.code) == (413, "file_too_large")
    assert seen == (20_000 - len(PNG)) // 1000 + 1


async def test_a_length_that_is_too_large_is_refused_before_anything_comes() -> None:
    sent = request([], content_type="image/png", content_length="20001")

    with pytest.raises(ProblemError) as refusal:
        await received(sent, IMAGES, field="image")

    assert refusal.value.status == 413


@pytest.mark.criterion("R70.3")
@pytest.mark.criterion("R35.2")
@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"<html><script>", "image/png", 422, "content_mismatch"),
        (b"GIF89a" + b"\0" * 20, "image/png", 422, "content_mismatch"),
        (PNG, "image/webp", 422, "content_mismatch"),
        (PNG[:4], "image/png", 422, "content_mismatch"),
        (PNG, "image/gif", 415, "file_type"),
        (PNG, "", 415, "file_type"),
        (b"", "image/png", 422, "empty_file"),
    ],
)
async def test_a_file_is_what_it_is_declared_to_be(
    body: bytes, kind: str, status: int, code: str
) -> None:
    with pytest.raises(ProblemError) as refusal:
        await uploaded([body], content_type=kind)

    assert (refusal.value.status, refusal.value.code) == (status, code)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (form(PNG)[:-8], 400),
        (form(PNG)[:200], 400),
        (b"--B--\r\n", 400),
        (b"no form at all", 400),
        (b"", 400),
        (form(PNG, name="image"), 422),
        (form(PNG, more=form(PNG).removesuffix(b"--B--\r\n")), 422),
        (b'--B\r\nContent-Disposition: form-data; name="file"\r\n\r\nx\r\n--B--\r\n', 422),
        (b"--B\r\n" + b"X-Header: 1\r\n" * 100 + b"\r\n\r\n--B--\r\n", 400),
    ],
)
async def test_a_form_that_is_none_is_refused(body: bytes, status: int) -> None:
    with pytest.raises(ProblemError) as refusal:
        await uploaded(cut(body, 50) or [b""], content_type=FORM)

    assert refusal.value.status == status


async def test_an_upload_that_is_cut_off_is_refused() -> None:
    """Whoever stores it is told, so that no half of it stays; nothing of ours went wrong."""

    async def receive() -> Message:
        return next(sent)

    sent = iter(
        (
            {"type": "http.request", "body": PNG, "more_body": True},
            {"type": "http.disconnect"},
        )
    )
    headers = [(b"content-type", b"image/png")]
    cut_off = Request({"type": "http", "method": "PUT", "headers": headers}, receive)
    upload = await received(cut_off, IMAGES, field="image")

    with pytest.raises(ProblemError) as refusal:
        await taken(upload)

    assert (refusal.value.status, refusal.value.code) == (400, "upload_cut_off")


async def test_a_form_needs_a_boundary() -> None:
    with pytest.raises(ProblemError) as refusal:
        await uploaded([form(PNG)], content_type="multipart/form-data")

    assert refusal.value.status == 400


@pytest.mark.parametrize(
    ("content", "kind", "is_refused"),
    [
        (b"a,b\n1,2\n", "text/csv", False),
        ("Grüße".encode(), "text/plain", False),
        ("Grüße".encode("latin-1"), "text/plain", True),
        (b"a\0b", "text/plain", True),
        (b"<html><body>", "text/plain", True),
        (b"<html><body>", "text/html", False),
        (b"%PDF-1.7\n", "text/plain", True),
        (b'{"a": 1}', "application/json", False),
        (b"\x7fELF\x02\x01", "application/json", True),
        (b"RIFF\x10\0\0\0WAVEfmt ", "audio/x-wav", False),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpg", False),
    ],
)
async def test_texts_are_texts(content: bytes, kind: str, is_refused: bool) -> None:
    rules = UploadRules(max_bytes=100)
    refusal = pytest.raises(ProblemError) if is_refused else nullcontext()

    with refusal as refused:
        await uploaded([content], rules, content_type=kind)

    assert refused is None or refused.value.code == "content_mismatch"


@pytest.mark.parametrize(
    ("types", "kind", "allowed"),
    [
        ((), "a/b", True),
        (("image/*",), "image/png", True),
        (("image/*",), "text/plain", False),
        (("text/plain", "image/*"), "text/plain", True),
    ],
)
def test_types_may_be_all_of_a_kind(types: tuple[str, ...], kind: str, allowed: bool) -> None:
    assert UploadRules(max_bytes=1, types=types).allows(kind) is allowed


def test_types_without_a_signature_are_taken() -> None:
    assert not contradicts(b"anything", "application/x-own-format")
