"""The lines that a compound statement and a definition consist of, as units."""

import ast
from typing import TypeGuard

from apigen.merge.python.source import Source
from apigen.merge.python.units import Block, Definition, Kind, Unit, block, comment_groups
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    offset: int
    """Where the line of its keyword begins."""
    key: tuple[str, ...]
    node: ast.AST
    body: tuple[ast.stmt, ...]


def _keyword(source: Source, word: str, start: int, end: int) -> int:
    """Give the last line of a span that begins with a keyword."""
    line = source.line_start(end)
    while line > start:
        if source.text[line : source.line_end(line)].lstrip().startswith(word):
            return line
        line = source.line_start(line - 1)
    return line


def _body_start(source: Source, body: list[ast.stmt]) -> int:
    first = body[0]
    if is_definition(first) and first.decorator_list:
        return source.text.rindex("@", 0, source.start(first.decorator_list[0]))
    return source.start(first)


def _clauses(source: Source, node: ast.AST) -> list[_Found]:
    def words(part: ast.expr | ast.pattern) -> tuple[str, ...]:
        return source.norm(source.start(part), source.end(part))

    def trailing(word: str, body: list[ast.stmt]) -> list[_Found]:
        if not body:
            return []
        after = source.end(found[-1].body[-1])
        offset = _keyword(source, word, source.line_start(after), _body_start(source, body))
        return [_Found(offset=offset, key=(word,), node=ast.Pass(), body=tuple(body))]

    found: list[_Found] = []
    match node:
        case ast.If():
            found = [
                _Found(offset=source.start(node), key=("if",), node=node, body=tuple(node.body))
            ]
            rest = node.orelse
            while (
                len(rest) == 1
                and isinstance(other := rest[0], ast.If)
                and source.text.startswith("elif", source.start(other))
            ):
                key = ("elif", *words(other.test))
                found.append(
                    _Found(offset=source.start(other), key=key, node=other, body=tuple(other.body))
                )
                rest = other.orelse
            found += trailing("else", rest)
        case ast.Try() | ast.TryStar():
            found = [
                _Found(
                    offset=source.start(node), key=("try",), node=ast.Pass(), body=tuple(node.body)
                )
            ]
            for handler in node.handlers:
                key = ("except", *(words(handler.type) if handler.type else ()))
                found.append(
                    _Found(
                        offset=source.start(handler),
                        key=key,
                        node=handler,
                        body=tuple(handler.body),
                    )
                )
            found += trailing("else", node.orelse)
            found += trailing("finally", node.finalbody)
        case ast.For() | ast.AsyncFor() | ast.While():
            found = [
                _Found(offset=source.start(node), key=("loop",), node=node, body=tuple(node.body))
            ]
            found += trailing("else", node.orelse)
        case ast.With() | ast.AsyncWith():
            found = [
                _Found(offset=source.start(node), key=("with",), node=node, body=tuple(node.body))
            ]
        case ast.Match():
            for case in node.cases:
                offset = _keyword(
                    source, "case", source.start(node.subject), source.start(case.pattern)
                )
                key = ("case", *words(case.pattern))
                found.append(_Found(offset=offset, key=key, node=case, body=tuple(case.body)))
    return found


