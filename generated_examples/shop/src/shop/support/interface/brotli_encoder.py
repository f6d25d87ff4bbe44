"""Answers compressed with Brotli.

Source: requirement 31.2; RFC 7932.
"""

from dataclasses import dataclass

import brotli

_FAST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class BrotliEncoder:
    """The coding `br`; `level` is 0 (fast) to 11 (small, and far too slow for most answers)."""

    level: int = 4
    coding: str = "br"

    @property
    def inline_bytes(self) -> int:
        """The longest body that does not hold others up."""
        return 32_768 if self.level <= _FAST else 2_048

    def compress(self, body: bytes) -> bytes:
        """Compress a whole body."""
        compressed: bytes = brotli.compress(body, mode=brotli.MODE_TEXT, quality=self.level)
        return compressed

    def encoding(self) -> "BrotliEncoding":
        """Begin an answer in pieces."""
        return BrotliEncoding(self.level)


class BrotliEncoding:
    """One answer in pieces."""

    def __init__(self, level: int) -> None:
        """Begin."""
        self._stream = brotli.Compressor(mode=brotli.MODE_TEXT, quality=level)

    def write(self, piece: bytes) -> bytes:
        """Compress a piece and flush it."""
        flushed: bytes = self._stream.process(piece) + self._stream.flush()
        return flushed

    def end(self) -> bytes:
        """Return the end of the stream."""
        rest: bytes = self._stream.finish()
        return rest
