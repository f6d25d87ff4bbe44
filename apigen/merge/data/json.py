"""Merge JSON by key. The owner's indentation and order stay."""

import json
import re

from apigen.merge.data.documents import merge_documents
from apigen.merge.data.placed import Found, flow
from apigen.merge.data.tree import Container, Document, Node, Normal, Scalar, Shape, identity
from apigen.merge.merged import Merged, Unmergeable
from apigen.values import dataclass

_BLANKS = re.compile(r"[ \t\n\r]*")
_SCALAR = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s,\]}]+')
_NAMES = ("id", "name", "key", "operationId")
"""What tells one mapping of a sequence from another, the surest first."""


def merge_json(
    base: str, mine: str, theirs: str, *, restore: frozenset[str] = frozenset()
) -> Merged:
    """Merge three texts.

    Raises:
        Unmergeable: One of them is no JSON, or a value has a key twice.
    """
    return merge_documents(base, mine, theirs, read=read_json, restore=restore)


def read_json(text: str) -> Document:
    """Return a text as a tree.

    Raises:
        Unmergeable: It is no JSON, or a key stands twice.
    """
    if not text.strip():
        return Document(text=text, root=None, comments=())
    try:
        json.loads(text, object_pairs_hook=_refuse_twice)
    except (ValueError, RecursionError) as error:
        raise Unmergeable(f"no JSON: {error}") from error
    node, _ = _Reader(text=text).node(_blanks(text, 0))
    return Document(text=text, root=node, comments=(), unit=_unit(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Finds the places of values in a text that is known to be JSON."""

    text: str

    def node(self, at: int) -> tuple[Node, int]:
        if self.text[at] == "{":
            return self.container(at, Shape.MAPPING, "}")
        if self.text[at] == "[":
            return self.container(at, Shape.SEQUENCE, "]")
        found = _SCALAR.match(self.text, at)
        assert found is not None  # the text was parsed before
        value = json.loads(found[0])
        return Scalar(start=at, end=found.end(), normal=_scalar(value)), found.end()

    def container(self, start: int, shape: Shape, close: str) -> tuple[Container, int]:
        found: list[Found] = []
        at = _blanks(self.text, start + 1)
        while self.text[at] != close:
            name, head = None, at
            if shape is Shape.MAPPING:
                token = _SCALAR.match(self.text, at)
                assert token is not None  # as above
                name = str(json.loads(token[0]))
                at = _blanks(self.text, token.end()) + 1
            value_from = at
            value, tail = self.node(_blanks(self.text, at))
            found.append(
                Found(
                    key=identity(value, _NAMES) if name is None else name,
                    head=head,
                    value_from=value_from,
                    value=value,
                    tail=tail,
                )
            )
            at = _blanks(self.text, tail)
            if self.text[at] == ",":
                at = _blanks(self.text, at + 1)
        return flow(self.text, shape, found, start, at + 1, is_ordered=False), at + 1


def _scalar(value: object) -> Normal:
    return (type(value).__name__, repr(value) if isinstance(value, float) else value)


def _refuse_twice(pairs: list[tuple[str, object]]) -> object:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key stands twice")
    return None


def _blanks(text: str, at: int) -> int:
    found = _BLANKS.match(text, at)
    return at if found is None else found.end()


def _unit(text: str) -> int:
    """Return the blanks of the first indented line."""
    found = re.search(r"^( +)\S", text, re.MULTILINE)
    return len(found[1]) if found else 2
