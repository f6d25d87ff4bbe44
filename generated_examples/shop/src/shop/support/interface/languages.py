"""Which language a request is answered in, and what its answer says of that.

`?locale=de` comes before `Accept-Language`; `?locale=all` asks for the texts of all locales. An
answer that depends on the language says so: `Content-Language`, and `Vary` for caches. Nothing is
looked at until somebody wants to know.

Source: requirement 99.1; RFC 9110, sections 8.5 and 12.5.4; RFC 4647, section 3.4.
"""

from contextvars import Token
from functools import lru_cache
from urllib.parse import parse_qs

from starlette.types import Scope

from ..core.languages import (
    EVERY_LOCALE,
    Locales,
    RequestLanguage,
    bind_language,
    release_language,
)
from .public_path import RESPONSE_HEADERS

_KEPT = 256
_LONGEST_KEPT = 128
"""Clients send few different headers; long ones are nobody's business to keep."""


class RequestLanguages:
    """Tells everything that a request leads to which language it is answered in."""

    def __init__(self, locales: Locales) -> None:
        """Answer in these locales."""
        self._locales = locales
        self._kept = lru_cache(_KEPT)(locales.best)

    def begin(self, scope: Scope) -> Token[RequestLanguage | None]:
        """Begin a request; `end` ends it, in the same task."""
        return bind_language(_AskedLanguage(self, scope))

    def end(self, token: Token[RequestLanguage | None]) -> None:
        """End what `begin` has begun."""
        release_language(token)

    def answer(self, scope: Scope) -> str:
        """Return what a request is answered in: a locale, or `EVERY_LOCALE`."""
        return self._asked(scope) or self._best(_header(scope, b"accept-language"))

    def headers(self, answer: str) -> tuple[tuple[bytes, bytes], ...]:
        """Return what an answer says that depends on the language."""
        spoken = ", ".join(self._locales.supported) if answer == EVERY_LOCALE else answer
        return (b"vary", b"Accept-Language"), (b"content-language", spoken.encode())

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


class _AskedLanguage:
    """What one request says, looked up once."""

    __slots__ = ("_answer", "_languages", "_scope")

    def __init__(self, languages: RequestLanguages, scope: Scope) -> None:
        self._languages = languages
        self._scope = scope
        self._answer: str | None = None

    @property
    def answer(self) -> str:
        """The locale; the answer of the request says that it depends on it."""
        if self._answer is None:
            self._answer = self._languages.answer(self._scope)
            added = self._scope["state"].setdefault(RESPONSE_HEADERS, [])
            added += self._languages.headers(self._answer)
        return self._answer

    @property
    def content(self) -> str | None:
        """The language of what was sent."""
        return _header(self._scope, b"content-language")


def _header(scope: Scope, wanted: bytes) -> str | None:
    """Return a header of a request; of several the first counts."""
    found = next((value for name, value in scope["headers"] if name == wanted), None)
    return None if found is None else found.decode("latin-1")
