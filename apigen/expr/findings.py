"""What the checker says: one function a finding, so that a message exists once."""

import ast
from dataclasses import replace

from apigen.diagnostics import Diagnostic, Edit, Fix, Label, Severity, Span
from apigen.diagnostics.near import did_you_mean, nearest
from apigen.expr.kinds import describe
from apigen.expr.scope import COMMAND_KINDS, SQL_KINDS, RuleKind
from apigen.expr.text import RuleText
from apigen.ir.types import TypeRef
from apigen.values import dataclass

_KIND = {
    RuleKind.INVARIANT: "an invariant",
    RuleKind.COMPUTED: "a computed field",
    RuleKind.INDEX_WHERE: "the condition of an index",
    RuleKind.GUARD: "a guard",
    RuleKind.ASSIGN: "a value of a command",
    RuleKind.REMOVE: "the condition of `remove`",
    RuleKind.NATURAL_KEY: "the key of a command",
    RuleKind.POLICY: "a row rule",
    RuleKind.QUERY_WHERE: "the condition of a query",
    RuleKind.PROJECTION: "a field of a projection",
    RuleKind.UPCAST: "an upcast",
    RuleKind.REACTION: "a reaction",
}
ROOT_NAMES = frozenset({"input", "old", "event", "state", "result", "actor", "tenant"})
_LEAVING = {
    RuleKind.GUARD: (
        "a rule of a command may follow one ref, of its aggregate or of its input",
        "give it to the command as a `ref` input, or write it by hand: `handler: custom`",
    ),
    RuleKind.REMOVE: ("the condition of `remove` may only read the child and `input`", ""),
    RuleKind.NATURAL_KEY: ("the key of a command may only read `input` and `actor`", ""),
    RuleKind.UPCAST: ("an upcast may only read the stored event", ""),
    RuleKind.REACTION: (
        "a reaction may only read its event",
        "put the rule in the command, or pick the value into the event",
    ),
}
_LEAVING[RuleKind.ASSIGN] = _LEAVING[RuleKind.GUARD]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """Where a nullable name was declared, and as what."""

    span: Span
    type: TypeRef | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """The comparison that a null test can be put in front of."""

    node: ast.expr
    negated: bool
    """Directly under `not`, so that the test and the comparison need brackets."""


