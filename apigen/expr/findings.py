"""What the checker says: one function a finding, so that a message exists once."""

import ast
from dataclasses import replace

from apigen.diagnostics import Diagnostic, Edit, Fix, Label, Severity, Span
from apigen.diagnostics.near import did_you_mean, nearest
from apigen.expr.kinds import describe
from apigen.expr.scope import RuleKind
from apigen.expr.text import RuleText
from apigen.ir.types import TypeRef
from apigen.values import dataclass

_KIND = {
    RuleKind.INVARIANT: "an invariant",
    RuleKind.COMPUTED: "a computed field",
    RuleKind.INDEX_WHERE: "the condition of an index",
}
LATER_NAMES = frozenset({"input", "old", "event", "state", "result", "actor", "tenant"})


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
        self, node: ast.expr, name: str, known: tuple[str, ...], *, where: str, text: bool = False
    ) -> None:
        """AG423: a name that means nothing."""
        near = nearest(name, known)
        helps = [did_you_mean(near)] if near else []
        if name in LATER_NAMES:
            helps = [f"`{name}` means nothing in {self._kind}"]
        elif not near and known:
            helps = [f"{where} has {', '.join(f'`{n}`' for n in known[:8])}"]
        if text and not near and name not in LATER_NAMES:
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

    def leaves_aggregate(self, node: ast.expr, target: str) -> None:
        """AG426: a rule that follows a ref."""
        self._error(
            "AG426",
            f"{self._kind} may only read its own aggregate",
            node,
            label=f"`{target}` is another aggregate",
            help="put it in a command's `when`, or a process",
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
