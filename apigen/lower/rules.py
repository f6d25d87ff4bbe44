"""Expressions parsed and typed (normalisation 7): what each rule may name, and in which order."""

import re
from dataclasses import replace

from apigen.expr.scope import ChildScope, RuleKind, ScopeField
from apigen.ir.expr import SqlSupport, TypedExpr
from apigen.ir.field import Field
from apigen.ir.system import CustomRule, Rule
from apigen.ir.types import TypeRef
from apigen.lower.backfills import lower_backfill
from apigen.lower.fields import FieldDraft
from apigen.lower.identifiers import label_of
from apigen.lower.meanings import Meanings, parse, scope_fields
from apigen.lower.ordering import targets_first
from apigen.lower.symbols import SymbolKind
from apigen.lower.workspace import Workspace
from apigen.spec.fields import RuleSpec
from apigen.spec.located import Located, Named
from apigen.spec.names import NameRule, check_name

_NAME = re.compile(r"[A-Za-z_]\w*")


class RuleBook:
    """The rules of one owner: its fields, its children, and what they may name."""

    def __init__(
        self,
        owner: str,
        drafts: tuple[FieldDraft, ...],
        synthesized: tuple[Field, ...],
        children: tuple[ChildScope, ...],
        meanings: Meanings,
        work: Workspace,
    ) -> None:
        """Type the computed fields of the owner at once, those that others read first."""
        self._owner = owner
        self._synthesized = synthesized
        self._children = children
        self._meanings = meanings
        self._work = work
        self.drafts = drafts
        self.drafts = self._with_computed()
        self.drafts = tuple(self._with_backfill(draft) for draft in self.drafts)

    def fields(self) -> tuple[ScopeField, ...]:
        """Return what a rule of the owner, or of its parent, may read."""
        return (
            *(self._meanings.field(field) for field in self._synthesized),
            *scope_fields(self.drafts, self._meanings),
        )

    def invariants(self, specs: tuple[Named[RuleSpec], ...], *, in_table: bool) -> tuple[Rule, ...]:
        """Return the invariants; `in_table` tells whether one may become a CHECK."""
        rules: list[Rule] = []
        for named in specs:
            spec = named.value
            if is_custom(spec):
                self._check_custom(named, in_table=in_table)
                continue
            if spec.rule is None:
                self._work.found.error(
                    "AG006",
                    "a rule needs `rule`",
                    spec.span,
                    help="such as `rule: quantity > 0`, or `handler: custom`",
                )
                continue
            wanted = spec.db.value if spec.db is not None else "auto"
            if wanted is True and not in_table:
                assert spec.db is not None
                self._work.found.error(
                    "AG207",
                    "`db` does not apply to a rule of a value object",
                    spec.db.span,
                    help="put the rule on the entity",
                )
            typed = self._parse(spec.rule, RuleKind.INVARIANT, db=wanted is True and in_table)
            if typed is None:
                continue
            code = _code(named, self._work)
            checkable = typed.sql is SqlSupport.CHECK and not typed.uses_clock
            rules.append(
                Rule(
                    code=code,
                    expr=typed,
                    message=_message(spec, code),
                    db=in_table and checkable and wanted is not False,
                )
            )
        return tuple(rules)

    def _check_custom(self, named: Named[RuleSpec], *, in_table: bool) -> None:
        """Report AG207 for a rule of the owner's that nobody would ask."""
        spec = named.value
        assert spec.handler is not None
        owner = self._work.symbols.of(self._owner)
        if owner is None or owner.kind is not SymbolKind.ENTITY:
            place = "child" if in_table else "value object"
            self._work.found.error(
                "AG207",
                f"`handler: custom` does not apply to a rule of a {place}",
                spec.handler.span,
                help="put the rule on the entity: it is asked before an aggregate is stored",
            )
        for key, text in (("rule", spec.rule), ("db", spec.db)):
            if text is not None:
                self._work.found.error(
                    "AG207",
                    f"`{key}` does not apply to a rule with `handler: custom`",
                    text.span,
                    help="one of the two says what the rule is",
                )

    def condition(self, text: Located[str]) -> TypedExpr | None:
        """Return the condition of an index or a uniqueness."""
        return self._parse(text, RuleKind.INDEX_WHERE)

    def _parse(
        self,
        text: Located[str],
        kind: RuleKind,
        *,
        expected: TypeRef | None = None,
        nullable: bool = False,
        db: bool = False,
    ) -> TypedExpr | None:
        return parse(
            text,
            self._meanings.scope(kind, self._owner, self.fields(), self._children),
            self._work,
            expected=expected,
            nullable=nullable,
            db=db,
        )

    def _with_computed(self) -> tuple[FieldDraft, ...]:
        computed = {
            draft.name.value: draft
            for draft in self.drafts
            if draft.spec.computed is not None and len(draft.fields) == 1
        }
        for name in self._order(computed):
            draft = computed[name]
            text = draft.spec.computed
            assert text is not None
            field = draft.fields[0]
            typed = self._parse(
                text, RuleKind.COMPUTED, expected=field.type, nullable=field.nullable
            )
            # A field whose rule is wrong is poisoned: what reads it stays silent.
            fields = () if typed is None else (replace(field, computed=typed),)
            if typed is None:
                self._work.poisoned.add(f"{self._owner}.{name}")
            else:
                self._check_lists(field, typed, draft)
            done = replace(draft, fields=fields)
            self.drafts = tuple(done if known is draft else known for known in self.drafts)
        return self.drafts

    def _with_backfill(self, draft: FieldDraft) -> FieldDraft:
        node = draft.spec.backfill
        if node is None or draft.spec.computed is not None or len(draft.fields) != 1:
            return draft
        field = draft.fields[0]
        value = lower_backfill(node, field.type, self._work)
        if not isinstance(value, Located):
            fields = (replace(field, backfill=value),)
            return replace(draft, fields=fields)
        typed = self._parse(value, RuleKind.COMPUTED, expected=field.type, nullable=field.nullable)
        if typed is not None and typed.sql is not SqlSupport.CHECK:
            self._work.found.error(
                "AG430",
                f"the database cannot work out the backfill of `{draft.name.value}`",
                value.span,
                help="a value, or a rule that reads stored fields of the same row",
            )
        return replace(draft, fields=(replace(field, backfill=typed),))

    def _check_lists(self, field: Field, typed: TypedExpr, draft: FieldDraft) -> None:
        if field.stored and typed.uses_clock:
            self._work.found.error(
                "AG210",
                f"`{field.name.text}` is stored and depends on the time",
                typed.span,
                help="what is stored is worked out on writing: leave out `stored`",
            )
        self._check_secrets(field, typed)
        if field.stored or typed.sql is not SqlSupport.NONE or not (field.filter or field.sort):
            return
        flag = draft.spec.filter if field.filter else draft.spec.sort
        span = flag.span if isinstance(flag, Located) else field.span
        verb = "filter" if field.filter else "sort"
        self._work.found.error(
            "AG603",
            f"cannot {verb} by `{field.name.text}`: the database cannot work it out",
            span,
            help="remove the flag",
        )

    def _check_secrets(self, field: Field, typed: TypedExpr) -> None:
        from apigen.expr.tree import reads_encrypted

        secret = reads_encrypted(typed.tree) if field.stored else None
        if secret is not None:
            self._work.found.error(
                "AG705",
                f"`{field.name.text}` would store in the clear what `{secret}` encrypts",
                typed.span,
                help="leave out `stored`: it is worked out on reading",
            )

    def _order(self, computed: dict[str, FieldDraft]) -> tuple[str, ...]:
        """Return the computed fields, each after those its text names (AG424 for a circle)."""
        texts = {name: draft.spec.computed for name, draft in computed.items()}
        words = {
            name: tuple(_NAME.findall(text.value)) if text is not None else ()
            for name, text in texts.items()
        }
        order = targets_first(computed, lambda name: words[name])
        for circle in order.circles:
            draft = computed[circle[0]]
            text = draft.spec.computed
            self._work.found.error(
                "AG424",
                f"`{draft.name.value}` is computed from itself",
                text.span if text is not None else draft.name.span,
                help=f"through {' → '.join(circle)}: break the circle",
            )
        return order.nodes


def is_custom(spec: RuleSpec) -> bool:
    """Whether the owner of the project writes the rule."""
    return spec.handler is not None and spec.handler.value == "custom"


def custom_rules(specs: tuple[Named[RuleSpec], ...], work: Workspace) -> tuple[CustomRule, ...]:
    """Return the rules of an entity that its owner writes."""
    return tuple(
        CustomRule(
            code=_code(named, work),
            message=_message(named.value, named.name.value),
            doc=named.value.doc.value if named.value.doc is not None else "",
        )
        for named in specs
        if is_custom(named.value)
    )


def _code(named: Named[RuleSpec], work: Workspace) -> str:
    code = named.value.code
    if code is not None and check_name(code, NameRule(kind="rule", case="snake"), work.found):
        return code.value
    return named.name.value


def _message(spec: RuleSpec, code: str) -> str:
    if spec.message is not None:
        return spec.message.value
    if spec.doc is not None:
        return spec.doc.value
    return f"{label_of(code)}."