def clauses(unit: Unit) -> tuple[Unit, ...]:
    """Give the clauses of a compound statement, from its first line; of `match` the cases."""
    source = unit.source
    assert unit.node is not None
    found = _clauses(source, unit.node)
    units: list[Unit] = []
    lines = [source.line_start(each.offset) for each in found]
    lead = top = lines[0]
    if isinstance(unit.node, ast.Match):
        after = source.line_end(source.end(unit.node.subject))
        groups = comment_groups(source, after, lines[0])
        lead, top = groups[-1][:2] if groups else (lines[0], lines[0])
    for index, each in enumerate(found):
        end, after_lead, after_top = unit.end, unit.end, unit.end
        if index + 1 < len(found):
            # Comments at the keyword's own column are above the next clause.
            last = source.line_end(source.end(each.body[-1]) - 1)
            column = len(source.indent(lines[index]).expandtabs())
            end = last
            for _lead, start, group_end in comment_groups(source, last, lines[index + 1]):
                if len(source.indent(start).expandtabs()) > column:
                    end = group_end
            after_lead = end
            groups = comment_groups(source, end, lines[index + 1])
            after_top = groups[0][1] if groups else lines[index + 1]
        units.append(
            Unit(
                source=source,
                lead=lead,
                top=top,
                start=lines[index],
                end=end,
                kind=Kind.CLAUSE,
                name=each.key[0],
                key=each.key,
                node=each.node,
                norm=source.norm(top, end),
                indent=source.indent(lines[index]),
                body=each.body,
                head_end=head_end(source, lines[index], list(each.body)),
            )
        )
        lead, top = after_lead, after_top
    return tuple(units)


def rank(clause: Unit) -> int:
    """Give the place of a clause among those of its statement: what matches all comes late."""
    match clause.key:
        case ("finally",):
            return 3
        case ("else",):
            return 2
        case ("except",) | ("case", "_"):
            return 1
        case _:
            return 0


def head_end(source: Source, start: int, body: list[ast.stmt]) -> int:
    """Give where a header ends: after its line, or after its colon when the body follows there."""
    first = _body_start(source, body)
    line = source.line_start(first)
    if source.text[line:first].strip():
        depth = 0
        for offset, mark in source.marks_in(start, first):
            depth += (mark in "([{") - (mark in ")]}")
            if mark == ":" and depth == 0:
                return offset + 1
    # Between a header and its body there are comments and blank lines only.
    position = line
    while position > start:
        before = source.line_start(position - 1)
        content = source.text[before:position].strip()
        if content and not content.startswith("#"):
            return position
        position = before
    return line


def has_block(unit: Unit) -> bool:
    """Whether the body of a clause is on lines of its own."""
    return unit.source.text[unit.head_end - 1] == "\n"


def clause_block(unit: Unit) -> Block:
    """Give the body of a clause."""
    return block(unit.source, unit.body, start=unit.head_end, end=unit.end)


def decorators(unit: Unit) -> tuple[Unit, ...]:
    """Give the decorators of a definition, each with the comments above it."""
    source = unit.source
    node = unit.node
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    units: list[Unit] = []
    position = unit.start
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        name = "".join(source.norm(source.start(called), source.end(called)))
        end = source.line_end(source.end(decorator))
        units.append(
            Unit(
                source=source,
                lead=position,
                top=position,
                start=source.line_start(source.start(decorator)),
                end=end,
                kind=Kind.DECORATOR,
                name=f"@{name}",
                key=("decorator", name),
                node=decorator,
                norm=source.norm(position, end),
                indent=unit.indent,
            )
        )
        position = end
    return tuple(units)


def definition_clause(unit: Unit) -> Unit:
    """Give header and body of a definition: everything below its decorators."""
    source = unit.source
    node = unit.node
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    start = (
        source.line_end(source.end(node.decorator_list[-1]) - 1)
        if node.decorator_list
        else unit.start
    )
    return Unit(
        source=source,
        lead=start,
        top=start,
        start=start,
        end=unit.end,
        kind=Kind.CLAUSE,
        name=node.name,
        key=("definition",),
        node=node,
        norm=source.norm(start, unit.end),
        indent=unit.indent,
        body=tuple(node.body),
        head_end=head_end(source, source.start(node), node.body),
    )


def is_definition(node: ast.AST | None) -> TypeGuard[Definition]:
    """Whether a node is a function or a class."""
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


__all__ = [
    "Definition",
    "clause_block",
    "clauses",
    "decorators",
    "definition_clause",
    "has_block",
    "head_end",
    "is_definition",
    "rank",
]
