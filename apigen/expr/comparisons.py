"""Comparisons of rules: `== < in is`, what may be compared, and what a comparison proves."""

import ast
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from apigen.expr.env import Env
from apigen.expr.findings import Guard
from apigen.expr.kinds import (
    BOOL,
    describe,
    is_decimal,
    is_float,
    is_number,
    is_text,
    item_of,
    kind_of,
)
from apigen.expr.narrowing import NO_FACTS, Facts, Judged, Proven, fact
from apigen.expr.operators import alike, can_be_ordered, measure_of, takes_literals
from apigen.expr.tree import is_null, is_nullable, type_of
from apigen.ir.expr import BoolOp, Compare, Const, Expr, Items, Path, Root
from apigen.ir.types import EnumRef, ScalarKind, TypeRef

if TYPE_CHECKING:
    from apigen.expr.check import Checker

_COMPARE: Mapping[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.In: "in",
    ast.NotIn: "not_in",
    ast.Is: "is",
    ast.IsNot: "is_not",
}
_LITERAL_SHAPES = {
    ScalarKind.DATE: "write `'2026-12-31'`",
    ScalarKind.TIME: "write `'18:30:00'`",
    ScalarKind.DATETIME: "write `'2026-12-31T18:30:00+00:00'`, with its offset",
    ScalarKind.UUID: "write all 32 digits",
}


