"""The syntax of type strings: `str(1..80)?`, `enum(a|b)`, `list(ref)`, `ref(A|B)`.

Says how a type is written, not what it means: names are looked up in `apigen.lower`.
"""

import re
from typing import Literal, NoReturn

from apigen.diagnostics import Edit, Fix, Span
from apigen.diagnostics.collector import Collector
from apigen.ir.types import Json
from apigen.source.node import Node, ScalarNode
from apigen.source.spans import part, text_span
from apigen.spec.located import Located
from apigen.spec.shape import Place, Shape
from apigen.values import dataclass

GRAMMAR = "type[?] [modifier | modifier=value …] [= default | := expression]"
_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_MEMBER = re.compile(r"[^\s|(),=]+")
_MAX_DEPTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What stands in the parentheses of a scalar: bounds as written; `single` for a lone one."""

    low: Located[str] | None
    high: Located[str] | None
    single: bool
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSyntax:
    """A built-in or declared type, by name."""

    name: Located[str]
    range: Range | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumSyntax:
    """`enum(a|b)`."""

    members: tuple[Located[str], ...]
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionSyntax:
    """`list(T)`, `set(T)`, `map(T)`."""

    kind: Literal["list", "set", "map"]
    item: "CoreSyntax"
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationSyntax:
    """`ref(A|B)`, `many(A)`, `id(A)`."""

    kind: Literal["ref", "many", "id"]
    targets: tuple[Located[str], ...]
    span: Span


type CoreSyntax = NamedSyntax | EnumSyntax | CollectionSyntax | RelationSyntax


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeSyntax:
    """A type as written, and whether it ended in `?`."""

    core: CoreSyntax
    nullable: bool
    text: str
    span: Span


class TypeText(Shape[TypeSyntax]):
    """A type string."""

    expected = "a type"
    example = "str(1..80)"

    def read(self, node: Node, place: Place, found: Collector) -> TypeSyntax | None:
        """Return the syntax tree; AG202, AG204, AG205 or AG212 where it cannot be read."""
        if not isinstance(node, ScalarNode) or node.raw == "":
            self.refuse(node, place, found)
            return None
        return parse_type(node.raw, text_span(node), found)

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return {"type": "string", "pattern": r"^[A-Za-z][\w.]*(\(.*\))?\??$"}


def parse_type(text: str, span: Span, found: Collector) -> TypeSyntax | None:
    """Read a whole type string; report and return None when it is not one."""
    parser = _Parser(text, span, found)
    try:
        core = parser.core(depth=0)
        nullable = parser.accept("?")
        if parser.accept("!"):
            parser.bang()
            nullable = False
        parser.end()
    except _UnreadableError:
        return None
    return TypeSyntax(core=core, nullable=nullable, text=text, span=span)


class _UnreadableError(Exception):
    """Reported already."""


class _Parser:
    def __init__(self, text: str, span: Span, found: Collector) -> None:
        self._text = text
        self._span = span
        self._found = found
        self._at = 0

    def accept(self, character: str) -> bool:
        if self._text.startswith(character, self._at):
            self._at += len(character)
            return True
        return False

    def core(self, *, depth: int) -> CoreSyntax:
        start = self._at
        match = _NAME.match(self._text, self._at)
        if match is None or depth > _MAX_DEPTH:
            self._unreadable()
        self._at = match.end()
        name = Located(value=match[0], span=self._part(start, match.end()))
        self._refuse_foreign_lists(name, start)
        if not self._text.startswith("(", self._at):
            return NamedSyntax(name=name, range=None)
        self._at += 1
        match name.value:
            case "enum":
                return self._enum(start)
            case "list" | "set" | "map" as kind:
                item = self.core(depth=depth + 1)
                if self._text.startswith("?", self._at):
                    self._fail(
                        "AG202",
                        "the elements of a collection are never null",
                        self._part(self._at, self._at + 1),
                        help=f"`{kind}(…)?` makes the whole collection optional",
                    )
                self._close()
                return CollectionSyntax(kind=kind, item=item, span=self._part(start, self._at))
            case "ref" | "many" | "id" as kind:
                return self._relation(kind, start)
            case _:
                return NamedSyntax(name=name, range=self._range())

    def bang(self) -> None:
        span = self._part(self._at - 1, self._at)
        self._found.error(
            "AG205",
            "`!` is not needed",
            span,
            help="fields are required by default; `?` makes them optional",
            fix=Fix(title="remove `!`", edits=(Edit(span=span, text=""),)),
        )

    def end(self) -> None:
        if self._at < len(self._text):
            self._unreadable()

    def _refuse_foreign_lists(self, name: Located[str], start: int) -> None:
        rest = self._text[self._at :]
        item: str | None = None
        if rest.startswith("[]"):
            item, width = name.value, 2
        elif rest[:1] in ("[", "<") and name.value.lower() in ("list", "array", "set", "sequence"):
            closing = rest.find("]" if rest[0] == "[" else ">")
            if closing > 0:
                item, width = rest[1:closing].strip(), closing + 1
        if item is None:
            return
        kind = "set" if name.value.lower() == "set" else "list"
        raw = self._text[start : self._at + width]
        span = self._part(start, self._at + width)
        right = f"{kind}({item})"
        self._fail(
            "AG204",
            f"`{raw}` is not how lists are written",
            span,
            help=f"`{right}`",
            fix=Fix(title=f"write `{right}`", edits=(Edit(span=span, text=right),))
            if _NAME.fullmatch(item)
            else None,
        )

    def _enum(self, start: int) -> EnumSyntax:
        closing = self._text.find(")", self._at)
        inside = self._text[self._at : closing] if closing >= 0 else ""
        if closing < 0:
            self._unclosed(self._at - 1)
        if "," in inside:
            members = [member.strip() for member in inside.split(",") if member.strip()]
            right = f"enum({'|'.join(members)})"
            self._fail(
                "AG212",
                "enum members are not separated by commas",
                self._part(start, closing + 1),
                help=f"separate members with a bar: `{right}`",
            )
        members_read: list[Located[str]] = []
        while True:
            match = _MEMBER.match(self._text, self._at)
            if match is None:
                self._fail(
                    "AG212",
                    "enum has an empty member" if inside.strip() else "enum has no members",
                    self._part(start, closing + 1),
                    help="separate members with a bar: `enum(a|b)`",
                )
            self._at = match.end()
            members_read.append(
                Located(value=match[0], span=self._part(match.start(), match.end()))
            )
            if not self.accept("|"):
                break
        self._close()
        return EnumSyntax(members=tuple(members_read), span=self._part(start, self._at))

    def _relation(self, kind: Literal["ref", "many", "id"], start: int) -> RelationSyntax:
        targets: list[Located[str]] = []
        while True:
            match = _NAME.match(self._text, self._at)
            if match is None:
                self._unreadable()
            self._at = match.end()
            targets.append(Located(value=match[0], span=self._part(match.start(), match.end())))
            if not self.accept("|"):
                break
        self._close()
        return RelationSyntax(kind=kind, targets=tuple(targets), span=self._part(start, self._at))

    def _range(self) -> Range:
        start = self._at
        closing = self._text.find(")", start)
        if closing < 0:
            self._unclosed(start - 1)
        inside = self._text[start:closing]
        span = self._part(start, closing)
        self._at = closing + 1
        if ".." not in inside:
            if not inside.strip() or "," in inside or " " in inside.strip():
                self._fail(
                    "AG202",
                    f"cannot read this field: `({inside})` is not a range",
                    self._part(start - 1, closing + 1),
                    help="`(80)` is a maximum length, `(1..80)` a range; two numbers of a decimal"
                    " are `decimal precision=12 scale=2`"
                    if "," in inside
                    else "`(80)` is a maximum length, `(1..80)` a range",
                )
            return Range(
                low=None, high=Located(value=inside.strip(), span=span), single=True, span=span
            )
        low, high = inside.split("..", 1)
        low_at = start
        high_at = start + len(low) + 2
        if not low.strip() and not high.strip():
            self._fail(
                "AG203",
                "a range needs a bound",
                self._part(start - 1, closing + 1),
                help="`(1..)`, `(..80)` or `(1..80)`",
            )
        return Range(
            low=self._bound(low, low_at),
            high=self._bound(high, high_at),
            single=False,
            span=span,
        )

    def _bound(self, text: str, at: int) -> Located[str] | None:
        if not text.strip():
            return None
        return Located(value=text.strip(), span=self._part(at, at + len(text)))

    def _close(self) -> None:
        if not self.accept(")"):
            self._unreadable()

    def _part(self, start: int, end: int) -> Span:
        return part(self._span, self._text, start, end)

    def _unclosed(self, at: int) -> NoReturn:
        self._fail(
            "AG202",
            "cannot read this field: `(` is never closed",
            self._part(at, at + 1),
            help="a range has no blanks in it: `(1..80)`",
        )

    def _unreadable(self) -> NoReturn:
        at = self._at
        if at >= len(self._text):
            opened = self._text.count("(") > self._text.count(")")
            problem = "`(` is never closed" if opened else "a type is missing"
            self._fail(
                "AG202",
                f"cannot read this field: {problem}",
                self._part(max(at - 1, 0), at),
                help=GRAMMAR,
            )
        self._fail(
            "AG202",
            f"cannot read this field: `{self._text[at]}` is out of place",
            self._part(at, at + 1),
            help=GRAMMAR,
        )

    def _fail(
        self, code: str, message: str, span: Span, *, help: str, fix: Fix | None = None
    ) -> NoReturn:
        self._found.error(code, message, span, help=help, fix=fix)
        raise _UnreadableError
