"""Compressed answers: which are, in what coding, and what their headers say then.

Pure ASGI, between the server and everything that makes answers. An answer in one piece is
compressed whole, off the event loop when it is long; one in pieces is compressed as they come, and
each is flushed. Beside the headers of a request nothing is looked at unless its client accepts a
coding.

**BREACH.** How long a compressed answer is tells what repeats in it. Who can make a victim's client
send requests, have text of theirs in the answers and see how long those are, may guess a secret
that stands in the same answer, byte by byte. A browser adds no bearer token of its own accord, so
another page cannot send such requests; where answers hold secrets and clients are known by cookies,
switch compression off for the resource.

Source: requirements 31, 55; RFC 9110, sections 8.4 and 12.5.3.
"""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from starlette.routing import BaseRoute
from starlette.types import Message, Scope, Send

from .content_codings import Encoder, Encoding, accepted, chosen
from .public_path import RESPONSE_HEADERS

COMPRESSION = "compression"
"""In the state of a request: how its resource has answers compressed."""

VARY = (b"vary", b"Accept-Encoding")

_ACCEPT_ENCODING = b"accept-encoding"
_TEXTS = re.compile(
    rb"(?:text/|application/(?:[^;]*\+)?(?:json|xml)|application/javascript|image/svg\+xml)",
    re.IGNORECASE,
)
_WITHOUT_BODY = frozenset({204, 205, 304})


