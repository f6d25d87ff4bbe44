"""Which language a request is answered in, and what its answer says of that.

`?locale=de` comes before `Accept-Language`; `?locale=all` asks for the texts of all locales. An
answer that depends on the language says so: `Content-Language`, and `Vary` for caches.

Source: requirement 99.1; RFC 9110, sections 8.5 and 12.5.4; RFC 4647, section 3.4.
"""

from functools import lru_cache
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..core.languages import (
    EVERY_LOCALE,
    Locales,
    RequestLanguage,
    bind_language,
    release_language,
)

_KEPT = 256
_LONGEST_KEPT = 128
"""Clients send few different headers; long ones are nobody's business to keep."""


class LanguageMiddleware:
    """Tells everything below which language a request is answered in."""

    def __init__(self, app: ASGIApp, locales: Locales) -> None:
        """Wrap `app`, which answers in these locales."""
        self._app = app
        self._locales = locales
        self._kept = lru_cache(_KEPT)(locales.best)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection; anything but HTTP passes through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        accepted = content = None
        for name, value in reversed(scope["headers"]):
            if name == b"accept-language":
                accepted = value.decode("latin-1")
            elif name == b"content-language":
                content = value.decode("latin-1")
        language = RequestLanguage(
            answer=self._asked(scope) or self._best(accepted), content=content
        )

        async def send_with_language(message: Message) -> None:
            if message["type"] == "http.response.start" and language.is_used:
                self._announce(MutableHeaders(raw=message["headers"]), language.answer)
            await send(message)

        # Not as a block of `with`: this is on the way of every request.
        token = bind_language(language)
        try:
            await self._app(scope, receive, send_with_language)
        finally:
            release_language(token)

    def _best(self, accepted: str | None) -> str:
        if accepted is None:
            return self._locales.default
        best = self._kept if len(accepted) <= _LONGEST_KEPT else self._locales.best
        return best(accepted)

    def _asked(self, scope: Scope) -> str | None:
        """Return what `locale` in the query string asks for; what is no locale is not looked at."""
        query: bytes = scope["query_string"]
        if b"locale=" not in query:
            return None
        found = parse_qs(query.decode("latin-1")).get("locale", [""])[-1]
        return EVERY_LOCALE if found == EVERY_LOCALE else self._locales.find(found)

    def _announce(self, headers: MutableHeaders, answer: str) -> None:
        headers.add_vary_header("Accept-Language")
        if "content-language" not in headers:
            headers["Content-Language"] = (
                ", ".join(self._locales.supported) if answer == EVERY_LOCALE else answer
            )
