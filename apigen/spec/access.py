"""Access rules: `staff`, `customer if own_order`, `staff|admin`, and lists of them.

What a role is, and what the words after `if` mean, is for `apigen.lower.access`.
"""

import re

from apigen.diagnostics import Span
from apigen.diagnostics.collector import Collector
from apigen.ir.types import Json
from apigen.source.node import Node, ScalarNode
from apigen.source.spans import part, text_span
from apigen.spec.combined import ListOf, MapOf
from apigen.spec.located import Located
from apigen.spec.names import NameRule
from apigen.spec.shape import Place, Shape
from apigen.values import dataclass

_GRANT = re.compile(r"(?P<roles>[^\s|]+(?:\|[^\s|]+)*)(?:\s+if\s+(?P<condition>\S.*?))?\s*", re.S)


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantSpec:
    """One alternative of a rule: any of these roles, for rows that the condition allows."""

    roles: tuple[Located[str], ...]
    """At least one."""
    condition: Located[str] | None
    """Name of a policy, or an expression."""
    span: Span


class GrantShape(Shape[GrantSpec]):
    """`role`, `role|role`, `role if policy-or-expression`."""

    expected = "roles, with `if` and a condition where it depends on the row"
    example = "customer if own_order"

    def read(self, node: Node, place: Place, found: Collector) -> GrantSpec | None:
        """Return the alternative."""
        grant = _GRANT.fullmatch(node.raw) if isinstance(node, ScalarNode) else None
        if not isinstance(node, ScalarNode) or grant is None or not isinstance(node.value, str):
            self.refuse(node, place, found)
            return None
        text, span = node.raw, text_span(node)
        roles: list[Located[str]] = []
        at = grant.start("roles")
        for role in grant["roles"].split("|"):
            roles.append(Located(value=role, span=part(span, text, at, at + len(role))))
            at += len(role) + 1
        condition = None
        if grant["condition"] is not None:
            start, end = grant.span("condition")
            condition = Located(value=grant["condition"], span=part(span, text, start, end))
        return GrantSpec(roles=tuple(roles), condition=condition, span=span)

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return {"type": "string", "pattern": r"^[a-z][a-z0-9_|]*(\s+if\s+\S.*)?$"}


type AccessSpec = tuple[GrantSpec, ...]
"""An access rule: any one of its alternatives is enough; none: nobody."""

ACCESS_RULE = ListOf(GrantShape(), lift=True, what="roles, or a list of them")
ACCESS = MapOf(
    ACCESS_RULE,
    what="operations to roles",
    example="{ read: public, all: staff }",
    names=NameRule(kind="operation", case="snake"),
)
