"""Comma-separated elements: arguments, parameters, bases, items of literals, imported names.

`elements` cuts a region between brackets into elements with their comments; `printed` writes a
merged sequence in the owner's layout. What the elements mean is `apigen.merge.python.expressions`.
"""

import ast
from collections.abc import Sequence

from apigen.merge.python.source import Located, Source
from apigen.values import dataclass

type Nodes = tuple[Located, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Element:
    """One element of a list."""

    source: Source
    chunk: int
    """Where its comments and white space begin."""
    start: int
    end: int
    comma: int
    """Where its comma is, or `end`."""
    chunk_end: int
    """After its comma and the comment on its line."""
    key: tuple[str, ...]
    nodes: Nodes
    norm: tuple[str, ...]

    @property
    def text(self) -> str:
        """The element alone."""
        return self.source.text[self.start : self.end]

    @property
    def has_comma(self) -> bool:
        """Whether a comma follows."""
        return self.source.text[self.comma : self.comma + 1] == ","

    @property
    def comments_above(self) -> tuple[str, ...]:
        """Comments on lines of their own, without indentation."""
        spans = self.source.comments_in(self.chunk, self.start)
        return tuple(self.source.text[start:end] for start, end in spans)

    @property
    def comment_after(self) -> str:
        """The comment on its line."""
        return " ".join(
            self.source.text[start:end]
            for start, end in self.source.comments_in(self.end, self.chunk_end)
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Items:
    """A region of elements, without its brackets."""

    source: Source
    start: int
    end: int
    elements: tuple[Element, ...]
    is_bracketed: bool = True
    opening: str = "("
    """Bracket to put around it when it has none and is to be broken."""
    keeps_comma: bool = False
    """A tuple of one element needs its comma."""

    @property
    def text(self) -> str:
        """All of it."""
        return self.source.text[self.start : self.end]

    @property
    def norm(self) -> tuple[str, ...]:
        """Forms of all of it, commas aside."""
        return tuple(form for element in self.elements for form in (*element.norm, ",")) + self.tail

    @property
    def tail(self) -> tuple[str, ...]:
        """Forms of the comments after the last element."""
        after = self.elements[-1].chunk_end if self.elements else self.start
        return tuple(
            self.source.text[a:b].rstrip() for a, b in self.source.comments_in(after, self.end)
        )

    @property
    def is_exploded(self) -> bool:
        """Whether every element is on a line of its own."""
        return bool(self.elements) and all(
            "\n" in self.source.text[element.chunk : element.start] for element in self.elements
        )


def elements(
    source: Source, start: int, end: int, groups: Sequence[tuple[tuple[str, ...], Nodes]]
) -> tuple[Element, ...] | None:
    """Cut a region into elements.

    Args:
        source: The text.
        start: After the opening bracket.
        end: At the closing one.
        groups: Key and nodes of each element, in order.

    Returns:
        None when the region does not read as these elements.
    """
    spans = [(source.start(node), source.end(node)) for _key, nodes in groups for node in nodes]
    commas: list[int] = []
    depth = 0
    for offset, mark in source.marks_in(start, end):
        if mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth -= 1
        elif mark == "," and depth == 0 and not any(a <= offset < b for a, b in spans):
            commas.append(offset)
    found: list[Element] = []
    chunk = start
    for index, (key, nodes) in enumerate(groups):
        comma = commas[index] if index < len(commas) else None
        if comma is None and index + 1 < len(groups):
            return None
        first, last = source.solid_span(chunk, end if comma is None else comma)
        if first >= last or any(
            source.start(node) < first or source.end(node) > last for node in nodes
        ):
            return None
        chunk_end = last if comma is None else comma + 1
        for comment_start, comment_end in source.comments_in(chunk_end, end):
            if not source.text[chunk_end:comment_start].strip(" \t"):
                chunk_end = comment_end
            break
        at = last if comma is None else comma
        norm = source.norm(chunk, at) + tuple(
            source.text[a:b].rstrip() for a, b in source.comments_in(at, chunk_end)
        )
        found.append(
            Element(
                source=source,
                chunk=chunk,
                start=first,
                end=last,
                comma=at,
                chunk_end=chunk_end,
                key=key,
                nodes=nodes,
                norm=norm,
            )
        )
        chunk = chunk_end
    return tuple(found) if len(commas) <= len(groups) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One element of the merged sequence."""

    text: str
    element: Element | None
    """The element that gives comments and layout; None for the lines of a conflict."""
    is_mine: bool


def printed(items: Items, placed: Sequence[Placed], *, limit: int, unit: str) -> str:
    """Write a merged sequence in the layout of the owner's."""
    mine = [each.element for each in placed if each.is_mine]
    if len(mine) == len(placed) and tuple(mine) == items.elements:
        return _substituted(items, placed)
    has_comments = bool(items.tail) or any(
        each.element is None or each.element.comments_above or each.element.comment_after
        for each in placed
    )
    text = items.source.text
    before = items.start - items.source.line_start(items.start)
    after = text.find("\n", items.end) - items.end
    flat = ", ".join(each.text for each in placed)
    if items.keeps_comma and len(placed) == 1:
        flat += ","
    if not placed and not items.tail:
        return ""
    exploded = (
        has_comments
        or (items.is_exploded and len(items.elements) > 0)
        or before + len(flat.split("\n")[0]) + max(after, 0) > limit
        or ("\n" in flat and not _hugs(placed))
    )
    if not exploded:
        inner = text[items.start : items.end]
        if items.elements and "\n" in inner and "\n" not in flat:
            head = text[items.start : items.elements[0].start]
            return head + flat + inner[len(inner.rstrip()) :]
        return flat
    return _exploded(items, placed, unit)


def _hugs(placed: Sequence[Placed]) -> bool:
    return len(placed) == 1 and placed[0].text.rstrip()[-1:] in {")", "]", "}"}


def _substituted(items: Items, placed: Sequence[Placed]) -> str:
    parts: list[str] = []
    position = items.start
    for each in placed:
        element = each.element
        assert element is not None
        parts += [items.source.text[position : element.start], each.text]
        position = element.end
    return "".join([*parts, items.source.text[position : items.end]])


def _exploded(items: Items, placed: Sequence[Placed], unit: str) -> str:
    source = items.source
    outer = source.indent(items.start)
    if items.is_exploded:
        inner = source.indent(items.elements[0].start)
        closing_line = source.text[items.elements[-1].chunk_end : items.end]
    else:
        inner, closing_line = outer + unit, "\n" + outer
    lines: list[str] = []
    for each in placed:
        element = each.element
        if element is None:
            lines.append("\n" + each.text.removesuffix("\n"))
            continue
        lines += [f"\n{inner}{comment}" for comment in element.comments_above]
        tail = f"  {element.comment_after}" if element.comment_after else ""
        lines.append(f"\n{inner}{reindented(each, inner)},{tail}")
    if not items.is_exploded:
        lines += [f"\n{inner}{comment}" for comment in items.tail]
    text = "".join(lines) + ("\n" + outer if "\n" not in closing_line else closing_line)
    if not items.is_bracketed:
        text = items.opening + text + {"(": ")", "[": "]"}[items.opening]
    return text


def reindented(each: Placed, indent: str) -> str:
    """Give an element's text with its further lines moved to another indentation."""
    if each.element is None or "\n" not in each.text:
        return each.text
    old = each.element.source.indent(each.element.start)
    if old == indent or any(
        each.element.start <= start and end <= each.element.end
        for start, end in each.element.source.strings
    ):
        return each.text
    first, *rest = each.text.split("\n")
    return "\n".join(
        [first, *(indent + line[len(old) :] if line.startswith(old) else line for line in rest)]
    )


def parameters(source: Source, node: ast.arguments, start: int, end: int) -> Items | None:
    """Give the parameters between the brackets of a function."""
    positional = [*node.posonlyargs, *node.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(node.defaults))
    defaults += node.defaults
    groups: list[tuple[tuple[str, ...], Nodes]] = []

    def parameter(key: str, argument: ast.arg, default: ast.expr | None) -> None:
        groups.append((("parameter", key), (argument, default) if default else (argument,)))

    for index, (argument, default) in enumerate(zip(positional, defaults, strict=True)):
        parameter(argument.arg, argument, default)
        if node.posonlyargs and index + 1 == len(node.posonlyargs):
            groups.append((("parameter", "/"), ()))
    if node.vararg:
        parameter("*", node.vararg, None)
    elif node.kwonlyargs:
        groups.append((("parameter", "*"), ()))
    for argument, default in zip(node.kwonlyargs, node.kw_defaults, strict=True):
        parameter(argument.arg, argument, default)
    if node.kwarg:
        parameter("**", node.kwarg, None)
    cut = elements(source, start, end, groups)
    return None if cut is None else Items(source=source, start=start, end=end, elements=cut)
