"""A stored file as an answer: whole or a range of it, and never run by a browser as our page.

Source: requirement 35.4; RFC 9110, sections 13 and 14.
"""

import re
from typing import Literal

import structlog
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from ..application.files import FileFacts, StorageBackend
from ..core.errors import NotFoundError
from ..core.file_names import content_disposition
from .etag import plain_tag
from .problems import problem

_SHOWN = frozenset(
    {
        "application/pdf",
        "audio/mpeg",
        "audio/ogg",
        "audio/wav",
        "image/avif",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/webp",
        "text/plain",
        "video/mp4",
        "video/webm",
    }
)
"""Types that a browser shows without running anything; it saves all others."""
_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})")
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    # Even if a browser takes it for a page, it is nobody's page, and does nothing.
    "Content-Security-Policy": "default-src 'none'; sandbox",
}

type Span = tuple[int, int]
"""First byte and the one after the last."""

_logger = structlog.get_logger("files")


async def file_response(
    request: Request, storage: StorageBackend, file: FileFacts, *, cache_control: str
) -> Response:
    """Answer with a file: 304 when the client has it, 206 with a range of it, 416 without one."""
    tag = f'"{file.sha256}"'
    headers = {
        **_SAFE,
        "ETag": tag,
        "Accept-Ranges": "bytes",
        "Cache-Control": cache_control,
        "Content-Disposition": content_disposition(
            "inline" if file.content_type in _SHOWN else "attachment", file.name
        ),
    }
    if _has(request, tag):
        return Response(status_code=304, headers=headers)
    asked = _range(request, tag, file.size)
    if asked == "none":
        return problem(
            request,
            416,
            code="range_not_satisfiable",
            detail=f"The file has {file.size} bytes.",
            headers={"Content-Range": f"bytes */{file.size}"},
        )
    start, end = (0, file.size) if asked is None else asked
    try:
        pieces = await storage.read(file.key, start=start, end=end)
    except NotFoundError:
        # Somebody has emptied the storage, or a file was replaced just now.
        _logger.warning("file_missing", key=file.key)
        return problem(request, 404, code="file_missing", detail="The file is not there any more.")
    headers["Content-Length"] = str(end - start)
    if asked is not None:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{file.size}"
    return StreamingResponse(
        pieces,
        status_code=200 if asked is None else 206,
        headers=headers,
        media_type=_with_charset(file.content_type),
    )


def _with_charset(content_type: str) -> str:
    """Return the header: texts were read as UTF-8 when they came."""
    return f"{content_type}; charset=utf-8" if content_type.startswith("text/") else content_type


def _has(request: Request, tag: str) -> bool:
    sent = request.headers.get("if-none-match")
    if sent is None:
        return False
    known = {plain_tag(one.strip().removeprefix("W/")) for one in sent.split(",")}
    return sent.strip() == "*" or plain_tag(tag) in known


def _range(request: Request, tag: str, size: int) -> Span | Literal["none"] | None:
    """Return the one range that is asked for; None for the whole file, as for several ranges."""
    condition = request.headers.get("if-range")
    if condition is not None and condition.strip() != tag:
        return None
    match = _RANGE.fullmatch(request.headers.get("range", "").replace(" ", ""))
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:
        length = min(int(last), size)
        return (size - length, size) if length else "none"
    start = int(first)
    end = min(int(last) + 1, size) if last else size
    if last and int(last) < start:
        return None
    return (start, end) if start < size else "none"
