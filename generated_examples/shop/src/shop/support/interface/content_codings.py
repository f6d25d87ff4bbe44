"""Which content coding an answer is sent in: what a client accepts, and what is offered.

Knows the header and nothing of how anything is compressed.

Source: RFC 9110, section 12.5.3.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Protocol

IDENTITY = "identity"
"""An answer as it is."""

_ALIASES = {"x-gzip": "gzip"}
_MEMBER = re.compile(
    r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*(?:;\s*[qQ]=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*)?"
)
_LONGEST_KEPT = 200


class Encoding(Protocol):
    """The compression of one answer that is sent in pieces."""

    def write(self, piece: bytes) -> bytes:
        """Compress a piece, and give out all that the client needs to read it."""
        ...

    def end(self) -> bytes:
        """Return what ends the answer."""
        ...


class Encoder(Protocol):
    """One content coding."""

    @property
    def coding(self) -> str:
        """Its name in headers."""
        ...

    @property
    def inline_bytes(self) -> int:
        """The longest body that is compressed faster than a thread is found for it."""
        ...

    def compress(self, body: bytes) -> bytes:
        """Compress a whole body."""
        ...

    def encoding(self) -> Encoding:
        """Begin an answer in pieces."""
        ...


def accepted(header: bytes) -> Mapping[str, float]:
    """Return the weight of each coding that a header names, `*` among them.

    What cannot be read is left out.
    """
    # Clients send few different headers; long ones are nobody's business to keep.
    return _kept(header) if len(header) <= _LONGEST_KEPT else _read(header)


def chosen[EncoderT: Encoder](
    header: bytes, offered: Iterable[EncoderT]
) -> tuple[EncoderT | None, bool]:
    """Return the encoder to answer with, and whether an answer that is not coded is refused.

    The client's weights decide, among equals the order of the offer. Nothing that is offered may
    be acceptable: then the answer is sent as it is, which RFC 9110 leaves to the server.

    Args:
        header: `Accept-Encoding`.
        offered: What can be done, the best first.
    """
    weights = accepted(header)
    others = weights.get("*", 0.0)
    plain = weights.get(IDENTITY, others if "*" in weights else None)
    best: EncoderT | None = None
    highest = 0.0
    for encoder in offered:
        weight = weights.get(encoder.coding, others)
        if weight > highest:
            best, highest = encoder, weight
    # A client that names `identity` and gives it more wants it: `identity, gzip;q=0.5`.
    if best is not None and weights.get(IDENTITY, 0.0) > highest:
        return None, False
    return best, plain == 0.0


def _read(header: bytes) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for member in header.decode("latin-1").split(","):
        match = _MEMBER.fullmatch(member)
        if match is not None:
            name = match[1].lower()
            found.setdefault(_ALIASES.get(name, name), float(match[2] or 1.0))
    return found


_kept = lru_cache(maxsize=256)(_read)
