"""The functions of the rule language: what each takes and what it gives."""

import ast
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from apigen.expr.env import Env, Variable
from apigen.expr.kinds import (
    BIGINT,
    BOOL,
    DATE,
    DATETIME,
    DURATION,
    FLOAT,
    INT,
    MAX_PRECISION,
    TEXT,
    decimal_type,
    describe,
    is_decimal,
    is_float,
    is_int,
    is_number,
    is_text,
    item_of,
    kind_of,
    precision_of,
    scale_of,
)
from apigen.expr.names import VARIABLE
from apigen.expr.narrowing import Judged, without_variable
from apigen.expr.operators import (
    alike,
    can_be_ordered,
    fitted,
    measure_of,
    parsed_literal,
    wider_decimal,
)
from apigen.expr.scope import ACTOR_KINDS
from apigen.expr.tree import is_null, is_nullable, type_of
from apigen.ir.expr import Call, Compare, Comprehension, Const, Expr, Path
from apigen.ir.types import MapOf, ScalarKind, TypeRef

if TYPE_CHECKING:
    from apigen.expr.check import Checker

_MAX_PLACES = 18
_MAX_PATTERN = 500
_UNITS = {
    "days": timedelta(days=1),
    "hours": timedelta(hours=1),
    "minutes": timedelta(minutes=1),
}
_GENERATOR = "one `x for x in items`"