class SharedDictionary(Protocol):
    """What answers have in common, which some clients keep (RFC 9842)."""

    @property
    def encoder(self) -> Encoder:
        """Compresses for those who have it."""
        ...

    @property
    def vary(self) -> tuple[bytes, bytes]:
        """The header that tells caches what answers depend on."""
        ...

    @property
    def link(self) -> tuple[bytes, bytes]:
        """The header that tells a client where it is."""
        ...

    def route(self) -> BaseRoute:
        """Return where clients get it."""
        ...

    def is_known_to(self, scope: Scope) -> bool:
        """Tell whether the client of a request has it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Compression:
    """How answers are compressed."""

    encoders: tuple[Encoder, ...]
    """The best first; of what a client likes equally well, the first is taken. None: no answer is
    compressed."""
    threshold_bytes: int = 1024
    """Shorter answers are sent as they are: headers would cost what is gained."""
    dictionary: SharedDictionary | None = None

    @property
    def routes(self) -> tuple[BaseRoute, ...]:
        """What is served for it."""
        return () if self.dictionary is None else (self.dictionary.route(),)

    def of_request(self, scope: Scope) -> "Compression":
        """Return how the resource of a request has it."""
        own: Compression = scope["state"].get(COMPRESSION, self)
        return own

    def sending(self, scope: Scope, send: Send) -> Send:
        """Return what sends the answer of a request, compressed when its client likes that."""
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        added = scope["state"].setdefault(RESPONSE_HEADERS, [])
        added.append(VARY if self.dictionary is None else self.dictionary.vary)
        if _ACCEPT_ENCODING not in dict(headers):
            return send
        accept = b",".join(value for name, value in headers if name == _ACCEPT_ENCODING)
        dictionary = self.dictionary
        if dictionary is not None and accepted(accept).get(dictionary.encoder.coding):
            if dictionary.is_known_to(scope):
                return _Answer(self, accept, scope, send, dictionary.encoder).send
            added.append(dictionary.link)
        return _Answer(self, accept, scope, send).send


UNCOMPRESSED = Compression(encoders=())
"""A resource whose answers are never compressed."""


class _Answer:
    """One answer: its head waits for the first piece of the body, which decides."""

    def __init__(
        self,
        compression: Compression,
        header: bytes,
        scope: Scope,
        send: Send,
        first: Encoder | None = None,
    ) -> None:
        self._compression = compression
        self._header = header
        self._scope = scope
        self._send = send
        self._first = first
        self._head: Message | None = None
        self._encoder: Encoder | None = None
        self._is_forced = False
        self._encoding: Encoding | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif message["type"] != "http.response.body":
            await self._send(message)
        elif self._encoding is not None:
            await self._piece(self._encoding, message)
        elif self._head is not None and self._encoder is not None:
            await self._only(self._head, self._encoder, message)
        else:
            await self._send(message)

    async def _begin(self, message: Message) -> None:
        own = self._compression.of_request(self._scope)
        # A resource that says how it is compressed says so of dictionaries, too.
        first = (self._first,) if self._first is not None and own is self._compression else ()
        encoder, is_forced = chosen(self._header, (*first, *own.encoders))
        if encoder is not None and message["status"] == 304:
            _repeat_tag(self._scope, message, encoder.coding)
        elif encoder is not None and _is_compressible(message, is_forced=is_forced):
            self._encoder, self._is_forced = encoder, is_forced
            self._head = message
            return
        await self._send(message)

    async def _only(self, head: Message, encoder: Encoder, message: Message) -> None:
        """Decide by the first piece, which may be the only one."""
        self._head = None
        body: bytes = message.get("body", b"")
        if message.get("more_body", False):
            head["headers"] = _encoded(head["headers"], encoder.coding, None)
            await self._send(head)
            self._encoding = encoder.encoding()
            await self._piece(self._encoding, message)
            return
        least = 1 if self._is_forced else self._compression.of_request(self._scope).threshold_bytes
        if len(body) >= max(least, 1):
            if len(body) > encoder.inline_bytes:
                loop = asyncio.get_running_loop()
                body = await loop.run_in_executor(None, encoder.compress, body)
            else:
                body = encoder.compress(body)
            head["headers"] = _encoded(head["headers"], encoder.coding, len(body))
            message = {**message, "body": body}
        await self._send(head)
        await self._send(message)

    async def _piece(self, encoding: Encoding, message: Message) -> None:
        body: bytes = message.get("body", b"")
        has_more = message.get("more_body", False)
        if len(body) > self._inline_bytes():
            loop = asyncio.get_running_loop()
            body = await loop.run_in_executor(None, encoding.write, body)
        elif body:
            body = encoding.write(body)
        if not has_more:
            body += encoding.end()
        await self._send({**message, "body": body})

    def _inline_bytes(self) -> int:
        return self._encoder.inline_bytes if self._encoder is not None else 0


def _is_compressible(message: Message, *, is_forced: bool) -> bool:
    """Tell whether an answer may be compressed, by its head: texts that nobody has touched yet."""
    if message["status"] in _WITHOUT_BODY or message["status"] < 200:
        return False
    kind = b""
    for name, value in message["headers"]:
        if name == b"content-type":
            kind = value
        elif name in (b"content-encoding", b"content-range") or (
            name == b"cache-control" and b"no-transform" in value.lower()
        ):
            return False
    return is_forced or _TEXTS.match(kind) is not None


def _encoded(
    headers: Iterable[tuple[bytes, bytes]], coding: str, length: int | None
) -> list[tuple[bytes, bytes]]:
    """Return the headers of a compressed answer: its coding, its length and a tag of its own."""
    found = [
        (name, _tagged(value, coding) if name == b"etag" else value)
        for name, value in headers
        if name not in (b"content-length", b"accept-ranges")
    ]
    found.append((b"content-encoding", coding.encode()))
    if length is not None:
        found.append((b"content-length", str(length).encode()))
    return found


def _tagged(tag: bytes, coding: str) -> bytes:
    """Return the tag of the compressed form of what has `tag`.

    A strong tag promises the same bytes, so each form has its own. A weak one promises no bytes.
    """
    if tag.startswith(b"W/") or not tag.endswith(b'"'):
        return tag
    return tag[:-1] + b"-" + coding.encode() + b'"'


def _repeat_tag(scope: Scope, message: Message, coding: str) -> None:
    """Give a 304 the tag of the form that the client has: caches look for that very one."""
    asked = b",".join(value for name, value in scope["headers"] if name == b"if-none-match")
    message["headers"] = [
        (name, tagged if name == b"etag" and (tagged := _tagged(value, coding)) in asked else value)
        for name, value in message["headers"]
    ]
