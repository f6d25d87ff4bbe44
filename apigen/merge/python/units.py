"""A block of statements as units: what is matched, moved, kept and deleted as one.

A unit is a statement with the comments right above it, a comment that stands alone, or one of the
lines a statement consists of (a decorator, a clause of `if` or `try`). The units of a block cover
its text without gaps, blank lines included.
"""

import ast
from collections.abc import Sequence
from enum import StrEnum

from apigen.merge.python.source import Source
from apigen.values import dataclass

type Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_COMPOUND = (
    ast.If,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.With,
    ast.AsyncWith,
    ast.Try,
    ast.TryStar,
    ast.Match,
)


class Kind(StrEnum):
    """What a unit is."""

    DEFINITION = "definition"
    COMPOUND = "compound"
    IMPORTS = "imports"
    """A run of import statements of a block of symbols."""
    IMPORT = "import"
    ASSIGNMENT = "assignment"
    DOCSTRING = "docstring"
    COMMENT = "comment"
    SIMPLE = "simple"
    DECORATOR = "decorator"
    CLAUSE = "clause"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Unit:
    """Lines of a block."""

    source: Source
    lead: int
    """Where its blank lines begin."""
    top: int
    """Where its comments begin."""
    start: int
    """Where the line of its first token begins."""
    end: int
    """After its last line end."""
    kind: Kind
    name: str
    """What it binds, or a word for it in a report."""
    key: tuple[str, ...]
    """What it is matched by."""
    node: ast.AST | None
    """None for comments, and for several statements in one line."""
    norm: tuple[str, ...]
    indent: str
    head_end: int = 0
    """Of a clause: after the line of its header, or after the colon when the body follows it."""
    body: "tuple[ast.stmt, ...]" = ()
    """Of a clause."""

    @property
    def is_class(self) -> bool:
        """Whether it defines a class."""
        return isinstance(self.node, ast.ClassDef)

    @property
    def text(self) -> str:
        """Comments and lines, without the blank lines above."""
        return self.source.text[self.top : self.end]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """The units of a body, and the blank lines after the last."""

    source: Source
    units: tuple[Unit, ...]
    end: int
    indent: str

    @property
    def tail(self) -> str:
        """What follows the last unit: blank lines."""
        return self.source.text[self.units[-1].end if self.units else self.end : self.end]


def first_offset(source: Source, node: ast.stmt) -> int:
    """Give where a statement begins, decorators included."""
    if (
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and node.decorator_list
    ):
        return source.line_start(source.start(node.decorator_list[0]))
    return source.line_start(source.start(node))


def comment_groups(source: Source, start: int, end: int) -> list[tuple[int, int, int]]:
    """Give the groups of comment lines between two statements.

    Returns:
        For each group where its blank lines begin, where it begins, where it ends.
    """
    groups: list[tuple[int, int, int]] = []
    position = lead = start
    is_open = False
    while position < end:
        after = source.line_end(position)
        if source.text[position:after].strip():
            if is_open:
                groups[-1] = (groups[-1][0], groups[-1][1], after)
            else:
                groups.append((lead, position, after))
            is_open, lead = True, after
        else:
            is_open = False
        position = after
    return groups


def code_end(source: Source, node: ast.stmt, *, limit: int) -> int:
    """Give where the lines of a statement end, with the comments indented deeper below it."""
    end = source.line_end(source.end(node) - 1)
    if isinstance(node, (*_COMPOUND, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        column = len(source.indent(source.start(node)).expandtabs())
        for _lead, start, group_end in comment_groups(source, end, limit):
            position = start
            while position < group_end:
                if len(source.indent(position).expandtabs()) <= column:
                    return end
                end = position = source.line_end(position)
    return end


def _doc(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _role(node: Definition) -> str:
    """Tell definitions of one name apart: overloads, setters."""
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if isinstance(called, ast.Name) and called.id == "overload":
            return "overload"
        if isinstance(called, ast.Attribute) and called.attr in {
            "overload",
            "setter",
            "deleter",
            "getter",
            "register",
        }:
            return called.attr
    return ""


def _described(source: Source, node: ast.stmt) -> tuple[Kind, str, tuple[str, ...]]:
    """Give the kind of a statement, its name and its key."""

    def words(part: ast.expr | ast.stmt) -> tuple[str, ...]:
        return source.norm(source.start(part), source.end(part))

    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return Kind.DEFINITION, node.name, ("bind", node.name, _role(node))
        case ast.Import() | ast.ImportFrom():
            module = (
                "." * node.level + (node.module or "") if isinstance(node, ast.ImportFrom) else ""
            )
            return Kind.IMPORT, f"import {module}".rstrip(), ("import", module)
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return Kind.ASSIGNMENT, name, ("bind", name, "")
        case ast.TypeAlias(name=ast.Name(id=name)):
            return Kind.ASSIGNMENT, name, ("bind", name, "")
        case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            name = "".join(words(target))
            return Kind.ASSIGNMENT, name, ("target", type(node).__name__, name)
        case (
            ast.Expr(value=ast.Call(func=function))
            | ast.Expr(value=ast.Await(value=ast.Call(func=function)))
        ):
            name = "".join(words(function))
            return Kind.SIMPLE, name, ("call", name)
        case ast.If():
            return Kind.COMPOUND, "if", ("if", *words(node.test))
        case _ if isinstance(node, _COMPOUND):
            name = type(node).__name__.removeprefix("Async").lower()
            return Kind.COMPOUND, name, (name,)
        case _:
            return Kind.SIMPLE, type(node).__name__.lower(), (type(node).__name__,)


def block(source: Source, statements: Sequence[ast.stmt], *, start: int, end: int) -> Block:
    """Give the units of a body whose lines are a span."""
    units: list[Unit] = []
    position = start
    indent = source.indent(source.start(statements[0])) if statements else ""

    def comment(lead: int, top: int, after: int) -> Unit:
        norm = source.norm(top, after)
        return Unit(
            source=source,
            lead=lead,
            top=top,
            start=top,
            end=after,
            kind=Kind.COMMENT,
            name="comment",
            key=("comment", *norm),
            node=None,
            norm=norm,
            indent=indent,
        )

    index = 0
    while index < len(statements):
        first = first_offset(source, statements[index])
        last = index
        line = source.line_end(source.end(statements[index]) - 1)
        while last + 1 < len(statements) and first_offset(source, statements[last + 1]) < line:
            last += 1
            line = source.line_end(source.end(statements[last]) - 1)
        limit = first_offset(source, statements[last + 1]) if last + 1 < len(statements) else end
        lead = top = position
        groups = comment_groups(source, position, first)
        if groups and groups[-1][2] == first:
            lead, top, _ = groups.pop()
        else:
            top = first
            lead = groups[-1][2] if groups else position
        units.extend(comment(*group) for group in groups)
        node = statements[index]
        position = code_end(source, node, limit=limit) if last == index else line
        norm = source.norm(top, position)
        if last > index:
            kind, name, key = Kind.SIMPLE, "statements", ("line", *norm)
        elif index == 0 and _doc(node):
            kind, name, key = Kind.DOCSTRING, "docstring", ("docstring",)
        else:
            kind, name, key = _described(source, node)
        units.append(
            Unit(
                source=source,
                lead=lead,
                top=top,
                start=first,
                end=position,
                kind=kind,
                name=name,
                key=key,
                node=node if last == index else None,
                norm=norm,
                indent=indent,
            )
        )
        index = last + 1
    units.extend(comment(*group) for group in comment_groups(source, position, end))
    return Block(source=source, units=tuple(units), end=end, indent=indent)
