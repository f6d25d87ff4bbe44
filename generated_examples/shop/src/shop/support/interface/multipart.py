"""The one file of a `multipart/form-data` body, as it comes: nothing is kept or spooled.

Source: requirement 35.1; RFC 7578.
"""

from collections import deque
from collections.abc import AsyncIterator

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from ..core.errors import ProblemError

PART = "file"
"""Name of the part."""


class MultipartFile:
    """The part `file` of a body; the head is read first, then the content, once."""

    def __init__(self, stream: AsyncIterator[bytes], boundary: bytes) -> None:
        """Read from `stream`, whose parts are divided by `boundary`."""
        self.name = ""
        self.content_type = ""
        self._stream = stream
        self._pieces: deque[bytes] = deque()
        self._header: tuple[bytearray, bytearray] = (bytearray(), bytearray())
        self._headers: dict[str, bytes] = {}
        self._has_head = self._is_over = self._has_ended = False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
                "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
                "on_header_end": self._end_header,
                "on_headers_finished": self._end_headers,
                "on_part_data": lambda data, start, end: self._pieces.append(data[start:end]),
                "on_part_end": self._end_part,
                "on_end": self._end,
            },
        )

    async def head(self) -> None:
        """Read up to the content: `name` and `content_type` are known then.

        Raises:
            ProblemError: There is no such part, or it is malformed.
        """
        while not self._has_head:
            if not await self._more():
                raise _malformed("it has no part `file`")

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the content, and make sure that the body ends as it has to.

        Raises:
            ProblemError: It is malformed, ends early, or has more than one part.
        """
        while True:
            while self._pieces:
                yield self._pieces.popleft()
            if self._is_over:
                break
            if not await self._more():
                raise _malformed("it ends early")
        while await self._more():
            pass
        if not self._has_ended:
            raise _malformed("it ends early")

    async def _more(self) -> bool:
        async for piece in self._stream:
            if piece:
                try:
                    self._parser.write(piece)
                except FormParserError as error:
                    raise _malformed("it can not be read") from error
                return True
        return False

    def _begin(self) -> None:
        if self._has_head:
            raise ProblemError(
                "unexpected_part", 422, "One file is sent at a time, in the part `file`."
            )
        self._headers = {}

    def _end_header(self) -> None:
        name, value = self._header
        self._headers[name.decode("latin-1").lower()] = bytes(value)
        self._header = (bytearray(), bytearray())

    def _end_headers(self) -> None:
        _, options = parse_options_header(self._headers.get("content-disposition", b""))
        if options.get(b"name") != PART.encode() or b"filename" not in options:
            raise ProblemError(
                "unexpected_part", 422, "The body must have one part, `file`, with a file name."
            )
        self.name = options[b"filename"].decode("utf-8", "replace")
        self.content_type = self._headers.get("content-type", b"").decode("latin-1")
        self._has_head = True

    def _end_part(self) -> None:
        self._is_over = True

    def _end(self) -> None:
        self._has_ended = True


def boundary_of(content_type: str) -> bytes:
    """Return what divides the parts of a body.

    Raises:
        ProblemError: The header does not say.
    """
    boundary = parse_options_header(content_type)[1].get(b"boundary", b"")
    if not 1 <= len(boundary) <= 70:
        raise _malformed("its boundary is missing")
    return boundary


def _malformed(why: str) -> ProblemError:
    return ProblemError("malformed_body", 400, f"The multipart body is malformed: {why}.")
