"""YAML events to nodes: anchors, aliases, merge keys, duplicate keys, and the limits.

Works with a stack of its own; the text and its encoding are `apigen.source.loader`'s business.
"""

from dataclasses import field, replace

from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from apigen.diagnostics import Label, Span
from apigen.diagnostics.collector import Collector
from apigen.source.node import Entry, MappingNode, Node, ScalarNode, SequenceNode
from apigen.source.scalars import resolve
from apigen.values import dataclass

MAX_DEPTH = 64
MAX_NODES = 500_000


class TooMuchError(Exception):
    """The document passes a limit, or is no single document."""

    def __init__(self, problem: str, span: Span, *, help: str = "") -> None:
        """Keep where it happened."""
        super().__init__(problem)
        self.span = span
        self.help = help


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    event: CollectionStartEvent
    anchor: str | None
    is_mapping: bool
    refused: bool
    children: list[Node | None] = field(default_factory=list)
    """Keys and values in turn for a mapping. None stands for a value that was refused."""
    size: int = 1


class Composer:
    """Builds the tree of one document; `root` is there when the last event has been taken."""

    def __init__(self, *, file: str, found: Collector, at: Span | None = None) -> None:
        """Start a document; `at` shifts all spans, for a fragment of one line."""
        self.file = file
        self.root: Node | None = None
        self._found = found
        self._at = at
        self._documents = 0
        self._stack: list[_Open] = []
        self._anchors: dict[str, tuple[Node, int] | None] = {}
        """None while the anchored collection is still open."""
        self._nodes = 0

    def take(self, event: Event) -> None:
        """Take the next event."""
        match event:
            case ScalarEvent():
                self._scalar(event)
            case CollectionStartEvent():
                self._open(event)
            case MappingEndEvent() | SequenceEndEvent():
                self._close(event)
            case AliasEvent():
                self._alias(event)
            case DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    raise TooMuchError(
                        "a second document starts",
                        self.start_span(event, width=3),
                        help="one file holds one spec; use `include` for more",
                    )
            case _:
                pass

    def start_span(self, event: Event, *, width: int = 0) -> Span:
        """Return the span that starts where an event does."""
        line, column, _, _ = _bounds(event)
        return self._span(line, column, line, column + width)

    def _span(self, line: int, column: int, end_line: int, end_column: int) -> Span:
        if self._at is not None:
            at = self._at
            return Span(
                file=self.file,
                line=at.line,
                column=at.column + column,
                end_line=at.line,
                end_column=at.column + end_column,
            )
        return Span(
            file=self.file,
            line=line + 1,
            column=column + 1,
            end_line=end_line + 1,
            end_column=end_column + 1,
        )

    def _scalar(self, event: ScalarEvent) -> None:
        raw, style = event.value, event.style
        plain = style is None or style == ""
        node = ScalarNode(
            value=resolve(raw) if plain else raw,
            raw=raw,
            quoted=style in ("'", '"'),
            block=style in ("|", ">"),
            span=self._span(*_bounds(event)),
        )
        if event.anchor is not None:
            self._anchors[event.anchor] = (node, 1)
        self._add(None if self._has_tag(event) else node, size=1, span=node.span)

    def _open(self, event: CollectionStartEvent) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise TooMuchError(f"more than {MAX_DEPTH} levels of nesting", self.start_span(event))
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        self._stack.append(
            _Open(
                event=event,
                anchor=event.anchor,
                is_mapping=isinstance(event, MappingStartEvent),
                refused=self._has_tag(event),
            )
        )

    def _close(self, event: Event) -> None:
        opened = self._stack.pop()
        line, column, _, _ = _bounds(opened.event)
        _, _, end_line, end_column = _bounds(event)
        if not opened.event.flow_style and opened.children:
            # A block ends where its last value ends, not at the next token.
            last = opened.children[-1]
            if last is not None and self._at is None:
                end_line, end_column = last.span.end_line - 1, last.span.end_column - 1
        span = self._span(line, column, end_line, end_column)
        node: Node
        if opened.is_mapping:
            node = MappingNode(entries=self._entries(opened), span=span)
        else:
            node = SequenceNode(
                items=tuple(child for child in opened.children if child is not None), span=span
            )
        if opened.anchor is not None:
            self._anchors[opened.anchor] = (node, opened.size)
        self._add(None if opened.refused else node, size=opened.size, span=span)

    def _alias(self, event: AliasEvent) -> None:
        anchor = event.anchor
        span = self._span(*_bounds(event))
        if anchor not in self._anchors:
            self._found.error(
                "AG008",
                f"YAML reads `*{anchor}` as an alias",
                span,
                label=f"there is no anchor `&{anchor}` above",
                help="for any state write `any`; text that starts with `*` needs quotes",
            )
            self._add(None, size=1, span=span)
            return
        known = self._anchors[anchor]
        if known is None:
            raise TooMuchError(f"`*{anchor}` stands inside its own anchor", span)
        node, size = known
        self._add(replace(node, span=span), size=size, span=span)

    def _has_tag(self, event: ScalarEvent | CollectionStartEvent) -> bool:
        if event.tag is None:
            return False
        shown = event.tag.replace("tag:yaml.org,2002:", "!!")
        self._found.error(
            "AG008",
            f"YAML reads `{shown}` as a tag",
            self.start_span(event, width=len(shown)),
            help="fields are required by default, so no `!` is needed; quote text that starts"
            " with `!`",
        )
        return True

    def _add(self, node: Node | None, *, size: int, span: Span) -> None:
        self._nodes += size
        if self._nodes > MAX_NODES:
            raise TooMuchError(f"more than {MAX_NODES:,} values once aliases are followed", span)
        if not self._stack:
            self.root = node
            return
        self._stack[-1].size += size
        self._stack[-1].children.append(node)

    def _entries(self, opened: _Open) -> tuple[Entry, ...]:
        entries: dict[str, Entry] = {}
        merged: list[Entry] = []
        pairs = iter(opened.children)
        for key_node, value in zip(pairs, pairs, strict=True):
            if key_node is None:
                continue
            if not isinstance(key_node, ScalarNode):
                self._found.error(
                    "AG006",
                    "a key is a name, not a list or mapping",
                    key_node.span,
                    help="text in braces or brackets needs quotes",
                )
                continue
            key = key_node.raw
            if key == "<<" and not key_node.quoted and value is not None:
                merged += self._merged(value)
                continue
            if key in entries:
                self._duplicate(key, key_node, entries[key], opened)
            elif value is not None:
                entries[key] = Entry(key=key, key_node=key_node, value=value)
        # Keys written beside `<<` win over merged ones, and earlier merged ones over later.
        for entry in merged:
            entries.setdefault(entry.key, entry)
        return tuple(entries.values())

    def _merged(self, value: Node) -> tuple[Entry, ...]:
        sources = value.items if isinstance(value, SequenceNode) else (value,)
        entries: list[Entry] = []
        for source in sources:
            if isinstance(source, MappingNode):
                entries += source.entries
                self._nodes += len(source.entries)
            else:
                self._found.error(
                    "AG006",
                    "`<<` takes a mapping, or a list of mappings",
                    source.span,
                    help="`<<: *name` where `&name` marks a mapping",
                )
        return tuple(entries)

    def _duplicate(self, key: str, node: ScalarNode, first: Entry, opened: _Open) -> None:
        parent = self._parent()
        self._found.error(
            "AG004",
            f"`{key}` appears twice in {parent}",
            node.span,
            labels=(Label(span=first.key_span, text="first here"),),
            help="merge the two",
        )

    def _parent(self) -> str:
        """Name the key that holds a mapping: the last key of the collection around it."""
        if not self._stack:
            return "the file"
        around = self._stack[-1]
        last = around.children[-1] if around.children else None
        if around.is_mapping and isinstance(last, ScalarNode):
            return f"`{last.raw}`"
        return "this mapping"


def _bounds(event: Event) -> tuple[int, int, int, int]:
    """Return line and column of start and end, counted from 0."""
    start, end = event.start_mark, event.end_mark
    assert start is not None
    assert end is not None
    return start.line, start.column, end.line, end.column
