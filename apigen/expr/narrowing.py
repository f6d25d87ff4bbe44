"""What a test proves: facts such as "`x` is not null", and when they hold."""

import ast
from enum import StrEnum

from apigen.ir.expr import Expr
from apigen.values import dataclass


class Proven(StrEnum):
    """What is known of an expression."""

    NOT_NULL = "not null"
    NOT_ZERO = "not zero"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing known of the expression that `key` identifies."""

    proven: Proven
    key: str


type Facts = frozenset[Fact]

NO_FACTS: Facts = frozenset()


def key_of(node: ast.expr) -> str:
    """Return what identifies an expression: rules have no effects, so equal text is equal value."""
    return ast.dump(node)


def fact(proven: Proven, node: ast.expr) -> Facts:
    """Return the one fact about `node`."""
    return frozenset({Fact(proven, key_of(node))})


def without_variable(facts: Facts, variable: str) -> Facts:
    """Return the facts that still hold where `variable` has come to mean something else."""
    mention = f"Name(id={variable!r}"
    return frozenset(known for known in facts if mention not in known.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A checked node: its typed form, and what its truth or falsehood proves."""

    expr: Expr
    when_true: Facts = NO_FACTS
    when_false: Facts = NO_FACTS
