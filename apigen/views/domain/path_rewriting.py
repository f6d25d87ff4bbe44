"""A rule with some of its paths beginning elsewhere: at a variable instead of an input, say."""

from collections.abc import Callable
from dataclasses import replace

from apigen.ir.expr import (
    Arithmetic,
    BoolOp,
    Call,
    Compare,
    Comprehension,
    Conditional,
    Convert,
    Expr,
    Items,
    Negate,
    Not,
    Path,
)

type PathChange = Callable[[Path, bool], Expr]
"""Gets a path, and whether it is only asked whether it is None."""


def with_paths(expr: Expr, change: PathChange) -> Expr:
    """Return the tree with every path exchanged for what `change` makes of it."""

    def inner(part: Expr) -> Expr:
        return with_paths(part, change)

    match expr:
        case Path():
            return change(expr, False)
        case Compare(op="is" | "is_not", left=Path() as path):
            return replace(expr, left=change(path, True))
        case Convert(operand=operand) | Not(operand=operand) | Negate(operand=operand):
            return replace(expr, operand=inner(operand))
        case BoolOp(operands=operands):
            return replace(expr, operands=tuple(map(inner, operands)))
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            return replace(expr, left=inner(left), right=inner(right))
        case Conditional(test=test, body=body, orelse=orelse):
            return replace(expr, test=inner(test), body=inner(body), orelse=inner(orelse))
        case Items(items=items):
            return replace(expr, items=tuple(map(inner, items)))
        case Call(arguments=arguments):
            made = tuple(
                _comprehension(one, change) if isinstance(one, Comprehension) else inner(one)
                for one in arguments
            )
            return replace(expr, arguments=made)
        case _:
            return expr


def _comprehension(items: Comprehension, change: PathChange) -> Comprehension:
    source = change(items.source, False)
    # What is iterated over is a collection of the owner or of a variable: never a value.
    assert isinstance(source, Path)
    return replace(
        items,
        element=with_paths(items.element, change),
        source=source,
        test=None if items.test is None else with_paths(items.test, change),
    )
