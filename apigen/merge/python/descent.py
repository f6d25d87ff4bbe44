"""The descent into one unit that both sides changed."""

import ast

from apigen.merge.conflict_text import MINE
from apigen.merge.merged import Unmergeable
from apigen.merge.python import layout
from apigen.merge.python.bodies import Scope, merge_bodies, merge_units, moved
from apigen.merge.python.clauses import (
    clause_block,
    clauses,
    decorators,
    definition_clause,
    has_block,
    is_definition,
)
from apigen.merge.python.expressions import Shape, merge_shapes, shape
from apigen.merge.python.findings import Clash
from apigen.merge.python.named_results import named_result, value_shape
from apigen.merge.python.source import parsed
from apigen.merge.python.text import merged_lines
from apigen.merge.python.units import Kind, Unit


def descend(old: Unit | None, own: Unit, new: Unit, scope: Scope) -> str:
    """Give the text of a unit that both sides changed, or both added."""
    try:
        return _descended(old, own, new, scope)
    except Clash:
        base = None if old is None else moved(old, own.indent, scope.findings)
        if old is not None and old.norm == new.norm:
            return own.text
        if old is not None and old.norm == own.norm:
            return moved(new, own.indent, scope.findings)
        return scope.findings.conflict(
            scope.symbol(own), own.text, base, moved(new, own.indent, scope.findings)
        )


def _descended(old: Unit | None, own: Unit, new: Unit, scope: Scope) -> str:
    versions = (own, new) if old is None else (old, own, new)
    if old is not None and type(old.node) is type(new.node) and named_result(old, own):
        return _comments(old, own, new, scope) + _named(old, own, new, scope)
    types = {type(unit.node).__name__.removeprefix("Async") for unit in versions}
    if len(types) != 1 or len({unit.kind for unit in versions}) != 1:
        raise Clash
    if old is None:
        # Only blocks that collect things are put together without a base.
        if own.kind is Kind.CLAUSE and scope.is_symbols:
            return own_comments(own) + _united(own, new, scope)
        if (
            own.kind is Kind.COMPOUND
            and scope.is_symbols
            and isinstance(own.node, ast.If | ast.Try)
        ):
            return own_comments(own) + _compound(None, own, new, scope)
        raise Clash
    if own.kind is Kind.CLAUSE:
        return _comments(old, own, new, scope) + _clause(old, own, new, scope)
    if own.kind is Kind.DEFINITION:
        return _comments(old, own, new, scope) + _definition(old, own, new, scope)
    if own.kind is Kind.COMPOUND:
        return _comments(old, own, new, scope) + _compound(old, own, new, scope)
    if own.kind is Kind.DOCSTRING:
        return _comments(old, own, new, scope) + _docstring(old, own, new)
    if own.node is None:
        raise Clash
    comments = _comments(old, own, new, scope)
    return comments + _simple(old, own, new, scope)


def own_comments(unit: Unit) -> str:
    """Give the comments above a unit."""
    return unit.source.text[unit.top : unit.start]


def _comments(old: Unit, own: Unit, new: Unit, scope: Scope) -> str:
    texts = [own_comments(unit) for unit in (old, own, new)]
    forms = [[line.strip() for line in text.splitlines()] for text in texts]
    if forms[2] == forms[0] or forms[1] == forms[2]:
        return texts[1]
    arriving = layout.moved(new.source, new.top, new.start, indent=own.indent)
    if forms[0] == forms[1]:
        return arriving
    kept = merged_lines(*forms)
    if kept is None:
        base = layout.moved(old.source, old.top, old.start, indent=own.indent)
        return scope.findings.conflict(scope.symbol(own), texts[1], base, arriving)
    return "".join(f"{own.indent}{line}\n" for line in kept)


def _docstring(old: Unit, own: Unit, new: Unit) -> str:
    """Merge two docstrings by lines."""
    spans = [unit.source.text[unit.start : unit.end] for unit in (old, own, new)]
    forms = [[line.strip() for line in text.splitlines()] for text in spans]
    if forms[1] == forms[0]:
        return layout.moved(new.source, new.start, new.end, indent=own.indent)
    lines = merged_lines(*forms)
    if lines is None:
        raise Clash
    written: dict[str, str] = {}
    for text in (spans[2], spans[1]):
        written.update({line.strip(): line for line in text.splitlines()})
    result = "".join(f"{written[line]}\n" if line else "\n" for line in lines)
    _check(result)
    return result


def _check(text: str) -> None:
    """Refuse a merged statement that is not Python.

    Raises:
        Clash: It is not.
    """
    if MINE in text:
        return
    try:
        parsed(layout.dedented(text))
    except Unmergeable as error:
        raise Clash from error


def _simple(old: Unit, own: Unit, new: Unit, scope: Scope) -> str:
    shapes = []
    for unit in (old, own, new):
        assert unit.node is not None
        shapes.append(shape(unit.source, unit.node, unit.start, unit.end))
    if own.kind is Kind.DECORATOR:
        shapes = [_decorator(unit) for unit in (old, own, new)]
    text = merge_shapes(*shapes, findings=scope.findings, symbol=scope.symbol(own))
    _check(text + "def decorated(): pass" if own.kind is Kind.DECORATOR else text)
    return text


