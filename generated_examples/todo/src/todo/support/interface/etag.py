"""Conditional requests: ETag out, If-None-Match and If-Match in.

A resource's tag is its version in quotes, a strong tag: the representation changes only when the
version does. Where one address has several forms of it, the tag names the form too: the language of
the answer, `"3.de"`, and an older version of the API that a header asks for, `"3.v1"`. Compressed,
it ends in the coding: `"3-gzip"`, which means the same version when it comes back.
Reading versions is the reader's business.

Source: RFC 9110, section 13.
"""

import re
from collections.abc import Awaitable, Callable

from starlette.requests import Request

from ..core.errors import PreconditionFailedError

FORM = "etag_form"
"""Key of a request's state: which form of what is at its address it asks for, but for languages."""

CODINGS = ("zstd", "br", "gzip", "dcz")
"""What a tag may end in after a hyphen."""

_version_pattern = re.compile("([1-9][0-9]{0,17})(?:[.][A-Za-z0-9-]{1,35}){0,2}")
_stored_pattern = re.compile("[1-9][0-9]{0,8}")
"""What fits into the column of a version, whatever the database."""
_tag_pattern = re.compile(r'\s*(W/)?"([\x21\x23-\x7e\x80-\xff]*)"\s*(?:,|$)')


def etag(version: int, form: str = "") -> str:
    """Return the tag of a version, in one of its forms where there are several."""
    return f'"{_tag(version, form)}"'


def _tag(version: int, form: str) -> str:
    return f"{version}.{form}" if form else str(version)


def is_not_modified(request: Request, version: int, form: str = "") -> bool:
    """Tell whether the client has this version already (304), by weak comparison."""
    return is_known(request, _tag(version, form))


def is_known(request: Request, wanted: str) -> bool:
    """Tell whether the client has what has a tag, by weak comparison; compressed or not."""
    header = request.headers.get("if-none-match")
    if header is None:
        return False
    sent = [tag for _, tag in _tags(header)]
    # A language may end like a coding: `pt-br`.
    return header.strip() == "*" or wanted in sent or wanted in map(plain_tag, sent)


def known_version(request: Request, form: str = "") -> int | None:
    """Return the version that the client has in this form, when If-None-Match names one.

    None when it names several, or any: what is stored decides then (`is_not_modified`).
    """
    header = request.headers.get("if-none-match")
    if header is None:
        return None
    versions = set()
    for _, sent in _tags(header):
        for tag in (sent, plain_tag(sent)):
            version = tag.partition(".")[0]
            if _stored_pattern.fullmatch(version) and _tag(int(version), form) == tag:
                versions.add(int(version))
    return versions.pop() if len(versions) == 1 else None


async def expected_version(
    request: Request, resource: str, current: Callable[[], Awaitable[int | None]]
) -> int | None:
    """Return the version that If-Match asks for, or None when any will do.

    With several tags the stored version decides which of them is meant; the write checks it
    again, so that nothing can come between.

    Args:
        request: The request with or without the header.
        resource: What is about to change, for the error's message.
        current: Reads the stored version; None when there is no such resource.

    Raises:
        PreconditionFailedError: No tag of the header can be, or is, the stored version.
    """
    header = request.headers.get("if-match")
    if header is None or header.strip() == "*":
        return None
    # Strong comparison: a weak tag matches nothing. Neither does a text that is no version. A
    # write is of all forms at once, so that of the tag does not matter.
    versions = {
        int(match[1])
        for weak, tag in _tags(header)
        if not weak and (match := _version_pattern.fullmatch(plain_tag(tag)))
    }
    if len(versions) == 1:
        return versions.pop()
    stored = await current()
    if stored is not None and stored not in versions:
        raise PreconditionFailedError(resource, expected=None, actual=stored)
    return stored


def _tags(header: str) -> list[tuple[str, str]]:
    """Return the tags of a header as (weak mark, tag); what is malformed is left out."""
    return [(match[1] or "", match[2]) for match in _tag_pattern.finditer(header)]


def plain_tag(tag: str) -> str:
    """Return a tag without its quotes, and without what tells a compressed form from others."""
    tag = tag.strip('"')
    version, _, coding = tag.rpartition("-")
    return version if coding in CODINGS else tag
