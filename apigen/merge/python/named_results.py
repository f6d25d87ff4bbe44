"""A result that its owner gave a name to: `return f(x)` made `y = f(x)`, with `return y` below.

Most who want to do something with what a generated function returns write it so. What apigen
changes in the value from then on belongs into the assignment.
"""

import ast

from apigen.merge.python.expressions import Shape, shape
from apigen.merge.python.matching import likeness
from apigen.merge.python.source import Located
from apigen.merge.python.units import Unit

_LIKE = 0.75
"""Share of tokens from which on a named value is the one that was returned."""
_LONG = 6
"""Tokens from which on a value can be known again."""


def named_result(old: Unit, own: Unit) -> float:
    """Give how much the value that `own` names is like the one of `old`; 0 when it names none."""
    if not isinstance(old.node, ast.Return | ast.Expr):
        return 0.0
    if not isinstance(own.node, ast.Assign | ast.AnnAssign):
        return 0.0
    forms = []
    for unit in (old, own):
        value = _value(unit)
        if value is None:
            return 0.0
        forms.append(unit.source.norm(unit.source.start(value), unit.source.end(value)))
    if min(map(len, forms)) < _LONG:
        return 0.0
    alike = likeness(forms[0], forms[1])
    return alike if alike > _LIKE else 0.0


def value_shape(unit: Unit) -> Shape:
    """Give the value of a statement that has one."""
    value = _value(unit)
    assert value is not None
    source = unit.source
    return shape(source, value, source.start(value), source.end(value))


def _value(unit: Unit) -> Located | None:
    match unit.node:
        case ast.Return(value=value) | ast.Expr(value=value):
            return value
        case ast.Assign(targets=[ast.Name()], value=value):
            return value
        case ast.AnnAssign(target=ast.Name(), value=value):
            return value
        case _:
            return None