def _named(old: Unit, own: Unit, new: Unit, scope: Scope) -> str:
    """Merge the value that the owner named into the statement that names it."""
    mine = value_shape(own)
    text = merge_shapes(
        value_shape(old),
        mine,
        value_shape(new),
        findings=scope.findings,
        symbol=scope.symbol(own),
    )
    source = own.source.text
    text = source[own.start : mine.start] + text + source[mine.end : own.end]
    _check(text)
    return text


def _decorator(unit: Unit) -> Shape:
    assert unit.node is not None
    return shape(unit.source, unit.node, unit.start, unit.end)


def _definition(old: Unit, own: Unit, new: Unit, scope: Scope) -> str:
    lines = (decorators(old), decorators(own), decorators(new))
    inner = Scope(
        findings=scope.findings,
        path=scope.symbol(own),
        is_symbols=isinstance(own.node, ast.ClassDef),
    )
    decorated = Scope(findings=scope.findings, path=scope.symbol(own), is_symbols=False)
    above = merge_units(lines, decorated, descend, indent=own.indent, is_lines=True)
    below = _clause(
        definition_clause(old), definition_clause(own), definition_clause(new), inner, scope
    )
    return above + below


def _compound(old: Unit | None, own: Unit, new: Unit, scope: Scope) -> str:
    if isinstance(own.node, ast.Match):
        assert old is not None
        cuts = (clauses(old), clauses(own), clauses(new))
        heads = [
            Shape(source=cases[0].source, start=unit.start, end=cases[0].lead, slots=())
            for unit, cases in zip((old, own, new), cuts, strict=True)
        ]
        head = merge_shapes(*heads, findings=scope.findings, symbol=scope.path)
        return head + merge_units(cuts, scope, descend, indent=cuts[1][0].indent, is_lines=True)
    found = (clauses(old) if old else (), clauses(own), clauses(new))
    return merge_units(found, scope, descend, indent=own.indent, is_lines=True)


def _clause(old: Unit, own: Unit, new: Unit, scope: Scope, outer: Scope | None = None) -> str:
    """Merge header and body of a definition or a clause."""
    if all(has_block(unit) for unit in (old, own, new)):
        head = _header(old, own, new, outer or scope)
        body = merge_bodies(clause_block(old), clause_block(own), clause_block(new), scope, descend)
        return head + body
    texts = [unit.source.text[unit.head_end : unit.end] for unit in (old, own, new)]
    forms = [unit.source.norm(unit.head_end, unit.end) for unit in (old, own, new)]
    if forms[2] == forms[0] or forms[1] == forms[2]:
        body = texts[1]
    elif forms[0] == forms[1]:
        body = texts[2]
        if has_block(new):
            unit = scope.findings.unit
            body = layout.moved(
                new.source, new.head_end, new.end, indent=own.indent + unit, unit=unit
            )
    else:
        raise Clash
    head = _header_text(old, own, new, outer or scope).rstrip()
    return head + ("\n" + body if has_block(own if body is texts[1] else new) else body)


def _united(own: Unit, new: Unit, scope: Scope) -> str:
    """Put two clauses that both sides added together."""
    heads = [unit.source.norm(unit.start, unit.head_end) for unit in (own, new)]
    if heads[0] != heads[1] or not (has_block(own) and has_block(new)):
        raise Clash
    head = own.source.text[own.start : own.head_end]
    return head + merge_bodies(None, clause_block(own), clause_block(new), scope, descend)


def _header(old: Unit, own: Unit, new: Unit, scope: Scope) -> str:
    try:
        return _header_text(old, own, new, scope)
    except Clash:
        spans = [unit.source.text[unit.start : unit.head_end] for unit in (old, own, new)]
        symbol = scope.path if own.key != ("definition",) else scope.symbol(own)
        return scope.findings.conflict(symbol, spans[1], spans[0], spans[2])


def _header_text(old: Unit, own: Unit, new: Unit, scope: Scope) -> str:
    spans = [unit.source.text[unit.start : unit.head_end] for unit in (old, own, new)]
    norms = [unit.source.norm(unit.start, unit.head_end) for unit in (old, own, new)]
    if norms[2] == norms[0] or norms[1] == norms[2]:
        return spans[1]
    if spans[0] == spans[1]:
        return layout.moved(new.source, new.start, new.head_end, indent=own.indent)
    shapes = []
    for unit in (old, own, new):
        assert unit.node is not None
        node = ast.Pass() if isinstance(unit.node, ast.Pass) else unit.node
        shapes.append(shape(unit.source, node, unit.start, unit.head_end))
    symbol = scope.symbol(own) if is_definition(own.node) else scope.path
    try:
        text = merge_shapes(*shapes, findings=scope.findings, symbol=symbol)
        if is_definition(own.node):
            _check(text.rstrip() + "\n" + own.indent + " pass\n")
    except Clash:
        if norms[0] == norms[1]:
            return layout.moved(new.source, new.start, new.head_end, indent=own.indent)
        raise
    return text
