"""Which locales there are, which of them a request is answered in, and which it was written in.

A locale is a language tag (BCP 47) as this project spells it: `en`, `de-CH`. Knows nothing of
HTTP but how `Accept-Language` is written.

Source: requirements 25.3, 99.1, 99.4.
"""

import re
from collections.abc import Mapping
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from typing import Protocol

EVERY_LOCALE = "all"
"""Asks for the texts of all locales at once, in place of a locale."""

_RANGE = re.compile(
    r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*(?:;\s*[qQ]\s*=\s*([01](?:\.[0-9]{0,3})?)\s*)?"
)
_MAX_RANGES = 32
"""Of a header; no browser sends more, and each costs a look-up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Locales:
    """The locales of a project."""

    default: str
    """Where every text that is there has a form."""
    chains: Mapping[str, tuple[str, ...]] = field(hash=False)
    """Of each locale: those whose texts are tried, itself first, the default last."""

    @property
    def supported(self) -> tuple[str, ...]:
        """All locales, in the order of the specification."""
        return tuple(self.chains)

    @property
    def offered(self) -> tuple[str, ...]:
        """What a client may ask for: a locale, or all of them."""
        return (*self.supported, EVERY_LOCALE)

    def chain(self, locale: str) -> tuple[str, ...]:
        """Return the locales whose texts are tried for `locale`, best first."""
        return self.chains.get(locale, (self.default,))

    def find(self, tag: str) -> str | None:
        """Return the locale that is called so, whatever the case, or None."""
        wanted = tag.strip().lower()
        return next((known for known in self.chains if known.lower() == wanted), None)

    def best(self, accepted: str | None) -> str:
        """Return the locale that suits an `Accept-Language` best; the default when none does.

        Look-up of RFC 4647, section 3.4: the ranges in the order of their weights, each cut from
        its end until it names a locale. What is no range is passed over, so is one of weight 0.
        """
        for tag in _ranges(accepted or ""):
            if tag == "*":
                return self.default
            parts = tag.split("-")
            while parts:
                found = self.find("-".join(parts))
                if found is not None:
                    return found
                parts.pop()
                # A single letter begins an extension, which says nothing without its end.
                while parts and len(parts[-1]) == 1:
                    parts.pop()
        return self.default


def _ranges(accepted: str) -> list[str]:
    """Return the ranges of an `Accept-Language`, best first."""
    weighed: list[tuple[float, str]] = []
    for part in accepted.split(",")[:_MAX_RANGES]:
        match = _RANGE.fullmatch(part)
        if match is None:
            continue
        weight = min(float(match[2]), 1.0) if match[2] else 1.0
        if weight > 0:
            weighed.append((weight, match[1]))
    # Sorting keeps the order of ranges that weigh the same.
    return [tag for _, tag in sorted(weighed, key=lambda pair: -pair[0])]


class RequestLanguage(Protocol):
    """What one request says of languages."""

    @property
    def answer(self) -> str:
        """A locale, or `EVERY_LOCALE`; who reads it makes the answer depend on it."""
        ...

    @property
    def content(self) -> str | None:
        """Its `Content-Language`, as it was sent."""
        ...


_current: ContextVar[RequestLanguage | None] = ContextVar("request_language", default=None)


def bind_language(language: RequestLanguage) -> Token[RequestLanguage | None]:
    """Begin a request with this language; `release_language` ends it, in the same task."""
    return _current.set(language)


def release_language(token: Token[RequestLanguage | None]) -> None:
    """End what `bind_language` has begun."""
    _current.reset(token)


def answer_language(locales: Locales) -> str:
    """Return what texts are answered in: a locale or `EVERY_LOCALE`.

    Outside of requests it is the default locale.
    """
    language = _current.get()
    return locales.default if language is None else language.answer


def language_tag() -> str:
    """Return what tells answers of one language from others; empty outside of requests."""
    language = _current.get()
    return "" if language is None else language.answer


def content_language() -> str | None:
    """Return the tag of the language that the request says it is written in, if it does."""
    language = _current.get()
    return None if language is None else language.content
