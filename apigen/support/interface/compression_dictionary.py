"""Compression with a dictionary that clients fetch once: small answers that are alike shrink most.

A dictionary is a file that an operator has trained on answers (`zstd --train answers/* -o FILE`),
or simply a typical answer. A client that accepts `dcz` is told where it is, and names it by its
hash from then on. It is public: train it on answers that anybody may see.

`dcb`, the same for Brotli, is not offered: Python's `brotli` cannot take a dictionary.

Source: requirement 55.3; RFC 9842.
"""

import base64
import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Scope

from ..core.errors import ConfigurationError
from .zstd_encoder import ZstdEncoding, zstd, zstd_options

DICTIONARY_PATH = "/compression-dictionary"

_MAGIC = bytes.fromhex("5e2a4d1820000000")
"""Begins an answer in `dcz`; the hash of the dictionary follows, then a frame of Zstandard."""
_LARGEST = 8 * 1024 * 1024
_AVAILABLE = b"available-dictionary"


class CompressionDictionary:
    """A dictionary, and the encoder of answers to those who have it."""

    def __init__(self, content: bytes, *, level: int = 3) -> None:
        """Use `content` as it is: `dcz` takes dictionaries for raw bytes, trained ones too.

        Raises:
            ConfigurationError: It is empty, or larger than the window of clients.
        """
        if not 8 <= len(content) <= _LARGEST:
            raise ConfigurationError("A compression dictionary has 8 bytes to 8 MiB.")
        self._content = content
        digest = hashlib.sha256(content).digest()
        self._name = b":" + base64.b64encode(digest) + b":"
        self.encoder = DictionaryEncoder(content, head=_MAGIC + digest, level=level)
        self.vary = (b"vary", b"Accept-Encoding, Available-Dictionary")
        self.link = (b"link", f'<{DICTIONARY_PATH}>; rel="compression-dictionary"'.encode())

    @classmethod
    def read(cls, file: Path | None, *, level: int) -> "CompressionDictionary | None":
        """Read a dictionary, None where there is none.

        Raises:
            ConfigurationError: The file cannot be read, or cannot be used.
        """
        if file is None:
            return None
        try:
            return cls(file.read_bytes(), level=level)
        except OSError as error:
            raise ConfigurationError(
                f"The compression dictionary cannot be read: {error.strerror}."
            ) from error

    def is_known_to(self, scope: Scope) -> bool:
        """Tell whether the client of a request has it."""
        return any(name == _AVAILABLE and value == self._name for name, value in scope["headers"])

    def route(self) -> Route:
        """Return where clients get it."""
        headers = {
            "Use-As-Dictionary": 'match="/*"',
            "Cache-Control": "public, max-age=604800",
        }

        async def dictionary(request: Request) -> Response:
            return Response(self._content, headers=headers, media_type="application/octet-stream")

        return Route(DICTIONARY_PATH, dictionary, name="compression_dictionary")


class DictionaryEncoder:
    """The coding `dcz` with one dictionary."""

    coding = "dcz"
    inline_bytes = 32_768

    def __init__(self, content: bytes, *, head: bytes, level: int) -> None:
        """Encode at `level`; `head` begins every answer."""
        self._dictionary = zstd.ZstdDict(content, is_raw=True).as_digested_dict
        self._head = head
        self._options = zstd_options(level)

    def compress(self, body: bytes) -> bytes:
        """Compress a whole body."""
        return self._head + zstd.compress(body, options=self._options, zstd_dict=self._dictionary)

    def encoding(self) -> "DictionaryEncoding":
        """Begin an answer in pieces."""
        stream = zstd.ZstdCompressor(options=self._options, zstd_dict=self._dictionary)
        return DictionaryEncoding(stream, self._head)


class DictionaryEncoding(ZstdEncoding):
    """One answer in pieces."""

    def __init__(self, stream: zstd.ZstdCompressor, head: bytes) -> None:
        """Begin; `head` goes out with the first piece."""
        super().__init__(stream)
        self._head = head

    def write(self, piece: bytes) -> bytes:
        """Compress a piece and flush it."""
        head, self._head = self._head, b""
        return head + super().write(piece)

    def end(self) -> bytes:
        """Return the end of the frame."""
        return self._head + super().end()