class Functions:
    """Checks calls for a `Checker`."""

    def __init__(self, checker: "Checker") -> None:
        """Serve one checker."""
        self._checker = checker
        self._findings = checker.findings
        self._table: dict[str, Callable[[ast.Call, Env, TypeRef | None], Judged | None]] = {
            "len": self._len,
            "count": self._count,
            "sum": self._sum,
            "min": self._extreme,
            "max": self._extreme,
            "any": self._quantified,
            "all": self._quantified,
            "abs": self._abs,
            "round": self._round,
            "coalesce": self._coalesce,
            "lower": self._text,
            "upper": self._text,
            "strip": self._text,
            "startswith": self._two_texts,
            "endswith": self._two_texts,
            "contains": self._contains,
            "matches": self._matches,
            "days": self._duration,
            "hours": self._duration,
            "minutes": self._duration,
            "date": self._date,
            "years_between": self._years_between,
            "has_role": self._held,
            "has_scope": self._held,
            "exists": self._exists,
        }

    def call(self, node: ast.Call, env: Env, hint: TypeRef | None) -> Judged | None:
        """Return the typed call, or None when something about it is wrong."""
        function = node.func
        if isinstance(function, ast.Attribute):
            written = self._checker.text.source_of(function.value)
            help = f"write `{function.attr}({written})`" if function.attr in self._table else ""
            self._findings.not_allowed(function, f"the method call `.{function.attr}(…)`", help)
            return None
        if not isinstance(function, ast.Name):
            self._findings.not_allowed(node, "calling a value")
            return None
        name = function.id
        check = self._table.get(name)
        if check is None:
            self._findings.unknown_function(function, name, tuple(self._table))
            return None
        if node.keywords or any(isinstance(argument, ast.Starred) for argument in node.args):
            self._findings.wrong_arguments(node, name, "plain arguments only")
            return None
        return check(node, env, hint)

    @staticmethod
    def _name(node: ast.Call) -> str:
        return node.func.id if isinstance(node.func, ast.Name) else ""

    def _values(
        self, node: ast.Call, env: Env, takes: str, *, least: int, most: int
    ) -> list[Expr] | None:
        """Return the arguments, none of them null; None when one is wrong."""
        if not least <= len(node.args) <= most:
            self._findings.wrong_arguments(node, self._name(node), takes)
            return None
        judged = [self._checker.value(argument, env) for argument in node.args]
        return [j.expr for j in judged if j is not None] if None not in judged else None

    def _refuse(self, node: ast.expr, function: str, takes: str, got: TypeRef | None) -> None:
        self._findings.mismatch(node, f"`{function}` takes {takes}, not {describe(got)}")

    # Over collections.

    def _len(self, node: ast.Call, env: Env, hint: TypeRef | None) -> Judged | None:
        values = self._values(node, env, "one text or collection", least=1, most=1)
        if values is None:
            return None
        type_ = values[0].type
        is_bytes = kind_of(type_) is ScalarKind.BYTES
        if not (is_text(type_) or is_bytes or item_of(type_) or isinstance(type_, MapOf)):
            self._refuse(node.args[0], "len", "a text or a collection", type_)
            return None
        return _result("len", tuple(values), INT)

    def _count(self, node: ast.Call, env: Env, hint: TypeRef | None) -> Judged | None:
        if len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp):
            items = self._comprehension(node.args[0], env, null_is_fine=True)
            return _result("count", (items,), INT) if items is not None else None
        values = self._values(node, env, f"a collection, or {_GENERATOR}", least=1, most=1)
        if values is None:
            return None
        if item_of(values[0].type) is None:
            self._refuse(node.args[0], "count", "a collection", values[0].type)
            return None
        return _result("len", tuple(values), INT)

    def _sum(self, node: ast.Call, env: Env, hint: TypeRef | None) -> Judged | None:
        items = self._only_comprehension(node, env)
        if items is None:
            return None
        type_ = items.type
        result: TypeRef
        if is_int(type_):
            result = BIGINT
        elif is_decimal(type_):
            result = decimal_type(MAX_PRECISION, scale_of(type_))
        elif is_float(type_):
            result = FLOAT
        elif kind_of(type_) is ScalarKind.DURATION:
            result = DURATION
        else:
            measure = measure_of(type_, self._checker.scope)
            if measure is None:
                self._refuse(node.args[0], "sum", "numbers, durations or amounts", type_)
                return None
            unit = next((f for f in measure.fields if f.name == measure.unit), None)
            if unit is not None and unit.type is not None and unit.default is None:
                self._findings.mismatch(
                    node,
                    f"an empty `sum` of {describe(type_)} has no `{measure.unit}`",
                    f"give `{measure.unit}` a default in {describe(type_)}",
                )
                return None
            result = type_
        return _result("sum", (items,), result)

    def _extreme(self, node: ast.Call, env: Env, hint: TypeRef | None) -> Judged | None:
        name, scope = self._name(node), self._checker.scope
        if len(node.args) == 1:
            items = self._only_comprehension(node, env)
            if items is None:
                return None
            if not can_be_ordered(items.type, scope):
                self._refuse(node.args[0], name, "values that have an order", items.type)
                return None
            return _result(name, (items,), items.type, nullable=True)
        takes = f"{_GENERATOR}, or two values or more"
        values = self._values(node, env, takes, least=2, most=16)
        unified = self._unified(node, values)
        if unified is None:
            return None
        arguments, type_ = unified
        if not can_be_ordered(type_, scope):
            self._refuse(node.args[0], name, "values that have an order", type_)
            return None
        return _result(name, arguments, type_)

    def _quantified(self, node: ast.Call, env: Env, hint: TypeRef | None) -> Judged | None:
        items = self._only_comprehension(node, env, condition=True)
        return _result(self._name(node), (items,), BOOL) if items is not None else None

    def _exists(self, node: ast.Call, env: Env, hint: TypeRef | None) -> Judged | None:
        items = self._only_comprehension(node, env, null_is_fine=True)
        return _result("exists", (items,), BOOL) if items is not None else None

    def _only_comprehension(
        self,
        node: ast.Call,
        env: Env,
        *,
        condition: bool = False,
        null_is_fine: bool = False,
    ) -> Comprehension | None:
        if len(node.args) != 1 or not isinstance(node.args[0], ast.GeneratorExp):
            if len(node.args) == 1 and isinstance(node.args[0], ast.ListComp):
                self._checker.check(node.args[0], env)
            else:
                self._findings.wrong_arguments(node, self._name(node), _GENERATOR)
            return None
        return self._comprehension(
            node.args[0], env, condition=condition, null_is_fine=null_is_fine
        )

    def _comprehension(
        self,
        node: ast.GeneratorExp,
        env: Env,
        *,
        condition: bool = False,
        null_is_fine: bool = False,
    ) -> Comprehension | None:
        checker, generator = self._checker, node.generators[0]
        if len(node.generators) > 1 or len(generator.ifs) > 1 or generator.is_async:
            self._findings.not_allowed(node, "more than one `for` and one `if`")
            return None
        if not isinstance(generator.target, ast.Name):
            self._findings.not_allowed(generator.target, "unpacking")
            return None
        variable = generator.target.id
        if VARIABLE.fullmatch(variable) is None:
            self._findings.not_allowed(
                generator.target, f"the variable `{variable}`", "variables are snake_case"
            )
            return None
        source = checker.value(generator.iter, replace(env, guard=None))
        if source is None:
            return None
        of = item_of(source.expr.type)
        if of is None or not isinstance(source.expr, Path):
            self._findings.mismatch(
                generator.iter, f"`for` takes a collection, not {describe(source.expr.type)}"
            )
            return None
        child = checker.names.child_of(source.expr)
        inner = Env(
            variables={**env.variables, variable: Variable(type=of, child=child)},
            facts=without_variable(env.facts, variable),
        )
        test = None
        if generator.ifs:
            test = checker.truth(generator.ifs[0], inner)
            known = test.when_true if test is not None else frozenset()
            inner = replace(inner, facts=inner.facts | known)
        if condition:
            element = checker.truth(node.elt, inner)
        elif null_is_fine:
            element = checker.names.row(node.elt, inner) or checker.check(node.elt, inner)
        else:
            element = checker.value(node.elt, inner)
        if element is None or (generator.ifs and test is None):
            return None
        return Comprehension(
            element=element.expr,
            variable=variable,
            source=source.expr,
            test=test.expr if test is not None else None,
            type=type_of(element.expr),
        )

    # On values.

    def _unified(
        self, node: ast.Call, values: list[Expr] | None
    ) -> tuple[tuple[Expr, ...], TypeRef] | None:
        """Return values as one type; findings say which two have none in common."""
        if values is None:
            return None
        scope = self._checker.scope
        first = values[0]
        for value in values[1:]:
            both = alike(first, value, scope)
            if both is None:
                a, b = describe(first.type), describe(value.type)
                self._findings.mismatch(
                    node, f"`{self._name(node)}` cannot take {a} and {b} together"
                )
                return None
            # The type may have grown (int to decimal); the value stands for it from here on.
            first = both.left if not is_null(both.left) else both.right
        type_ = type_of(first)
        if is_decimal(type_):
            for value in values:
                type_ = wider_decimal(type_, type_of(value)) if is_number(value.type) else type_
        found = [fitted(value, type_, scope) or value for value in values]
        return tuple(found), type_

    def _abs(self, node: ast.Call, env: Env, hint: TypeRef | None) -> Judged | None:
        values = self._values(node, env, "one number", least=1, most=1)
        if values is None:
            return None
        if not is_number(values[0].type):
            self._refuse(node.args[0], "abs", "a number", values[0].type)
            return None
        return _result("abs", tuple(values), type_of(values[0]))

    def _round(self, node: ast.Call, env: Env, hint: TypeRef | None) -> Judged | None:
        takes = "a number, and how many decimal places"
        values = self._values(node, env, takes, least=1, most=2)
        if values is None:
            return None
        value = values[0]
        if not (is_decimal(value.type) or is_float(value.type)):
            self._refuse(node.args[0], "round", "a decimal or float", value.type)
            return None
        if len(values) == 1:
            return _result("round", (value,), BIGINT)
        places = values[1].value if isinstance(values[1], Const) else None
        if not isinstance(places, int) or not 0 <= places <= _MAX_PLACES:
            self._findings.mismatch(
                node.args[1], f"`round` takes a whole number from 0 to {_MAX_PLACES} here"
            )
            return None
        whole = MAX_PRECISION - _MAX_PLACES
        if is_decimal(value.type):
            whole = precision_of(value.type) - scale_of(value.type) + 1
        return _result("round", tuple(values), decimal_type(whole + places, places))

    def _coalesce(self, node: ast.Call, env: Env, hint: TypeRef | None) -> Judged | None:
        if not 2 <= len(node.args) <= 16:
            self._findings.wrong_arguments(node, "coalesce", "two values or more")
            return None
        checker = self._checker
        first, second = checker.pair((node.args[0], env), (node.args[1], env), hint)
        judged = [first, second]
        known = hint or (first.expr.type if first is not None else None)
        judged += [checker.check(argument, env, known) for argument in node.args[2:]]
        values = [j.expr for j in judged if j is not None]
        if len(values) < len(judged):
            return None
        for argument, value in zip(node.args, values, strict=True):
            if is_null(value):
                self._findings.mismatch(argument, "`None` is no value to fall back on")
                return None
        unified = self._unified(node, values)
        if unified is None:
            return None
        arguments, type_ = unified
        return _result(
            "coalesce", arguments, type_, nullable=all(is_nullable(value) for value in values)
        )

    def _texts(self, node: ast.Call, env: Env, number: int) -> list[Expr] | None:
        takes = "one text" if number == 1 else "two texts"
        values = self._values(node, env, takes, least=number, most=number)
        if values is None:
            return None
        for argument, value in zip(node.args, values, strict=True):
            if not is_text(value.type):
                self._refuse(argument, self._name(node), "text", value.type)
                return None
        return values

    def _text(self, node: ast.Call, env: Env, hint: TypeRef | None) -> Judged | None:
        values = self._texts(node, env, 1)
        return _result(self._name(node), tuple(values), TEXT) if values is not None else None

    def _two_texts(self, node: ast.Call, env: Env, hint: TypeRef | None) -> Judged | None:
        values = self._texts(node, env, 2)
        return _result(self._name(node), tuple(values), BOOL) if values is not None else None

    def _contains(self, node: ast.Call, env: Env, hint: TypeRef | None) -> Judged | None:
        if len(node.args) != 2:
            self._findings.wrong_arguments(node, "contains", "a text and a part of it")
            return None
        # The same question as `part in text`, so it has the same form.
        question = ast.copy_location(
            ast.Compare(left=node.args[1], ops=[ast.In()], comparators=[node.args[0]]), node
        )
        judged = self._checker.check(question, env)
        if judged is None or not isinstance(judged.expr, Compare):
            return None
        if not is_text(type_of(judged.expr.right)):
            return judged
        return _result("contains", (judged.expr.right, judged.expr.left), BOOL)

    def _matches(self, node: ast.Call, env: Env, hint: TypeRef | None) -> Judged | None:
        values = self._texts(node, env, 2)
        if values is None:
            return None
        pattern = values[1].value if isinstance(values[1], Const) else None
        if not isinstance(pattern, str):
            self._findings.mismatch(node.args[1], "`matches` takes its pattern in quotes")
            return None
        try:
            if len(pattern) > _MAX_PATTERN:
                raise ValueError(f"longer than {_MAX_PATTERN} characters")
            re.compile(pattern)
        except (re.error, ValueError, OverflowError, RecursionError, MemoryError) as error:
            self._findings.mismatch(node.args[1], f"this is no regular expression: {error}")
            return None
        return _result("matches", tuple(values), BOOL)

    # Who acts.

    def _held(self, node: ast.Call, env: Env, hint: TypeRef | None) -> Judged | None:
        name, scope = self._name(node), self._checker.scope
        if scope.kind not in ACTOR_KINDS:
            self._findings.not_allowed(
                node.func,
                f"`{name}`",
                "it asks who is acting, which only commands, queries and access know",
            )
            return None
        if scope.actor is None:
            why = "nobody is known to act without `security.auth`"
            self._findings.absent(node.func, "actor", why)
            return None
        values = self._texts(node, env, 1)
        if values is None:
            return None
        wanted = values[0].value if isinstance(values[0], Const) else None
        if not isinstance(wanted, str):
            self._findings.mismatch(node.args[0], f"`{name}` takes a name in quotes")
            return None
        if name == "has_role" and wanted not in scope.actor.roles:
            self._findings.unknown_role(node.args[0], wanted, scope.actor.roles)
            return None
        return _result(name, tuple(values), BOOL)

    # Time.

    def _duration(self, node: ast.Call, env: Env, hint: TypeRef | None) -> Judged | None:
        name = self._name(node)
        values = self._values(node, env, "one whole number", least=1, most=1)
        if values is None:
            return None
        if not is_int(values[0].type):
            self._refuse(node.args[0], name, "a whole number", values[0].type)
            return None
        if isinstance(values[0], Const) and isinstance(values[0].value, int):
            try:
                return Judged(expr=Const(value=_UNITS[name] * values[0].value, type=DURATION))
            except OverflowError:
                self._findings.mismatch(node, "this duration is too long")
                return None
        return _result(name, tuple(values), DURATION)

    def _as_date(self, node: ast.expr, value: Expr, function: str) -> Expr | None:
        if kind_of(value.type) is ScalarKind.DATE:
            return value
        if kind_of(value.type) is ScalarKind.DATETIME:
            return Call(function="date", arguments=(value,), type=DATE, nullable=False)
        if isinstance(value, Const) and isinstance(value.value, str):
            parsed = parsed_literal(value.value, DATE) or parsed_literal(value.value, DATETIME)
            if parsed is not None:
                return self._as_date(node, parsed, function)
        self._refuse(node, function, "a date or datetime", value.type)
        return None

    def _date(self, node: ast.Call, env: Env, hint: TypeRef | None) -> Judged | None:
        values = self._values(node, env, "one datetime", least=1, most=1)
        if values is None:
            return None
        found = self._as_date(node.args[0], values[0], "date")
        return Judged(expr=found) if found is not None else None

    def _years_between(self, node: ast.Call, env: Env, hint: TypeRef | None) -> Judged | None:
        values = self._values(node, env, "two dates", least=2, most=2)
        if values is None:
            return None
        found = [
            self._as_date(argument, value, "years_between")
            for argument, value in zip(node.args, values, strict=True)
        ]
        dates = tuple(date for date in found if date is not None)
        return _result("years_between", dates, INT) if len(dates) == len(found) else None


def _result(
    function: str,
    arguments: tuple[Expr | Comprehension, ...],
    type_: TypeRef,
    *,
    nullable: bool = False,
) -> Judged:
    return Judged(expr=Call(function=function, arguments=arguments, type=type_, nullable=nullable))