class Comparisons:
    """Checks comparisons for a `Checker`."""

    def __init__(self, checker: "Checker") -> None:
        """Serve one checker."""
        self._checker = checker
        self._scope = checker.scope
        self._text = checker.text
        self._findings = checker.findings
        self._names = checker.names

    def compare(self, node: ast.Compare, env: Env) -> Judged | None:
        """Return the typed form of a comparison, a chain as `and`; None when it is wrong."""
        operands = (node.left, *node.comparators)
        # `not a < b` needs brackets around a test put in front, which `_unary` has asked for.
        guard = env.guard if env.guard is not None and env.guard.node is node else None
        here = replace(env, guard=guard or Guard(node=node, negated=False))
        links: list[Judged] = []
        failed = False
        for op, left, right in zip(node.ops, operands, operands[1:], strict=False):
            judged = self._link(node, _COMPARE[type(op)], left, right, here)
            if judged is None:
                failed = True
                continue
            links.append(judged)
            here = replace(here, facts=here.facts | judged.when_true)
        if failed:
            return None
        if len(links) == 1:
            return links[0]
        return Judged(
            expr=BoolOp(op="and", operands=tuple(link.expr for link in links), type=BOOL),
            when_true=NO_FACTS.union(*(link.when_true for link in links)),
        )

    def _link(
        self, whole: ast.Compare, op: str, left: ast.expr, right: ast.expr, env: Env
    ) -> Judged | None:
        if op in ("in", "not_in"):
            return self._membership(op, left, right, env)
        first, second = self._checker.pair((left, env), (right, env), None)
        if first is None or second is None:
            return None
        a, b = first.expr, second.expr
        if op in ("is", "is_not") and not is_null(b):
            instead = "==" if op == "is" else "!="
            self._findings.not_allowed(whole, "`is` with anything but `None`", f"write `{instead}`")
            return None
        if is_null(a) or is_null(b):
            return self._null_test(whole, op, (left, a), (right, b))
        both = alike(a, b, self._scope)
        if both is None:
            self._not_alike(whole, op, left, right, a, b)
            return None
        if op not in ("==", "!="):
            if not can_be_ordered(both.type, self._scope):
                self._findings.mismatch(whole, f"{describe(both.type)} has no order for `{op}`")
                return None
            # Both are asked, so that two nulls are two findings.
            left_is_there = self._checker.not_null(left, a, env)
            if not self._checker.not_null(right, b, env) or not left_is_there:
                return None
        expr = Compare(op=op, left=both.left, right=both.right, type=BOOL)
        return self._with_facts(expr, left, right)

    def _null_test(
        self, whole: ast.Compare, op: str, left: tuple[ast.expr, Expr], right: tuple[ast.expr, Expr]
    ) -> Judged | None:
        (node, expr), (_, other) = (right, left) if is_null(left[1]) else (left, right)
        if op not in ("is", "is_not", "==", "!="):
            self._findings.mismatch(whole, f"`{op}` cannot compare with `None`")
            return None
        is_test = op in ("is", "==")
        compare = Compare(op="is" if is_test else "is_not", left=expr, right=other, type=BOOL)
        # Only names keep their value between a test and a use as far as a type checker knows.
        known = fact(Proven.NOT_NULL, node) if isinstance(expr, Path) else NO_FACTS
        if is_test:
            return Judged(expr=compare, when_false=known)
        return Judged(expr=compare, when_true=known)

    def _membership(self, op: str, left: ast.expr, right: ast.expr, env: Env) -> Judged | None:
        name = "not in" if op == "not_in" else "in"
        if isinstance(right, ast.List):
            return self._in_items(op, left, right, env)
        container = self._checker.value(right, env)
        if container is None:
            return None
        of = item_of(container.expr.type)
        if isinstance(container.expr, Path) and container.expr.child is not None:
            of = None
        first = self._checker.value(left, env, of)
        if first is None:
            return None
        if of is None:
            if is_text(container.expr.type) and is_text(first.expr.type):
                return Judged(expr=Compare(op=op, left=first.expr, right=container.expr, type=BOOL))
            self._findings.mismatch(
                right,
                f"`{name}` cannot look for {describe(first.expr.type)} "
                f"in {describe(container.expr.type)}",
                "a list of values is written `[a, b]`",
            )
            return None
        sample = Path(root=Root.VARIABLE, steps=(), type=of, nullable=False)
        both = alike(first.expr, sample, self._scope)
        if both is None:
            self._findings.mismatch(
                left,
                f"`{name}` cannot look for {describe(first.expr.type)} "
                f"in {describe(container.expr.type)}",
            )
            return None
        return Judged(expr=Compare(op=op, left=both.left, right=container.expr, type=BOOL))

    def _in_items(self, op: str, left: ast.expr, right: ast.List, env: Env) -> Judged | None:
        if not right.elts:
            self._findings.not_allowed(right, "an empty list", "nothing is ever in it")
            return None
        hint: TypeRef | None = None
        first: Judged | None
        if self._names.is_bare(left, env) and not self._names.is_bare(right.elts[0], env):
            sample = self._checker.check(right.elts[0], replace(env, guard=None))
            if sample is None:
                return None
            hint = sample.expr.type
        first = self._checker.check(left, env, hint)
        if first is None:
            return None
        needle = first.expr
        items: list[Expr] = []
        failed = False
        for element in right.elts:
            judged = self._checker.check(element, env, needle.type)
            if judged is None:
                failed = True
                continue
            both = alike(needle, judged.expr, self._scope)
            if both is None:
                self._not_alike(element, "in", left, element, needle, judged.expr)
                failed = True
                continue
            items.append(both.right)
            needle = both.left
        if failed:
            return None
        # A later element may have made the one looked for wider; the others follow.
        pairs = [alike(needle, item, self._scope) for item in items]
        widened = tuple(pair.right for pair in pairs if pair is not None)
        expr = Compare(
            op=op, left=needle, right=Items(items=widened, type=type_of(needle)), type=BOOL
        )
        if any(is_nullable(item) for item in widened) or not isinstance(needle, Path):
            return Judged(expr=expr)
        known = fact(Proven.NOT_NULL, left)
        if op == "in":
            return Judged(expr=expr, when_true=known)
        return Judged(expr=expr, when_false=known)

    def _not_alike(
        self,
        whole: ast.expr,
        op: str,
        left: ast.expr,
        right: ast.expr,
        a: Expr,
        b: Expr,
    ) -> None:
        for node, expr, other in ((left, a, b), (right, b, a)):
            if not (isinstance(expr, Const) and isinstance(expr.value, str)):
                continue
            if isinstance(other.type, EnumRef):
                enum = self._scope.enums.get(other.type.target)
                if enum is not None and expr.value in enum.members:
                    self._findings.quoted_member(node, expr.value)
                    return
            if takes_literals(other.type):
                shape = _LITERAL_SHAPES[kind_of(other.type) or ScalarKind.DATE]
                written = self._text.source_of(node)
                self._findings.mismatch(
                    node, f"`{written}` is not a {describe(other.type).strip('`')}", shape
                )
                return
        message = f"`{op}` cannot compare {describe(a.type)} with {describe(b.type)}"
        self._findings.mismatch(whole, message, self._compare_help(left, right, a, b))

    def _compare_help(self, left: ast.expr, right: ast.expr, a: Expr, b: Expr) -> str:
        for node, expr, other in ((left, a, b), (right, b, a)):
            source = self._text.source_of(node)
            measure = measure_of(expr.type, self._scope)
            if measure is not None and is_number(other.type):
                return f"e.g. `{source}.{measure.value} > 5`"
            if kind_of(expr.type) is ScalarKind.DATETIME and kind_of(other.type) is ScalarKind.DATE:
                return f"take the day: `date({source})`"
            if isinstance(expr, Const) and is_text(expr.type) and is_number(other.type):
                return "numbers are written without quotes"
            if is_decimal(expr.type) and is_float(other.type):
                return "a float has no exact value: declare both `decimal`"
        return ""

    def _with_facts(self, expr: Compare, left: ast.expr, right: ast.expr) -> Judged:
        """Attach what a comparison proves of its operands: not null, not zero."""
        true: Facts = NO_FACTS
        false: Facts = NO_FACTS
        flipped = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
        sides = (
            (left, expr.left, expr.right, expr.op),
            (right, expr.right, expr.left, flipped.get(expr.op, expr.op)),
        )
        for node, one, other, op in sides:
            if is_nullable(one) and not is_nullable(other) and isinstance(one, Path):
                if op == "==":
                    true |= fact(Proven.NOT_NULL, node)
                elif op == "!=":
                    false |= fact(Proven.NOT_NULL, node)
            bound = other.value if isinstance(other, Const) else None
            if isinstance(bound, bool) or not isinstance(bound, int | float | Decimal):
                continue
            nonzero = fact(Proven.NOT_ZERO, node)
            if (
                (op == "!=" and bound == 0)
                or (op == "==" and bound != 0)
                or (op == ">" and bound >= 0)
                or (op == ">=" and bound > 0)
                or (op == "<" and bound <= 0)
                or (op == "<=" and bound < 0)
            ):
                true |= nonzero
            if (
                (op == "==" and bound == 0)
                or (op == "!=" and bound != 0)
                or (op == "<=" and bound >= 0)
                or (op == "<" and bound > 0)
                or (op == ">=" and bound <= 0)
                or (op == ">" and bound < 0)
            ):
                false |= nonzero
        return Judged(expr=expr, when_true=true, when_false=false)
