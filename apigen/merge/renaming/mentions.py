"""Old names that are left after a rename, for the owner to see: nothing here is changed."""

import re
import token as kinds
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from apigen.evolve.record import Rename
from apigen.merge.renaming.alignment import renamed_tokens
from apigen.merge.renaming.code import Code, NotPython, read_code
from apigen.merge.renaming.names import Names
from apigen.merge.renaming.pairing import Pair
from apigen.values import dataclass

_TEXTS = frozenset((kinds.STRING, kinds.COMMENT, kinds.FSTRING_MIDDLE))
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BEFORE = "`'/."
_AFTER = "`'/:=(["
"""Signs that make a plain word in prose a name."""


class Why(StrEnum):
    """Why an old name is left."""

    DOUBT = "looks like a reference"
    """The class of the receiver is not known, and others have a member of the name."""
    TEXT = "mentions the old name"
    """In a text, a comment or a file that is not Python."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """An old name that stays."""

    path: str
    """After the renames."""
    line: int
    name: str
    text: str
    """The line, without the spaces around it."""
    why: Why


def old_words(names: Names, pairs: Iterable[Pair], renames: Sequence[Rename]) -> frozenset[str]:
    """Return the words that tell of what was renamed, as code and as texts of apigen spell it."""
    stems = {_plain(rename.old.rpartition(".")[2])[:-1] for rename in renames}
    found = set(names.words)
    for pair in pairs:
        if not pair.old.path.endswith(".py") or pair.old.content == pair.new.content:
            continue
        try:
            old, new = read_code(pair.old.text), read_code(pair.new.text)
        except NotPython:  # pragma: no cover  # a rendering was formatted, so it parses
            continue
        for index, text in renamed_tokens(old, new).items():
            if old.tokens[index].kind in _TEXTS and old.tokens[index].text != text:
                gone = set(_WORD.findall(old.tokens[index].text)) - set(_WORD.findall(text))
                found.update(word for word in gone if any(stem in _plain(word) for stem in stems))
    kept = {
        name
        for table in (names.definitions, names.members)
        for row in table.values()
        for name in row.values()
    }
    return frozenset(found - kept)


def in_python(
    path: str, code: Code, words: frozenset[str], settled: frozenset[int]
) -> Iterator[Mention]:
    """Yield the mentions in texts and comments of a module.

    Args:
        path: Where it stands.
        code: The module before the renames.
        words: What to look for.
        settled: Where tokens and names start that are renamed, or are as apigen wrote them.
    """
    lines = code.text.split("\n")
    for token in code.tokens:
        if token.kind not in _TEXTS or token.start in settled:
            continue
        is_prose = token.kind == kinds.COMMENT or '"""' in token.text
        start = token.start
        for number, row in enumerate(token.text.split("\n"), start=token.line):
            done = frozenset(place - start for place in settled if start <= place < token.end)
            for word in _told(row, words, is_prose=is_prose, done=done):
                yield Mention(
                    path=path, line=number, name=word, text=lines[number - 1].strip(), why=Why.TEXT
                )
            start += len(row) + 1


def in_text(path: str, text: str, words: frozenset[str]) -> Iterator[Mention]:
    """Yield the mentions in a file that is not Python."""
    is_prose = path.endswith((".md", ".rst", ".txt"))
    for number, row in enumerate(text.split("\n"), start=1):
        for word in _told(row, words, is_prose=is_prose):
            yield Mention(path=path, line=number, name=word, text=row.strip(), why=Why.TEXT)


def of_doubts(path: str, code: Code, doubts: Mapping[int, str]) -> Iterator[Mention]:
    """Yield the places that look like references."""
    lines = code.text.split("\n")
    for start, name in sorted(doubts.items()):
        line = code.line(start)
        yield Mention(path=path, line=line, name=name, text=lines[line - 1].strip(), why=Why.DOUBT)


def _told(
    row: str, words: frozenset[str], *, is_prose: bool, done: frozenset[int] = frozenset()
) -> list[str]:
    """Return the words in a row; a plain word in prose counts only when it is marked as a name."""
    found: list[str] = []
    for match in _WORD.finditer(row):
        word = match[0]
        if word not in words or word in found or match.start() in done:
            continue
        before, after = row[match.start() - 1 : match.start()], row[match.end() : match.end() + 1]
        is_marked = (before != "" and before in _BEFORE) or (after != "" and after in _AFTER)
        is_name = not word.islower() or "_" in word or is_marked
        if is_name or not is_prose:
            found.append(word)
    return found


def _plain(word: str) -> str:
    return word.replace("_", "").lower()
