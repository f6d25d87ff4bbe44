"""Where a node of a rule stands: the variables around it and what is proven there."""

from collections.abc import Mapping
from dataclasses import field

from apigen.expr.findings import Guard
from apigen.expr.narrowing import NO_FACTS, Facts
from apigen.expr.scope import ChildScope, EntityScope
from apigen.ir.types import TypeRef
from apigen.values import dataclass

type Owned = ChildScope | EntityScope
"""What has fields and children of its own: an owned entity, or an aggregate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """The variable of a comprehension: a child, a row of an entity, or a value of a collection."""

    type: TypeRef | None
    child: Owned | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Env:
    """Where a node stands: variables around it and what is proven there."""

    variables: Mapping[str, Variable] = field(default_factory=dict)
    facts: Facts = NO_FACTS
    guard: Guard | None = None
    """The innermost comparison that a null test can be put in front of."""
