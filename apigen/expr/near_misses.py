"""Rules that are almost the rule: what a slip of the hand would make of it.

Generated tests have rows on which a rule and its near misses differ, so that the slip is caught.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import cast

from apigen.ir.expr import Compare, Const, Expr, TypedExpr
from apigen.ir.types import Literal

_SLIPS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}


def near_misses(tree: Expr) -> Iterator[Expr]:
    """Yield the tree with one comparison changed, each comparison in turn: `<=` for `<`."""
    # A change inside a node leaves the node what it was.
    return cast("Iterator[Expr]", _changed(tree))


def telling[CaseT](
    rule: TypedExpr,
    cases: Iterable[CaseT],
    *,
    verdict: Callable[[TypedExpr, CaseT], bool | None],
    fits: Callable[[CaseT, bool], bool],
) -> Iterator[tuple[CaseT, bool]]:
    """Yield cases that tell a rule from its near misses, and whether the rule holds in them.

    Args:
        rule: The rule.
        cases: What there is to choose from, in order.
        verdict: Says whether a rule holds in a case; None when nobody can tell.
        fits: Says whether a case may be taken, given what the rule says of it. It is asked only
            where the case tells the rule from a near miss that no case before did.
    """
    misses = [replace(rule, tree=tree) for tree in near_misses(rule.tree)]
    for case in cases:
        if not misses:
            return
        holds = verdict(rule, case)
        if holds is None:
            continue
        left = [miss for miss in misses if verdict(miss, case) is not (not holds)]
        if len(left) < len(misses) and fits(case, holds):
            misses = left
            yield case, holds


def constants(tree: Expr) -> tuple[Literal, ...]:
    """Return the constants in a tree, in written order."""
    return tuple(
        node.value for node in _nodes(tree) if isinstance(node, Const) and node.value is not None
    )


def _nodes(node: object) -> Iterator[object]:
    if isinstance(node, tuple):
        for item in node:
            yield from _nodes(item)
    elif is_dataclass(node):
        yield node
        for field in fields(node):
            yield from _nodes(getattr(node, field.name))


def _changed(node: object) -> Iterator[object]:
    if isinstance(node, tuple):
        for index, item in enumerate(node):
            for changed in _changed(item):
                yield (*node[:index], changed, *node[index + 1 :])
        return
    if not is_dataclass(node) or isinstance(node, type):
        return
    if isinstance(node, Compare) and node.op in _SLIPS:
        yield replace(node, op=_SLIPS[node.op])
    for field in fields(node):
        for changed in _changed(getattr(node, field.name)):
            yield replace(node, **{field.name: changed})
