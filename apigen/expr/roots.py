"""The names that paths of behaviour begin with: `input`, `old`, `event`, `actor`."""

import ast

from apigen.expr.env import Env
from apigen.expr.findings import Findings
from apigen.expr.kinds import DATETIME, TEXT
from apigen.expr.paths import At, Paths, Silent
from apigen.expr.scope import (
    ACTOR_KINDS,
    COMMAND_KINDS,
    EVENT_KINDS,
    INPUT_KINDS,
    RuleKind,
    Scope,
    ScopeField,
)
from apigen.ir.expr import Path, Root, Step
from apigen.ir.types import IdOf, Scalar, ScalarKind, SetOf, TypeRef

_KINDS: dict[str, tuple[Root, frozenset[RuleKind]]] = {
    "input": (Root.INPUT, INPUT_KINDS),
    "old": (Root.OLD, COMMAND_KINDS),
    "event": (Root.EVENT, EVENT_KINDS),
    "actor": (Root.ACTOR, ACTOR_KINDS),
}
_LATER = frozenset({"state", "result", "tenant"})
_OWN_KINDS = frozenset({RuleKind.INVARIANT, RuleKind.COMPUTED, RuleKind.INDEX_WHERE})


class Roots:
    """Resolves the first name after a root."""

    def __init__(self, scope: Scope, findings: Findings, paths: Paths) -> None:
        """Serve one rule."""
        self._scope = scope
        self._findings = findings
        self._paths = paths
        self.inputs: tuple[str, ...] = ()
        """Names that only `input.` reaches."""
        if scope.kind in INPUT_KINDS:
            self.inputs = tuple({n: None for f in scope.input for n in (f.name, f.attribute)})

    def has(self, name: str) -> bool:
        """Tell whether rules of this kind have the root."""
        return name in _KINDS and self._scope.kind in _KINDS[name][1] and not self._missing(name)

    def _missing(self, name: str) -> str:
        """Return why a root that the kind has is not there, empty when it is."""
        scope = self._scope
        if name == "actor" and scope.actor is None:
            return "nobody is known to act without `security.auth`"
        if name == "old" and not scope.old:
            return "there was nothing before this command"
        if name == "event" and scope.event is None:
            return "there is no event here"
        return ""

    def refuses(self, node: ast.Name) -> bool:
        """Report a root where it can not stand; return whether there was anything to say."""
        name, kind = node.id, self._scope.kind
        if name in _LATER and kind not in _OWN_KINDS:
            self._findings.not_yet(node, name)
            return True
        if name not in _KINDS or kind not in _KINDS[name][1]:
            return False
        why = self._missing(name)
        if why:
            self._findings.absent(node, name, why)
        else:
            self._findings.whole_root(node, name, tuple(f.attribute for f in self._fields(name)))
        return True

    def _fields(self, name: str) -> tuple[ScopeField, ...]:
        scope = self._scope
        match name:
            case "input":
                return scope.input
            case "old":
                return scope.old
            case "event" if scope.event is not None:
                return scope.event.payload
            case "actor" if scope.actor is not None:
                return scope.actor.claims
            case _:
                return ()

    def first(
        self, base: ast.Name, node: ast.Attribute, env: Env, *, follows: bool
    ) -> At | Silent | None:
        """Return where `base.node` leads; None when it has been reported."""
        root, _ = _KINDS[base.id]
        fixed = self._fixed(root)
        name = node.attr
        type_ = fixed.get(name)
        start = Path(root=root, steps=(), type=TEXT, nullable=False)
        fields = self._fields(base.id)
        owner_id = self._scope.event.owner_id if self._scope.event is not None else None
        if root is Root.EVENT and name == owner_id:
            # A payload may have it too; the name of the spec is then the payload's to rename.
            reached = self._paths.enter(start, fields, (), node, name, env, follows=follows)
            if reached is not None:
                return reached
            name, type_ = "aggregate_id", fixed["aggregate_id"]
        if type_ is not None:
            step = Step(attribute=name, type=type_, nullable=False)
            return At(path=Path(root=root, steps=(step,), type=type_, nullable=False))
        reached = self._paths.enter(start, fields, (), node, name, env, follows=follows)
        if reached is None:
            known = (*(f.attribute for f in fields), *fixed)
            self._findings.unknown(node, name, known, where=f"`{base.id}`")
        return reached

    def _fixed(self, root: Root) -> dict[str, TypeRef]:
        """Return what a root always has."""
        if root is Root.ACTOR:
            return {"id": TEXT, "roles": SetOf(item=TEXT), "scopes": SetOf(item=TEXT)}
        if root is not Root.EVENT:
            return {}
        event = self._scope.event
        owner = event.owner if event is not None else None
        return {
            "event_id": Scalar(kind=ScalarKind.UUID),
            "occurred_at": DATETIME,
            "aggregate_id": IdOf(target=owner) if owner is not None else TEXT,
        }
