"""Merge TOML by table and key.

Arrays are ordered sets; requirements are keyed by the name of the package, so that a version both
sides changed is one conflict and a package one side added is none.
"""

import re
import tomllib
from dataclasses import field

from apigen.merge.data.documents import merge_documents
from apigen.merge.data.placed import Found, block, flow
from apigen.merge.data.tree import (
    Container,
    Document,
    Node,
    Scalar,
    Shape,
    comments_outside,
    identity,
    line_end,
)
from apigen.merge.merged import Merged, Unmergeable
from apigen.values import dataclass

_NAMES = ("id", "name", "include-group", "module", "url", "path")
"""What tells one table of an array from another, the surest first."""
_REQUIREMENTS = re.compile(
    r"project\.dependencies|project\.optional-dependencies\..+|dependency-groups\..+"
    r"|build-system\.requires|tool\.uv\.(dev-dependencies|constraint-dependencies)"
)
_PACKAGE = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_BLANKS = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL
)
_BARE = re.compile(r"[^,\]}#\n]+")
_KEY_PART = re.compile(r'[ \t]*("(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|[A-Za-z0-9_-]+)[ \t]*(\.?)')


def merge_toml(
    base: str, mine: str, theirs: str, *, restore: frozenset[str] = frozenset()
) -> Merged:
    """Merge three texts.

    Raises:
        Unmergeable: One of them is no TOML.
    """
    return merge_documents(base, mine, theirs, read=read_toml, restore=restore)


def read_toml(text: str) -> Document:
    """Return a text as a tree: top-level keys, and a table under every header.

    Raises:
        Unmergeable: It is no TOML.
    """
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unmergeable(f"no TOML: {error}") from error
    reader = _Reader(text=text)
    root = reader.document()
    return Document(text=text, root=root, comments=comments_outside(text, reader.tokens))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Finds the places of values in a text that is known to be TOML."""

    text: str
    tokens: list[tuple[int, int]] = field(default_factory=list)
    """Spans of the keys and scalars seen so far."""

    def document(self) -> Container:
        found, at = self.pairs(0, "")
        labels: dict[tuple[str, ...], str] = {}
        while at < len(self.text):
            head = at
            is_array = self.text.startswith("[[", at)
            path, at = self.key(at + 1 + is_array)
            body = line_end(self.text, self.text.index("]", at))
            name = _label(path, labels)
            pairs, at = self.pairs(body, name)
            value = block(self.text, Shape.MAPPING, pairs, body)
            if is_array:
                # Subtables belong to the last table of the array.
                labels = {p: label for p, label in labels.items() if p[: len(path)] != path}
                name = _free(f"{name}[{identity(value, _NAMES)}]", found)
                labels[path] = name
            found.append(Found(key=name, head=head, value_from=body, value=value, tail=value.end))
        return block(self.text, Shape.MAPPING, found, 0)

    def pairs(self, start: int, table: str) -> tuple[list[Found], int]:
        """Return the pairs up to the next header or the end, and where that is."""
        found: list[Found] = []
        at = self.blanks(start)
        while at < len(self.text) and self.text[at] != "[":
            one = self.pair(at, table)
            found.append(one)
            at = self.blanks(one.tail)
        return found, at

    def pair(self, head: int, table: str) -> Found:
        path, at = self.key(head)
        name = ".".join(_spelled(part) for part in path)
        value_from = self.text.index("=", at) + 1
        value = self.value(self.blanks(value_from), f"{table}.{name}" if table else name)
        return Found(key=name, head=head, value_from=value_from, value=value, tail=value.end)

    def value(self, at: int, place: str) -> Node:
        if self.text[at] in "[{":
            return self.container(at, place)
        found = _STRING.match(self.text, at)
        if found is None:
            found = _BARE.match(self.text, at)
            assert found is not None  # the text was parsed before
        end = at + len(found[0].rstrip())
        self.tokens.append((at, end))
        value = tomllib.loads(f"v = {self.text[at:end]}")["v"]
        said = value
        if isinstance(value, str) and _REQUIREMENTS.fullmatch(place.rpartition("[")[0] or place):
            said = re.sub(r"\s+", "", value)
        elif not isinstance(value, str):
            said = repr(value)
        return Scalar(start=at, end=end, normal=(type(value).__name__, said))

    def container(self, start: int, place: str) -> Container:
        is_array = self.text[start] == "["
        close = "]" if is_array else "}"
        found: list[Found] = []
        at = self.blanks(start + 1)
        while self.text[at] != close:
            if is_array:
                value = self.value(at, f"{place}[")
                key = _item_key(value, place)
                one = Found(key=key, head=at, value_from=at, value=value, tail=value.end)
            else:
                one = self.pair(at, place)
            found.append(one)
            at = self.blanks(one.tail)
            if self.text[at] == ",":
                at = self.blanks(at + 1)
        shape = Shape.SEQUENCE if is_array else Shape.MAPPING
        return flow(self.text, shape, found, start, at + 1, is_ordered=False)

    def key(self, at: int) -> tuple[tuple[str, ...], int]:
        """Return the parts of a dotted key and where it ends."""
        parts: list[str] = []
        more = True
        while more:
            found = _KEY_PART.match(self.text, at)
            assert found is not None  # the text was parsed before
            self.tokens.append(found.span(1))
            parts.append(_plain(found[1]))
            at, more = found.end(), bool(found[2])
        return tuple(parts), at

    def blanks(self, at: int) -> int:
        found = _BLANKS.match(self.text, at)
        return at if found is None else found.end()


def _item_key(value: Node, place: str) -> str:
    """Return what tells an item of an array from the others."""
    if isinstance(value, Scalar) and _REQUIREMENTS.fullmatch(place):
        found = _PACKAGE.match(str(value.normal[-1]))
        if found is not None:
            return re.sub(r"[-_.]+", "-", found[1]).lower()
    return identity(value, _NAMES)


def _label(path: tuple[str, ...], labels: dict[tuple[str, ...], str]) -> str:
    """Return the name of a table, below the table of an array it belongs to."""
    for length in range(len(path) - 1, 0, -1):
        label = labels.get(path[:length])
        if label is not None:
            return ".".join((label, *(_spelled(part) for part in path[length:])))
    return ".".join(_spelled(part) for part in path)


def _free(name: str, found: list[Found]) -> str:
    taken = {one.key for one in found}
    number, free = 2, name
    while free in taken:
        free, number = f"{name}#{number}", number + 1
    return free


def _plain(key: str) -> str:
    if key[0] in "\"'":
        return str(tomllib.loads(f"v = {key}")["v"])
    return key


def _spelled(part: str) -> str:
    return part if re.fullmatch(r"[A-Za-z0-9_-]+", part) else f'"{part}"'
