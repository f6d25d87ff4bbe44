"""What a name stands for: variables, fields, children, roots, entities, enum members, the clock."""

import ast
import re

from apigen.expr.env import Env, Owned
from apigen.expr.findings import Findings
from apigen.expr.kinds import DATE, DATETIME, describe, short_name
from apigen.expr.mentions import Mention
from apigen.expr.narrowing import Judged
from apigen.expr.paths import SILENT, At, Paths, Silent, child_of, field_of
from apigen.expr.roots import Roots
from apigen.expr.scope import ENTITY_KINDS, EntityScope, RuleKind, Scope
from apigen.expr.text import RuleText
from apigen.ir.expr import EnumMemberExpr, Expr, Now, Path, Root
from apigen.ir.types import EnumRef, IdOf, ListOf, TypeRef

_CLOCK = {"now": DATETIME, "today": DATE}
VARIABLE = re.compile(r"[a-z_][a-z0-9_]*")


class Names:
    """Resolves names in one scope; findings go to `findings`, and None means "said already"."""

    def __init__(
        self,
        scope: Scope,
        text: RuleText,
        findings: Findings,
        mentions: list[Mention] | None = None,
    ) -> None:
        """Work on one rule; `mentions` takes every name that is resolved."""
        self._scope = scope
        self._text = text
        self._findings = findings
        self._paths = Paths(scope, text, findings, mentions)
        self._roots = Roots(scope, findings, self._paths)
        self.declared = self._paths.declared

    def is_bare(self, node: ast.expr, env: Env) -> bool:
        """Tell whether a node is a word that only an enum beside it can give a meaning."""
        return (
            isinstance(node, ast.Name)
            and node.id not in env.variables
            and node.id not in _CLOCK
            and not self._is_member(node.id)
        )

    def _is_member(self, name: str) -> bool:
        """Tell whether the owner has a field or collection of that name."""
        scope = self._scope
        return (field_of(scope.fields, name) or child_of(scope.children, name)) is not None

    def name(self, node: ast.Name, env: Env, hint: TypeRef | None) -> Judged | None:
        """Resolve one word; `hint` is the type of what it is compared with or assigned to."""
        at = self._base(node, env)
        enum = self._scope.enums.get(hint.target) if isinstance(hint, EnumRef) else None
        if isinstance(at, At):
            if enum is not None and node.id in enum.members and hint is not None:
                declared = field_of(self._scope.fields, node.id)
                if declared is not None and node.id not in env.variables:
                    self._findings.field_over_member(node, node.id, hint, declared.span)
            if at.path.root is Root.VARIABLE and at.path.child is not None:
                self._findings.whole_row(node, node.id)
                return None
            return Judged(expr=at.path)
        if at is SILENT:
            return None
        if isinstance(hint, EnumRef) and enum is not None and node.id in enum.members:
            self._paths.mention(node, node.id, enum=hint.target)
            return Judged(
                expr=EnumMemberExpr(
                    enum=hint.target, member=node.id, value=enum.members[node.id], type=hint
                )
            )
        if node.id in _CLOCK:
            if self._scope.kind is RuleKind.UPCAST:
                self._findings.no_clock(node, node.id)
                return None
            return Judged(expr=Now(type=_CLOCK[node.id]))
        entity = self._entity(node.id)
        if entity is not None:
            return self._rows(node, entity)
        foreign = self._text.foreign_word(node)
        if foreign is not None:
            self._findings.add(foreign)
        elif self._roots.refuses(node):
            pass
        elif enum is not None:
            where = describe(hint).strip("`")
            known = (*enum.members, *self._known(env))
            self._findings.unknown(
                node, node.id, known, where=f"the fields or `{where}`", inputs=self._roots.inputs
            )
        else:
            self._unknown(node, env, text=True)
        return None

    def row(self, node: ast.expr, env: Env) -> Judged | None:
        """Resolve a variable that stands for a whole row, as `exists(p for p in …)` has it."""
        at = self._base(node, env) if isinstance(node, ast.Name) else None
        return Judged(expr=at.path) if isinstance(at, At) and at.path.steps == () else None

    def path(self, node: ast.Attribute, env: Env) -> Judged | None:
        """Resolve a dotted path."""
        chain: list[ast.Attribute] = []
        base: ast.expr = node
        while isinstance(base, ast.Attribute):
            chain.append(base)
            base = base.value
        if not isinstance(base, ast.Name):
            self._findings.not_allowed(node, f"`.{node.attr}` on anything but a name")
            return None
        chain.reverse()
        at = self._base(base, env, follows=True)
        before: ast.expr = base
        if at is None and self._roots.has(base.id):
            at = self._roots.first(base, chain[0], env, follows=len(chain) > 1)
            before, chain = chain[0], chain[1:]
        elif at is None:
            self._unknown_base(base, chain[0], env)
        if not isinstance(at, At):
            return None
        for step in chain:
            reached = self._paths.step(at, before, step, env, last=step is chain[-1])
            if reached is None:
                return None
            at, before = reached, step
        return Judged(expr=at.path)

    def child_of(self, path: Expr) -> Owned | None:
        """Return what a path to a collection is about: an owned entity, or an aggregate."""
        if not isinstance(path, Path) or path.child is None:
            return None
        return self._paths.owned(path.child)

    def _known(self, env: Env) -> tuple[str, ...]:
        return (
            *env.variables,
            *(f.attribute for f in self._scope.fields),
            *(c.name for c in self._scope.children),
        )

    def _base(self, node: ast.Name, env: Env, *, follows: bool = False) -> At | Silent | None:
        """Return where a path begins, None for an unknown word, SILENT when all is said."""
        name = node.id
        if name in env.variables:
            variable = env.variables[name]
            if variable.type is None:
                return SILENT
            child = variable.child
            path = Path(
                root=Root.VARIABLE,
                steps=(),
                type=variable.type,
                nullable=False,
                variable=name,
                child=child.qname if child is not None else None,
            )
            return At(path=path, inside=child)
        start = Path(root=Root.SELF, steps=(), type=IdOf(target=self._scope.owner), nullable=False)
        return self._paths.enter(
            start, self._scope.fields, self._scope.children, node, name, env, follows=follows
        )

    def _unknown_base(self, base: ast.Name, first: ast.Attribute, env: Env) -> None:
        for qname, enum in self._scope.enums.items():
            if short_name(qname) == base.id and first.attr in enum.members:
                self._findings.unknown(first, base.id, (first.attr,), where="a rule")
                return
        if not self._roots.refuses(base):
            self._unknown(base, env)

    def _unknown(self, node: ast.Name, env: Env, *, text: bool = False) -> None:
        where = f"`{short_name(self._scope.owner)}`"
        self._findings.unknown(
            node, node.id, self._known(env), where=where, text=text, inputs=self._roots.inputs
        )

    # Entities by name.

    def _entity(self, name: str) -> EntityScope | None:
        return next((e for e in self._scope.entities.values() if e.name == name), None)

    def _rows(self, node: ast.Name, entity: EntityScope) -> Judged | None:
        if self._scope.kind not in ENTITY_KINDS:
            self._findings.leaves_aggregate(node, entity.name)
            return None
        self._paths.mention(node, node.id, declared=entity.span)
        rows = ListOf(item=IdOf(target=entity.qname))
        path = Path(root=Root.ENTITIES, steps=(), type=rows, nullable=False, child=entity.qname)
        return Judged(expr=path)
