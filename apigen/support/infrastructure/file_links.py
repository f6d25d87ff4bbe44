"""Links to files that the project serves itself: what they say is signed, and ends soon.

A link holds everything that its answer needs, so that a file can be fetched without its row; the
key in it was signed and can not be another. Source: requirement 35.4.
"""

import hashlib
import hmac
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ..application.files import LINK_PATH, FileFacts
from ..core.clock import Clock, utc_now
from ..core.json import dumps, loads

_LONGEST = 4096
"""Characters of a token."""
_PURPOSE = b"file-link\0"
_KEPT_IN = ".link-secret"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedFile:
    """The file that a link leads to."""

    name: str
    content_type: str
    size: int
    sha256: str
    key: str
    expires_at_s: int
    """Seconds since 1970."""


class SignedLinks:
    """Makes links, and reads those that it made."""

    def __init__(self, secret: bytes, *, clock: Clock = utc_now) -> None:
        """Sign with `secret`; all processes of a project need the same one."""
        self._secret = secret
        self._clock = clock

    def link(self, file: FileFacts, *, expires_at: datetime) -> str:
        """Return the address of a file, below the project's own."""
        ends = int(expires_at.timestamp())
        facts = [file.key, file.name, file.content_type, file.size, file.sha256, ends]
        said = urlsafe_b64encode(dumps(facts)).rstrip(b"=")
        return f"{LINK_PATH}?token={said.decode()}.{self._signature(said)}"

    def opened(self, token: str) -> LinkedFile | None:
        """Return what a token leads to; None when it was not made here, or is over."""
        said, _, signature = token.partition(".")
        if len(token) > _LONGEST or not said.isascii() or not signature.isascii():
            return None
        if not hmac.compare_digest(self._signature(said.encode()), signature):
            return None
        # Only what was signed is read.
        match loads(urlsafe_b64decode(said + "=" * (-len(said) % 4))):
            case [str(key), str(name), str(kind), int(size), str(digest), int(ends)] if (
                ends > self._clock().timestamp()
            ):
                return LinkedFile(
                    key=key,
                    name=name,
                    content_type=kind,
                    size=size,
                    sha256=digest,
                    expires_at_s=ends,
                )
            case _:
                return None

    def _signature(self, said: bytes) -> str:
        return hmac.new(self._secret, _PURPOSE + said, hashlib.sha256).hexdigest()


def secret_in(folder: Path) -> bytes:
    """Return the secret that is kept in a folder, which is made when there is none.

    Processes that start together agree: the file appears with its content or not at all, and the
    first one stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _KEPT_IN
    if not path.exists():
        draft = folder / f"{_KEPT_IN}.{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(32))
            with suppress(FileExistsError):
                os.link(draft, path)
        finally:
            draft.unlink()
    return path.read_bytes()
