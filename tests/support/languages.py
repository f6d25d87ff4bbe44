"""A language that is spoken without a request."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from apigen.support.core.languages import RequestLanguage, bind_language, release_language


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenLanguage:
    """A `RequestLanguage` without a request."""

    answer: str
    content: str | None = None


@contextmanager
def bound_language(language: RequestLanguage) -> Iterator[None]:
    """Run a block as part of a request with this language."""
    token = bind_language(language)
    try:
        yield
    finally:
        release_language(token)