class Findings:
    """Gathers the findings of one rule."""

    def __init__(self, text: RuleText, kind: RuleKind) -> None:
        """Start with nothing found."""
        self._text = text
        self._rule = kind
        self._kind = _KIND[kind]
        self.found: list[Diagnostic] = []

    def add(self, *found: Diagnostic) -> None:
        """Take findings made elsewhere."""
        self.found.extend(found)

    def _error(
        self, code: str, message: str, node: ast.expr, *, help: str = "", label: str = ""
    ) -> None:
        self.found.append(
            Diagnostic(
                code=code, message=message, span=self._text.span_of(node), help=help, label=label
            )
        )

    def not_allowed(self, node: ast.expr, what: str, help: str = "") -> None:
        """AG421: a construct or function that the language does not have (here)."""
        self._error("AG421", f"{what} is not allowed in a rule", node, help=help)

    def wrong_arguments(self, node: ast.expr, function: str, takes: str) -> None:
        """AG421: a function with arguments it does not take."""
        self._error("AG421", f"`{function}` takes {takes}", node)

    def unknown_function(self, node: ast.expr, name: str, known: tuple[str, ...]) -> None:
        """AG421: a function that does not exist."""
        self._error(
            "AG421",
            f"there is no function `{name}` in rules",
            node,
            help=did_you_mean(nearest(name, known)) or f"there are {', '.join(known)}",
        )

    def unknown(
        self,
        node: ast.expr,
        name: str,
        known: tuple[str, ...],
        *,
        where: str,
        text: bool = False,
        inputs: tuple[str, ...] = (),
    ) -> None:
        """AG423: a name that means nothing; one of `inputs` does after `input.`."""
        if name in inputs:
            self._error("AG423", f"no `{name}` in {where}", node, help=f"inputs are `input.{name}`")
            self._fix_last(
                f"write `input.{name}`", self._replacing_end(node, name, f"input.{name}")
            )
            return
        near = nearest(name, known)
        helps = [did_you_mean(near)] if near else []
        if name in ROOT_NAMES:
            helps = [f"`{name}` means nothing in {self._kind}"]
        elif not near and known:
            helps = [f"{where} has {', '.join(f'`{n}`' for n in known[:8])}"]
        if text and not near and name not in ROOT_NAMES:
            helps.append(f"text needs inner quotes: `\"'{name}'\"`")
        self._error("AG423", f"no `{name}` in {where}", node, help="; ".join(helps))
        if len(near) == 1:
            self._fix_last(f"write `{near[0]}`", self._replacing_end(node, name, near[0]))

    def bare_ref(self, node: ast.expr, name: str, attribute: str) -> None:
        """AG423: a ref by the name of its target, where only its key can be read."""
        self._error(
            "AG423",
            f"`{name}` is a ref, and its value is not part of this aggregate",
            node,
            help=f"its key is `{attribute}`",
        )
        self._fix_last(f"write `{attribute}`", self._replacing_end(node, name, attribute))

    def field_over_member(self, node: ast.expr, name: str, enum: TypeRef, span: Span) -> None:
        """AG423 (warning): a word that is a field and a member of the enum beside it."""
        self.found.append(
            Diagnostic(
                code="AG423",
                severity=Severity.WARNING,
                message=f"`{name}` is read as the field, not as the member of {describe(enum)}",
                span=self._text.span_of(node),
                labels=(Label(span=span, text="the field"),),
                help="rename one of them",
            )
        )

    def mismatch(self, node: ast.expr, message: str, help: str = "") -> None:
        """AG424: types that do not go together."""
        self._error("AG424", message, node, help=help)

    def quoted_member(self, node: ast.expr, member: str) -> None:
        """AG424: an enum member in quotes."""
        self._error(
            "AG424",
            f"`'{member}'` is text, not a member",
            node,
            help=f"members are bare words: `{member}`",
        )
        self._fix_last("leave out the quotes", (Edit(span=self._text.span_of(node), text=member),))

    def may_be_null(
        self,
        node: ast.expr,
        *,
        declared: Declaration | None,
        guard: Guard | None,
        help: str = "",
    ) -> None:
        """AG425: a null could get where none is allowed."""
        source = self._text.source_of(node)
        labels: tuple[Label, ...] = ()
        if declared is not None:
            written = describe(declared.type).strip("`")
            labels = (Label(span=declared.span, text=f"declared `{written}?`"),)
        fix = None
        if declared is not None and guard is not None:
            # The rule stays as it is when there is nothing of its own to point at.
            start, end = self._text.bounds(guard.node)
            opening, closing = ("(", ")") if guard.negated else ("", "")
            test = f"{opening}{source} is not None and "
            edits = [Edit(span=self._text.at(start, start), text=test)]
            if closing:
                edits.append(Edit(span=self._text.at(end, end), text=closing))
            if self._text.is_exact:
                # Only under `not` does a null leave the rule true; elsewhere the test makes it
                # false, and whether that or `is None or …` is meant, the author knows alone.
                fix = Fix(
                    title="test for null first",
                    edits=tuple(edits),
                    applicability="safe" if guard.negated else "unsafe",
                )
            help = help or f"narrow it: `{test}{self._text.source_of(guard.node)}{closing}`"
        self.found.append(
            Diagnostic(
                code="AG425",
                message=f"`{source}` may be null here",
                span=self._text.span_of(node),
                labels=labels,
                help=help or f"`coalesce({source}, …)`, or test `{source} is not None` first",
                fix=fix,
            )
        )

    def leaves_aggregate(
        self, node: ast.expr, target: str, *, key: str = "", id_input: str = ""
    ) -> None:
        """AG426: a rule that reads another aggregate than its kind may.

        Args:
            node: Where it does.
            target: The other aggregate, as the spec calls it.
            key: The ref by the name of its key, as written: that is never followed.
            id_input: An input that is only an id, as written: it is not loaded.
        """
        message, help = _LEAVING.get(
            self._rule,
            (
                f"{self._kind} may only read its own aggregate",
                "put it in a command's `when`, or a process",
            ),
        )
        if self._rule in SQL_KINDS:
            message, help = f"`{key or target}` cannot be followed", ""
        if key and self._rule in COMMAND_KINDS | SQL_KINDS:
            message, help = f"`{key}` is a key", f"follow the ref: `{key.removesuffix('_id')}`"
        if id_input:
            message = f"`{id_input}` is only an id, and not loaded"
            help = f"declare the input `ref({target})`"
        self._error("AG426", message, node, label=f"`{target}` is another aggregate", help=help)

    def whole_row(self, node: ast.expr, name: str) -> None:
        """AG424: the variable of a comprehension over rows, taken for a value."""
        self._error(
            "AG424", f"`{name}` is a whole row", node, help=f"name a field of it: `{name}.id`"
        )

    def whole_root(self, node: ast.expr, name: str, known: tuple[str, ...]) -> None:
        """AG424: `input` and its like without what is read of it."""
        help = f"`{name}.{known[0]}`" if known else ""
        self._error("AG424", f"`{name}` is not a value, it has values", node, help=help)

    def not_yet(self, node: ast.expr, name: str) -> None:
        """AG014: a root of the language that nothing implements."""
        self._error("AG014", f"`{name}` is not supported yet", node)

    def absent(self, node: ast.expr, name: str, why: str) -> None:
        """AG423: a root that rules of this kind have, but not here."""
        self._error("AG423", f"there is no `{name}` here", node, help=why)

    def no_clock(self, node: ast.expr, name: str) -> None:
        """AG423: the time of day where a rule is worked out again and again."""
        self._error(
            "AG423",
            f"`{name}` means nothing in {self._kind}",
            node,
            help="a stored event is read the same at any time: `event.occurred_at`",
        )

    def unknown_role(self, node: ast.expr, name: str, known: tuple[str, ...]) -> None:
        """AG701: a role that `security.roles` does not have."""
        near = did_you_mean(nearest(name, known))
        help = near or (f"roles are {', '.join(f'`{role}`' for role in known)}" if known else "")
        self._error("AG701", f"no role `{name}`", node, help=help)

    def no_row_filter(self, span: Span, why: str) -> None:
        """AG707: a row rule that no database can work out."""
        self.found.append(
            Diagnostic(
                code="AG707",
                message="the database cannot work out this row rule",
                span=span,
                help=why
                or "compare stored fields; `lower`, `upper`, `matches` and JSON are Python's own",
            )
        )

    def not_in_sql(self, span: Span, why: str) -> None:
        """AG430: a query or projection that no database can work out."""
        self.found.append(
            Diagnostic(
                code="AG430",
                message=f"the database cannot work out {self._kind}",
                span=span,
                help=why
                or "read stored fields; `lower`, `upper`, `matches` and JSON are Python's own",
            )
        )

    def not_translatable(self, span: Span, help: str) -> None:
        """AG430: a rule that the database should hold and can not."""
        self.found.append(
            Diagnostic(
                code="AG430",
                message="the database cannot work this rule out from the columns of one row",
                span=span,
                help=help,
            )
        )

    def _replacing_end(self, node: ast.expr, name: str, other: str) -> tuple[Edit, ...]:
        _, end = self._text.bounds(node)
        return (Edit(span=self._text.at(end - len(name), end), text=other),)

    def _fix_last(self, title: str, edits: tuple[Edit, ...]) -> None:
        if self._text.is_exact:
            fix = Fix(title=title, edits=edits, applicability="unsafe")
            self.found[-1] = replace(self.found[-1], fix=fix)
