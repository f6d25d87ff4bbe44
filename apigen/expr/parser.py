"""From the text of a rule to a typed expression: the entry of the rule language."""

import warnings

from apigen.diagnostics import Outcome, Severity, Span
from apigen.expr.check import Checker
from apigen.expr.env import Env
from apigen.expr.kinds import BOOL, describe
from apigen.expr.mentions import Mention
from apigen.expr.operators import fitted
from apigen.expr.scope import SQL_KINDS, VALUE_KINDS, RuleKind, Scope
from apigen.expr.text import RuleText
from apigen.expr.tree import reads_encrypted, typed
from apigen.ir.expr import SqlSupport, TypedExpr
from apigen.ir.types import TypeRef

_FIELDS = frozenset({RuleKind.COMPUTED, RuleKind.PROJECTION})


def parse_rule(
    text: str,
    *,
    span: Span,
    scope: Scope,
    expected: TypeRef | None = None,
    nullable: bool = False,
    db: bool = False,
    mentions: list[Mention] | None = None,
) -> Outcome[TypedExpr]:
    """Parse, type and null-check one rule.

    Args:
        text: The rule as YAML gives it.
        span: Where `text` stands, without quotes around it. When it has one line and exactly the
            length of `text`, findings point at the narrowest part of it, else at all of it.
        scope: What its names mean. Kinds outside `VALUE_KINDS` want a bool.
        expected: The type of what gets the value; the result is converted to it. Without it the
            rule has the type that it has.
        nullable: Whether null is an acceptable result (the target is `T?`).
        db: Whether the rule must be a CHECK (`db: true`), else AG430. The condition of an index
            always must.
        mentions: Takes every name that is resolved, some more than once.

    Returns:
        The expression, and AG420 to AG430, AG014, AG701, AG707; no expression when there was an
        error, or when something it names was refused before (then there may be no finding at all).
    """
    rule = RuleText(text, span)
    parsed = rule.parse()
    if parsed.value is None:
        return Outcome(value=None, diagnostics=parsed.diagnostics)
    node = parsed.value
    is_value = scope.kind in VALUE_KINDS
    wanted = expected if is_value else BOOL
    checker = Checker(scope, rule, mentions)
    with warnings.catch_warnings():
        # Regular expressions warn of what may change in a later Python.
        warnings.simplefilter("ignore")
        judged = checker.check(node, Env(), wanted)
    if judged is not None:
        expr = judged.expr
        help = "declare the field with `?`, or give it a value: `coalesce(…, …)`"
        if (nullable and is_value) or checker.not_null(
            node, expr, Env(), help=help if scope.kind in _FIELDS else ""
        ):
            result = fitted(expr, wanted, scope) if wanted is not None else expr
            if result is not None:
                found = typed(result, source=text, scope=scope, span=span)
                return _in_database(found, checker, must=db or _is_index(scope))
            checker.findings.mismatch(node, _misfit(scope, expr.type, wanted))
    return Outcome(value=None, diagnostics=tuple(checker.findings.found))


def _is_index(scope: Scope) -> bool:
    return scope.kind is RuleKind.INDEX_WHERE


def _misfit(scope: Scope, got: TypeRef | None, wanted: TypeRef | None) -> str:
    if scope.kind in VALUE_KINDS:
        what = "the field" if scope.kind in _FIELDS else "the target"
        return f"{what} is {describe(wanted)}, the expression gives {describe(got)}"
    return f"the rule must be a condition, not {describe(got)}"


def _in_database(found: TypedExpr, checker: Checker, *, must: bool) -> Outcome[TypedExpr]:
    encrypted = reads_encrypted(found.tree) if found.sql is SqlSupport.NONE else None
    unreadable = f"`{encrypted}` is encrypted, which only Python reads" if encrypted else ""
    if must and found.sql is not SqlSupport.CHECK:
        if found.uses_clock:
            why = "it depends on the time; a constraint is only checked on write"
        elif found.sql is SqlSupport.FULL:
            why = "it reads more than one row"
        elif unreadable:
            why = unreadable
        else:
            why = "it uses what a database stores or computes differently"
        help = why if _is_index(checker.scope) else f"{why}; leave out `db: true`"
        checker.findings.not_translatable(found.span, help)
    if found.sql is SqlSupport.NONE and checker.scope.kind in SQL_KINDS:
        if checker.scope.kind is RuleKind.POLICY:
            checker.findings.no_row_filter(found.span, unreadable)
        else:
            checker.findings.not_in_sql(found.span, unreadable)
    diagnostics = tuple(checker.findings.found)
    failed = any(d.severity is Severity.ERROR for d in diagnostics)
    return Outcome(value=None if failed else found, diagnostics=diagnostics)
