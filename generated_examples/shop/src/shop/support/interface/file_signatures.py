"""Whether the beginning of a content is what its media type says, by signature.

Source: requirement 70.3.
"""

import re
from functools import cache

import puremagic
from puremagic.main import magic_header_array

HEAD_BYTES = 4096
"""How much of a content has to be looked at."""

_SURE = 0.4
"""Confidence of a signature of four bytes: shorter ones occur in texts."""
_SAME = {
    "audio/mp3": "audio/mpeg",
    "image/jpg": "image/jpeg",
    "image/ms-bmp": "image/bmp",
    "image/vnd.microsoft.icon": "image/icon",
    "video/avi": "video/msvideo",
}
_TEXTS = frozenset(
    {
        "application/javascript",
        "application/json",
        "application/xml",
        "application/yaml",
        "image/svg+xml",
    }
)
_ACTIVE = frozenset({"image/svg+xml", "text/html", "application/xhtml+xml"})
"""Texts that a browser may run."""


def is_text(content_type: str) -> bool:
    """Tell whether contents of a media type are text, which has no signature."""
    kind = _plain(content_type)
    return kind.startswith("text/") or kind in _TEXTS or kind.endswith(("+json", "+xml"))


def contradicts(head: bytes, content_type: str) -> bool:
    """Tell whether a content that begins with `head` can not be of a media type.

    A type that has signatures needs one of them. A text must not begin like a program, an image or
    a page, unless it is declared as such. Of other types nothing is known.
    """
    declared = _plain(content_type)
    found = {
        _plain(match.mime_type): match.confidence
        for match in reversed(puremagic.magic_string(head))
        if match.mime_type
    }
    if is_text(content_type):
        return any(
            confidence >= _SURE and (not is_text(kind) or kind in _ACTIVE)
            for kind, confidence in found.items()
            if kind != declared
        )
    return declared in _signed() and declared not in found


@cache
def _signed() -> frozenset[str]:
    """Return the media types that have a signature."""
    return frozenset(_plain(known.mime_type) for known in magic_header_array if known.mime_type)


def _plain(content_type: str) -> str:
    """Return one spelling for the media types that are the same: `audio/x-wav`, `audio/wav`."""
    plain = re.sub("/x-", "/", content_type.lower(), count=1)
    return _SAME.get(plain, plain)
