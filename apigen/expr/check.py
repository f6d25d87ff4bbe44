"""Type and null check of a rule: from Python's syntax tree to the typed tree.

A node that is wrong is reported once and has no typed form (None); whatever contains it stays
silent. What functions do is `functions`, what operators do `operators`, what names mean `names`.
"""

import ast
import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from apigen.expr.comparisons import Comparisons
from apigen.expr.env import Env
from apigen.expr.findings import Findings, Guard
from apigen.expr.functions import Functions
from apigen.expr.kinds import (
    BOOL,
    describe,
    is_bool,
    is_decimal,
    is_number,
    is_text,
    kind_of,
    literal_type,
    scale_of,
)
from apigen.expr.mentions import Mention
from apigen.expr.names import Names
from apigen.expr.narrowing import NO_FACTS, Fact, Judged, Proven, key_of
from apigen.expr.operators import (
    alike,
    arithmetic,
    is_nonzero_by_itself,
    measure_of,
    numbers,
)
from apigen.expr.scope import Scope
from apigen.expr.text import RuleText
from apigen.expr.tree import is_null, is_nullable, type_of
from apigen.ir.expr import (
    BoolOp,
    Conditional,
    Const,
    Expr,
    Negate,
    Not,
    Path,
)
from apigen.ir.types import Literal, ScalarKind, TypeRef

_ARITHMETIC: Mapping[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
}
_REFUSED: Mapping[type[ast.expr], tuple[str, str]] = {
    ast.Subscript: ("`[…]` after a value", ""),
    ast.Lambda: ("`lambda`", ""),
    ast.NamedExpr: ("`:=` inside a rule", ""),
    ast.JoinedStr: ("an f-string", "join text with `+`"),
    ast.ListComp: ("a list comprehension", "leave out the brackets: `sum(x for x in items)`"),
    ast.SetComp: ("a set comprehension", ""),
    ast.DictComp: ("a dict comprehension", ""),
    ast.Dict: ("a dict", ""),
    ast.Set: ("a set", "write a list: `[a, b]`"),
    ast.Tuple: ("a tuple", "write a list: `[a, b]`"),
    ast.List: ("a list outside `in`", "a list stands right of `in`: `x in [a, b]`"),
    ast.GeneratorExp: (
        "`for` on its own",
        "it is the only argument of `sum`, `count`, `min`, `max`, `any` or `all`",
    ),
    ast.Starred: ("`*`", ""),
    ast.Await: ("`await`", ""),
    ast.Yield: ("`yield`", ""),
    ast.YieldFrom: ("`yield`", ""),
}
_MAX_INT = 2**63 - 1
_MAX_DIGITS = 28
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


