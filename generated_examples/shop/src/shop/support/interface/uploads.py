"""A file that a request sends, as it comes: counted, hashed and checked on the way.

The body is the file itself, with its media type and maybe a name in `Content-Disposition`, or
`multipart/form-data` with one part `file`. What is too large is refused as soon as it is.

Source: requirements 35.1, 35.2, 70.3, 81.3.
"""

import codecs
import hashlib
import mimetypes
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.message import Message

from starlette.requests import ClientDisconnect, Request

from ..core.errors import ProblemError
from ..core.file_names import safe_name
from .file_signatures import HEAD_BYTES, contradicts, is_text
from .multipart import MultipartFile, boundary_of

_FRAMING_BYTES = 64 * 1024
"""What the body of a request may have beside the file: headers of a part, boundaries."""

_NO_TEXT = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
"""Control characters that no text has."""
_UNKNOWN = "application/octet-stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadRules:
    """What may be uploaded."""

    max_bytes: int
    types: tuple[str, ...] = ()
    """Media types, `image/*` for all of a kind; none: any."""

    @property
    def max_body_bytes(self) -> int:
        """What the body of a request may have: the file, and the framing of a form."""
        return self.max_bytes + _FRAMING_BYTES

    def allows(self, content_type: str) -> bool:
        """Tell whether files of a media type may be uploaded."""
        kind = content_type.partition("/")[0]
        return not self.types or not {content_type, f"{kind}/*"}.isdisjoint(self.types)


class Upload:
    """A file on its way in."""

    def __init__(
        self, *, name: str, content_type: str, content: AsyncIterator[bytes], rules: UploadRules
    ) -> None:
        """Check `content` by `rules` while it is read."""
        self.name = name
        self.content_type = content_type
        self.size = 0
        self._content = content
        self._rules = rules
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Hash of what has come so far."""
        return self._hash.hexdigest()

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the content, the first kilobytes once they are looked at.

        Raises:
            ProblemError: It is empty, too large, or not what it is declared to be.
        """
        head: bytes | None = b""
        decoder = codecs.getincrementaldecoder("utf-8")() if is_text(self.content_type) else None
        async for piece in self._content:
            self.size += len(piece)
            if self.size > self._rules.max_bytes:
                raise too_large(self._rules)
            self._hash.update(piece)
            if decoder is not None:
                self._require_text(decoder, piece)
            if head is None:
                yield piece
                continue
            head += piece
            if len(head) >= HEAD_BYTES:
                self._require_match(head)
                yield head
                head = None
        if self.size == 0:
            raise ProblemError("empty_file", 422, "The file is empty.")
        if decoder is not None:
            self._require_text(decoder, b"", final=True)
        if head is not None:
            self._require_match(head)
            yield head

    def _require_match(self, head: bytes) -> None:
        if contradicts(head[:HEAD_BYTES], self.content_type):
            raise self._mismatch()

    def _require_text(
        self, decoder: codecs.IncrementalDecoder, piece: bytes, *, final: bool = False
    ) -> None:
        try:
            text = decoder.decode(piece, final)
        except UnicodeDecodeError:
            raise self._mismatch() from None
        if _NO_TEXT.search(text):
            raise self._mismatch()

    def _mismatch(self) -> ProblemError:
        return ProblemError(
            "content_mismatch", 422, f"The content of the file is not {self.content_type}."
        )


async def received(request: Request, rules: UploadRules, *, field: str) -> Upload:
    """Return the file of a request; its content is still to come.

    Args:
        request: Whose body nobody has read.
        rules: What is taken.
        field: Name of a file that has none.

    Raises:
        ProblemError: It is of a kind that is not taken, too large by its own account, or no file.
    """
    sent = request.headers.get("content-type", "")
    content: AsyncIterator[bytes] = _body(request)
    if _media_type(sent) == "multipart/form-data":
        part = MultipartFile(content, boundary_of(sent))
        await part.head()
        name, declared, content = part.name, part.content_type, part.pieces()
    else:
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length) > rules.max_bytes:
            raise too_large(rules)
        name, declared = _sent_name(request.headers.get("content-disposition", "")), sent
    content_type = _media_type(declared) or _UNKNOWN
    if not rules.allows(content_type):
        allowed = ", ".join(rules.types)
        raise ProblemError("file_type", 415, f"The file must be of one of the types {allowed}.")
    default = field + (mimetypes.guess_extension(content_type) or "")
    return Upload(
        name=safe_name(name, default), content_type=content_type, content=content, rules=rules
    )


def too_large(rules: UploadRules) -> ProblemError:
    """Return the refusal of a file that has more bytes than it may."""
    return ProblemError(
        "file_too_large", 413, f"The file may have {rules.max_bytes} bytes at most."
    )


async def _body(request: Request) -> AsyncIterator[bytes]:
    """Yield the body; a client that goes away in between is no mistake of ours."""
    try:
        async for piece in request.stream():
            yield piece
    except ClientDisconnect:
        raise ProblemError("upload_cut_off", 400, "The upload ended early.") from None


def _media_type(header: str) -> str:
    return header.partition(";")[0].strip().lower()[:255]


def _sent_name(disposition: str) -> str:
    """Return the file name of a header, which may be encoded (RFC 8187)."""
    if not disposition:
        return ""
    message = Message()
    message["Content-Disposition"] = disposition
    return message.get_filename("")
