"""Rules that are almost the rule: what a slip of the hand would make of it.

Generated tests have rows on which a rule and its near misses differ, so that the slip is caught.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import cast

from apigen.ir.expr import Compare, Const, Expr
from apigen.ir.types import Literal

_SLIPS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}


def near_misses(tree: Expr) -> Iterator[Expr]:
    """Yield the tree with one comparison changed, each comparison in turn: `<=` for `<`."""
    # A change inside a node leaves the node what it was.
    return cast("Iterator[Expr]", _changed(tree))


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
