"""Answers compressed with Zstandard, by Python's own module from 3.14 on.

Source: requirements 55.1, 55.2, 55.4, 102.4; RFC 8878, RFC 9659.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

__all__ = ["ZstdEncoder", "ZstdEncoding", "zstd", "zstd_options"]

_WINDOW_LOG = 23
"""Decoders of HTTP need not have windows above 8 MiB (RFC 9659)."""
_WIDE = 20
"""From this level on windows would be larger."""
_FAST = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class ZstdEncoder:
    """The coding `zstd`; `level` is 1 (fast) to 22 (small)."""

    level: int = 3
    coding: str = "zstd"

    @property
    def inline_bytes(self) -> int:
        """The longest body that does not hold others up."""
        return 65_536 if self.level <= _FAST else 4_096

    def compress(self, body: bytes) -> bytes:
        """Compress a whole body."""
        return zstd.compress(body, options=zstd_options(self.level))

    def encoding(self) -> "ZstdEncoding":
        """Begin an answer in pieces."""
        return ZstdEncoding(zstd.ZstdCompressor(options=zstd_options(self.level)))


class ZstdEncoding:
    """One answer in pieces."""

    def __init__(self, stream: zstd.ZstdCompressor) -> None:
        """Begin."""
        self._stream = stream

    def write(self, piece: bytes) -> bytes:
        """Compress a piece and flush it."""
        return self._stream.compress(piece, self._stream.FLUSH_BLOCK)

    def end(self) -> bytes:
        """Return the end of the frame."""
        return self._stream.flush()


def zstd_options(level: int) -> Mapping[int, int]:
    """Return how a level compresses, in a window that every client has."""
    known = zstd.CompressionParameter
    options: dict[int, int] = {known.compression_level: level}
    if level >= _WIDE:
        options[known.window_log] = _WINDOW_LOG
    return options
