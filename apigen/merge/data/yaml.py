"""Merge YAML by key. Anchors, quotes and indentation of the owner stay.

Items that are mappings are told apart by id, name, or the action they use. Texts with several
documents or with keys that are no plain values are left to the merge by lines.
"""

import re
from collections.abc import Iterator
from dataclasses import field

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.nodes import ScalarNode

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
    line_start,
)
from apigen.merge.merged import Merged, Unmergeable
from apigen.values import dataclass

_NAMES = ("id", "name", "uses", "key", "target")
"""What tells one mapping of a sequence from another, the surest first."""
_ORDERED = frozenset({"command", "entrypoint", "test", "args"})
"""Keys of sequences that are words of a command."""
_BEFORE_DASH = re.compile(r"(?:[ \t\n]|#[^\n]*|[&!]\S+)*-")


def merge_yaml(
    base: str, mine: str, theirs: str, *, restore: frozenset[str] = frozenset()
) -> Merged:
    """Merge three texts.

    Raises:
        Unmergeable: One of them is no YAML, or more than one document.
    """
    return merge_documents(base, mine, theirs, read=read_yaml, restore=restore)


def read_yaml(text: str) -> Document:
    """Return a text as a tree.

    Raises:
        Unmergeable: It is no YAML, or more than one document.
    """
    parser = YAML(typ="safe", pure=True)
    try:
        events = list(parser.parse(text))
    except (YAMLError, RecursionError, ValueError) as error:
        raise Unmergeable(f"no YAML: {error}") from error
    starts = [event for event in events if isinstance(event, DocumentStartEvent)]
    if not starts:
        return Document(text=text, root=None, comments=(), may_be_empty=False)
    if len(starts) > 1:
        raise Unmergeable("several documents in one file")
    reader = _Reader(text=text, events=iter(events), resolver=parser.resolver)
    start = line_end(text, _start(starts[0])) if starts[0].explicit else 0
    while not isinstance(next(reader.events), DocumentStartEvent):
        pass
    root, _ = reader.node(next(reader.events), start, "", line=start)
    return Document(
        text=text,
        root=root,
        comments=comments_outside(text, reader.tokens),
        may_be_empty=False,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Turns the events of a parser into a tree."""

    text: str
    events: Iterator[Event]
    resolver: object
    tokens: list[tuple[int, int]] = field(default_factory=list)
    """Spans of the keys and scalars seen so far."""
    anchors: set[str] = field(default_factory=set)

    def node(
        self, event: Event, behind: int, key: str, *, line: int | None = None
    ) -> tuple[Node, int]:
        """Return the value that begins with an event, and where its text ends.

        Args:
            event: The first event of it.
            behind: Where the sign before it ends.
            key: The key it belongs to.
            line: Where the lines of a block begin; by default behind the line of the sign.
        """
        anchor = event.anchor if isinstance(event, NodeEvent) else None
        if anchor is not None and not isinstance(event, AliasEvent):
            self.anchors.add(anchor)
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            if event.flow_style:
                return self.flow(event, key)
            return self.block(event, behind, key, line)
        start = _start(event)
        end = start + len(self.text[start : _end(event)].rstrip())
        if start == end:
            # A value that is not there has the place of what follows.
            start = end = behind
        self.tokens.append((start, end))
        if isinstance(event, AliasEvent):
            if anchor not in self.anchors:
                raise Unmergeable(f"the anchor `{anchor}` is not defined")
            return Scalar(start=start, end=end, normal=("alias", anchor)), end
        if not isinstance(event, ScalarEvent):
            raise Unmergeable(f"unexpected at offset {start}")
        return Scalar(start=start, end=end, normal=self.meaning(event)), end

    def meaning(self, event: ScalarEvent) -> tuple[object, ...]:
        # `Any` of ruamel: the resolver is one attribute of many of an untyped class.
        resolve = getattr(self.resolver, "resolve")  # noqa: B009
        tag = event.tag or str(resolve(ScalarNode, event.value, event.implicit))
        return (event.anchor or "", tag, event.value)

    def block(self, event: Event, behind: int, key: str, line: int | None) -> tuple[Container, int]:
        found: list[Found] = []
        is_mapping = isinstance(event, MappingStartEvent)
        position = _start(event)
        for child in self.events:
            if isinstance(child, MappingEndEvent | SequenceEndEvent):
                break
            one = self.pair(child) if is_mapping else self.item(child, position, key)
            found.append(one)
            position = one.tail
        head = found[0].head
        if line is None:
            line = head if line_start(self.text, head) <= behind else line_end(self.text, behind)
        shape = Shape.MAPPING if is_mapping else Shape.SEQUENCE
        container = block(self.text, _checked(shape, found), found, line)
        return container, container.end

    def pair(self, event: Event) -> Found:
        if not isinstance(event, ScalarEvent):
            raise Unmergeable("a key that is no plain value")
        start, end = _start(event), _end(event)
        self.tokens.append((start, end))
        sign = self.text.find(":", end)
        if sign < 0 or self.text[end:sign].strip() or self._is_explicit(start):
            raise Unmergeable(f"a key of its own form: `{event.value}`")
        value, tail = self.node(next(self.events), sign + 1, event.value)
        return Found(
            key=event.value, head=start, value_from=sign + 1, value=value, tail=max(tail, sign + 1)
        )

    def item(self, event: Event, position: int, key: str) -> Found:
        dash = _BEFORE_DASH.match(self.text, position)
        if dash is None:
            raise Unmergeable("an item without a dash")
        value, tail = self.node(event, dash.end(), key)
        return Found(
            key=identity(value, _NAMES),
            head=dash.end() - 1,
            value_from=dash.end(),
            value=value,
            tail=max(tail, dash.end()),
        )

    def flow(self, event: Event, key: str) -> tuple[Container, int]:
        found: list[Found] = []
        is_mapping = isinstance(event, MappingStartEvent)
        end = _end(event)
        for child in self.events:
            if isinstance(child, MappingEndEvent | SequenceEndEvent):
                end = _end(child)
                break
            if is_mapping:
                found.append(self.pair(child))
                continue
            value, tail = self.node(child, _start(child), key)
            head = value.start
            found.append(
                Found(
                    key=identity(value, _NAMES),
                    head=head,
                    value_from=head,
                    value=value,
                    tail=tail,
                )
            )
        shape = Shape.MAPPING if is_mapping else Shape.SEQUENCE
        start = _end(event) - 1
        container = flow(
            self.text, _checked(shape, found), found, start, end, is_ordered=key in _ORDERED
        )
        return container, end

    def _is_explicit(self, key: int) -> bool:
        return self.text[:key].rstrip(" ").endswith("?")


def _checked(shape: Shape, found: list[Found]) -> Shape:
    if shape is Shape.MAPPING and len({one.key for one in found}) < len(found):
        raise Unmergeable("a key stands twice")
    return shape


def _start(event: Event) -> int:
    return int(event.start_mark.index)


def _end(event: Event) -> int:
    return int(event.end_mark.index)
