"""Defaults that are something of whoever creates it: `= actor.id` (AG207, AG208, AG423)."""

from apigen.diagnostics.near import did_you_mean, nearest
from apigen.ir.access import ActorClaim
from apigen.ir.types import ActorDefault, Scalar, ScalarKind, TypeRef
from apigen.lower.scalars import TEXTUAL
from apigen.lower.workspace import Workspace
from apigen.source.node import Node, ScalarNode

_ID = ActorClaim(name="id", type=Scalar(kind=ScalarKind.STR), nullable=False)
_PLAIN = (ScalarKind.STR, ScalarKind.TEXT)


def is_of_actor(node: Node) -> bool:
    """Whether a default names something of the actor."""
    return isinstance(node, ScalarNode) and not node.quoted and node.raw.startswith("actor.")


def actor_default(
    node: ScalarNode, type_: TypeRef, work: Workspace, *, nullable: bool, place: str
) -> ActorDefault | None:
    """Return the default, None when it is wrong, which is reported.

    `place` is what the field belongs to when that is nothing that somebody creates, else empty.
    """
    found, name = work.found, node.raw.removeprefix("actor.")
    if work.security is None:
        found.error(
            "AG423",
            "no `actor` without authentication",
            node.span,
            help="add `security: { auth: [jwt] }`",
        )
        return None
    if place:
        found.error(
            "AG207",
            f"the default `{node.raw}` does not apply to a field of {place}",
            node.span,
            help="give it to a field of an entity",
        )
        return None
    claims = {claim.name: claim for claim in (_ID, *work.security.claims)}
    claim = claims.get(name)
    if claim is None:
        found.error(
            "AG423",
            f"no `{name}` in `actor`",
            node.span,
            help=did_you_mean(nearest(name, claims))
            or f"a default may be {', '.join(f'`actor.{one}`' for one in claims)}",
        )
        return None
    problem = ""
    if not _fits(claim.type, type_):
        problem = "has another type than the field"
    elif claim.nullable and not nullable:
        problem = "may be missing, and the field is required"
    if problem:
        found.error(
            "AG208",
            f"`{node.raw}` {problem}",
            node.span,
            help="the field and the claim under `security.actor` are declared alike; `actor.id`"
            " is a text",
        )
        return None
    return ActorDefault(claim=name)


def _fits(claim: TypeRef, type_: TypeRef) -> bool:
    if isinstance(claim, Scalar) and isinstance(type_, Scalar):
        # How long a text may be is checked when something is created.
        return claim.kind is type_.kind or (claim.kind in TEXTUAL and type_.kind in _PLAIN)
    return claim == type_
