"""Answers compressed with gzip, which every client knows.

Source: requirement 31.1; RFC 9110, section 8.4.1.3.
"""

import zlib
from dataclasses import dataclass

_GZIP = 16 + zlib.MAX_WBITS
_FAST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class GzipEncoder:
    """The coding `gzip`; `level` is 1 (fast) to 9 (small)."""

    level: int = 5
    coding: str = "gzip"

    @property
    def inline_bytes(self) -> int:
        """The longest body that does not hold others up."""
        return 32_768 if self.level <= _FAST else 8_192

    def compress(self, body: bytes) -> bytes:
        """Compress a whole body; the same bytes each time."""
        return zlib.compress(body, self.level, wbits=_GZIP)

    def encoding(self) -> "GzipEncoding":
        """Begin an answer in pieces."""
        return GzipEncoding(self.level)


class GzipEncoding:
    """One answer in pieces."""

    def __init__(self, level: int) -> None:
        """Begin."""
        self._stream = zlib.compressobj(level, wbits=_GZIP)

    def write(self, piece: bytes) -> bytes:
        """Compress a piece and flush it."""
        return self._stream.compress(piece) + self._stream.flush(zlib.Z_SYNC_FLUSH)

    def end(self) -> bytes:
        """Return the end of the stream."""
        return self._stream.flush()
