"""Lines that the owner wrote and that name something: what a removal will leave without meaning."""

import io
import re
import tokenize
from collections.abc import Callable, Iterable, Iterator

from apigen.ir.names import pluralize, words
from apigen.values import dataclass

_NAME = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFile:
    """A Python file of a project."""

    path: str
    text: str
    base: str | None
    """What apigen wrote last; None for a file that is the owner's alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodePlace:
    """A line of the owner's."""

    path: str
    line: int
    text: str
    """Without the blanks around it."""


def owners_places(
    files: Iterable[CodeFile], is_meant: Callable[[str], bool]
) -> tuple[CodePlace, ...]:
    """Return the lines that the owner wrote in which a name is meant, in order."""
    return tuple(place for file in files for place in _in_file(file, is_meant))


def names_of_classes(names: Iterable[str], others: Iterable[str]) -> Callable[[str], bool]:
    """Return whether an identifier speaks of classes: `Order`, `orders`, `OrderRepository`.

    Args:
        names: The classes.
        others: Classes that stay: what speaks of `OrderNote` does not speak of `Order`.
    """
    wanted = [spelling for name in names for spelling in _spellings(name)]
    kept = [spelling for name in others for spelling in _spellings(name)]

    def is_meant(identifier: str) -> bool:
        parts = words(identifier)
        return _longest(parts, wanted) > _longest(parts, kept)

    return is_meant


def _spellings(name: str) -> list[tuple[str, ...]]:
    """Return the words of a class, in the singular and the plural."""
    parts = words(name)
    return [parts, (*parts[:-1], pluralize(parts[-1]))]


def _longest(parts: tuple[str, ...], spellings: Iterable[tuple[str, ...]]) -> int:
    """Return how many words the longest spelling in `parts` has, 0 when there is none."""
    return max(
        (
            len(run)
            for run in spellings
            if any(parts[at : at + len(run)] == run for at in range(len(parts) - len(run) + 1))
        ),
        default=0,
    )


def _in_file(file: CodeFile, is_meant: Callable[[str], bool]) -> Iterator[CodePlace]:
    lines = file.text.splitlines()
    if file.base == file.text:
        return
    known = frozenset(line.strip() for line in (file.base or "").splitlines())
    found = dict.fromkeys(
        number
        for number, name in _identifiers(file.text)
        if is_meant(name) and number <= len(lines) and lines[number - 1].strip() not in known
    )
    for number in found:
        yield CodePlace(path=file.path, line=number, text=lines[number - 1].strip())


def _identifiers(text: str) -> Iterator[tuple[int, str]]:
    """Yield line and text of each name; of every word when the file is no Python."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        for number, line in enumerate(text.splitlines(), start=1):
            yield from ((number, found[0]) for found in _NAME.finditer(line))
        return
    for token in tokens:
        if token.type == tokenize.NAME:
            yield token.start[0], token.string