class Checker:
    """Checks one rule."""

    def __init__(self, scope: Scope, text: RuleText, mentions: list[Mention] | None = None) -> None:
        """Prepare to check a rule of `scope`; `mentions` takes the names it resolves."""
        self.scope = scope
        self.text = text
        self.findings = Findings(text, scope.kind)
        self.names = Names(scope, text, self.findings, mentions)
        self.functions = Functions(self)
        self.comparisons = Comparisons(self)

    def check(self, node: ast.expr, env: Env, hint: TypeRef | None = None) -> Judged | None:
        """Return the typed form of a node, or None when something about it is wrong.

        Args:
            node: Any expression.
            env: Variables and facts where it stands.
            hint: The type of what it is compared with or assigned to; gives enum members and
                quotients their meaning, and promises nothing about the result.
        """
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.Name():
                return self.names.name(node, env, hint)
            case ast.Attribute():
                return self.names.path(node, env)
            case ast.BoolOp():
                return self._bool_op(node, env)
            case ast.UnaryOp():
                return self._unary(node, env, hint)
            case ast.BinOp():
                return self._binary(node, env, hint)
            case ast.Compare():
                return self.comparisons.compare(node, env)
            case ast.IfExp():
                return self._conditional(node, env, hint)
            case ast.Call():
                return self.functions.call(node, env, hint)
            case _:
                what, help = _REFUSED.get(type(node), ("this construct", ""))
                self.findings.not_allowed(node, what, help)
                return None

    def value(self, node: ast.expr, env: Env, hint: TypeRef | None = None) -> Judged | None:
        """Return the typed form of a node that must not be null (AG425)."""
        judged = self.check(node, env, hint)
        return judged if judged is not None and self.not_null(node, judged.expr, env) else None

    def not_null(self, node: ast.expr, expr: Expr, env: Env, *, help: str = "") -> bool:
        """Report a value that may be null; return whether it cannot be."""
        if is_null(expr):
            self.findings.mismatch(node, "`None` has no value to work with", help)
            return False
        if not is_nullable(expr):
            return True
        if not help and not isinstance(expr, Path):
            source = self.text.source_of(node)
            help = f"give it a value for that case: `coalesce({source}, …)`"
        self.findings.may_be_null(
            node, declared=self.names.declared(expr, env), guard=env.guard, help=help
        )
        return False

    def truth(self, node: ast.expr, env: Env) -> Judged | None:
        """Return the typed form of a node that must be a truth value."""
        judged = self.value(node, env)
        if judged is None:
            return None
        if not is_bool(judged.expr.type):
            source, got = self.text.source_of(node), describe(judged.expr.type)
            help = f"compare it: `{source} > 0`" if is_number(judged.expr.type) else ""
            self.findings.mismatch(node, f"`{source}` is {got}, not a condition", help)
            return None
        return judged

    # Literals.

    def _constant(self, node: ast.Constant) -> Judged | None:
        value = node.value
        literal: Literal
        match value:
            case None:
                return Judged(expr=Const(value=None, type=None))
            case bool():
                literal = value
            case str():
                if _UNSTORABLE.search(value):
                    self.findings.mismatch(node, "a database cannot store this text")
                    return None
                literal = value
            case int():
                if abs(value) > _MAX_INT:
                    self.findings.mismatch(node, "this number is too large")
                    return None
                literal = value
            case float():
                parsed = self._decimal(node)
                if parsed is None:
                    return None
                literal = parsed
            case bytes():
                self.findings.not_allowed(node, "a bytes literal")
                return None
            case _:
                self.findings.not_allowed(node, "this literal")
                return None
        return Judged(expr=Const(value=literal, type=literal_type(literal)))

    def _decimal(self, node: ast.Constant) -> Decimal | None:
        # The text, because the float has already lost `0.1`.
        try:
            parsed = Decimal(self.text.source_of(node))
        except InvalidOperation:
            parsed = Decimal("Infinity")
        if not parsed.is_finite() or not -_MAX_DIGITS <= parsed.adjusted() <= _MAX_DIGITS:
            self.findings.mismatch(node, "this number is too large or too fine")
            return None
        exponent = parsed.as_tuple().exponent
        if isinstance(exponent, int) and exponent > 0:
            parsed = parsed.quantize(Decimal(1))
        if (
            len(parsed.as_tuple().digits) > _MAX_DIGITS
            or scale_of(literal_type(parsed)) > _MAX_DIGITS
        ):
            self.findings.mismatch(node, f"this number has more than {_MAX_DIGITS} digits")
            return None
        return parsed

    # Logic.

    def _bool_op(self, node: ast.BoolOp, env: Env) -> Judged | None:
        is_and = isinstance(node.op, ast.And)
        operands: list[Judged] = []
        failed = False
        here = env
        for value in node.values:
            judged = self.truth(value, replace(here, guard=None))
            if judged is None:
                failed = True
                continue
            operands.append(judged)
            # The next operand is only reached when this one came out so.
            known = judged.when_true if is_and else judged.when_false
            here = replace(here, facts=here.facts | known)
        if failed:
            return None
        all_true = [judged.when_true for judged in operands]
        all_false = [judged.when_false for judged in operands]
        expr = BoolOp(
            op="and" if is_and else "or",
            operands=tuple(judged.expr for judged in operands),
            type=BOOL,
        )
        if is_and:
            return Judged(
                expr=expr,
                when_true=NO_FACTS.union(*all_true),
                when_false=frozenset.intersection(*all_false),
            )
        return Judged(
            expr=expr,
            when_true=frozenset.intersection(*all_true),
            when_false=NO_FACTS.union(*all_false),
        )

    def _unary(self, node: ast.UnaryOp, env: Env, hint: TypeRef | None) -> Judged | None:
        if isinstance(node.op, ast.Not):
            inner = env
            if isinstance(node.operand, ast.Compare) and not self._is_bracketed(node.operand):
                inner = replace(env, guard=Guard(node=node.operand, negated=True))
            judged = self.truth(node.operand, inner)
            if judged is None:
                return None
            return Judged(
                expr=Not(operand=judged.expr, type=BOOL),
                when_true=judged.when_false,
                when_false=judged.when_true,
            )
        if not isinstance(node.op, ast.USub):
            self.findings.not_allowed(node, "`~`" if isinstance(node.op, ast.Invert) else "`+x`")
            return None
        judged = self.value(node.operand, env, hint)
        if judged is None:
            return None
        type_ = type_of(judged.expr)
        is_duration = kind_of(type_) is ScalarKind.DURATION
        if not (is_number(type_) or is_duration or measure_of(type_, self.scope) is not None):
            self.findings.mismatch(node, f"`-` cannot be applied to {describe(type_)}")
            return None
        if isinstance(judged.expr, Const) and isinstance(judged.expr.value, int | float | Decimal):
            return Judged(expr=Const(value=-judged.expr.value, type=judged.expr.type))
        return Judged(expr=Negate(operand=judged.expr, type=type_))

    def _is_bracketed(self, node: ast.expr) -> bool:
        start, _ = self.text.bounds(node)
        return self.text.text[:start].rstrip().endswith("(")

    def _conditional(self, node: ast.IfExp, env: Env, hint: TypeRef | None) -> Judged | None:
        plain = replace(env, guard=None)
        test = self.truth(node.test, plain)
        facts_if = test.when_true if test is not None else NO_FACTS
        facts_else = test.when_false if test is not None else NO_FACTS
        then, otherwise = self.pair(
            (node.body, replace(plain, facts=env.facts | facts_if)),
            (node.orelse, replace(plain, facts=env.facts | facts_else)),
            hint,
        )
        if test is None or then is None or otherwise is None:
            return None
        both = alike(then.expr, otherwise.expr, self.scope)
        if both is None:
            a, b = describe(then.expr.type), describe(otherwise.expr.type)
            self.findings.mismatch(node, f"`if … else` gives {a} or {b}")
            return None
        nullable = is_nullable(both.left) or is_nullable(both.right)
        expr = Conditional(
            test=test.expr, body=both.left, orelse=both.right, type=both.type, nullable=nullable
        )
        return Judged(expr=expr)

    def pair(
        self, left: tuple[ast.expr, Env], right: tuple[ast.expr, Env], hint: TypeRef | None
    ) -> tuple[Judged | None, Judged | None]:
        """Check two nodes that give each other's bare words a meaning."""
        if hint is None and self.names.is_bare(*left) and not self.names.is_bare(*right):
            second = self.check(*right)
            if second is None:
                return None, None
            return self.check(*left, second.expr.type), second
        first = self.check(*left, hint)
        if first is None and self.names.is_bare(*right):
            return None, None
        return first, self.check(*right, hint or (first.expr.type if first is not None else None))

    # Arithmetic.

    def _binary(self, node: ast.BinOp, env: Env, hint: TypeRef | None) -> Judged | None:
        op = _ARITHMETIC.get(type(node.op))
        if op is None:
            power = isinstance(node.op, ast.Pow)
            self.findings.not_allowed(node, "`**`" if power else "this operator")
            return None
        left = self.value(node.left, env)
        right = self.value(node.right, env)
        if left is None or right is None:
            return None
        known = Fact(Proven.NOT_ZERO, key_of(node.right)) in env.facts
        result = arithmetic(
            op,
            left.expr,
            right.expr,
            self.scope,
            zero_divisor=not known and not is_nonzero_by_itself(right.expr),
            scale=scale_of(hint) if is_decimal(hint) else None,
        )
        if result is not None:
            return Judged(expr=result)
        a, b = describe(left.expr.type), describe(right.expr.type)
        help = ""
        if numbers(left.expr, left.expr) and numbers(right.expr, right.expr):
            help = "a float has no exact value: declare both `decimal`"
        elif is_text(left.expr.type) != is_text(right.expr.type) and op == "+":
            help = "text only joins text"
        self.findings.mismatch(node, f"`{op}` cannot be applied to {a} and {b}", help)
        return None
