"""Random rules that are right: a grammar over the shop of `scopes`, one strategy for each type.

Every rule is text, as a spec has it, and passes the checker: nullable values are tested or given
a value first. Operands of `*` are names and numbers, so that whole numbers stay below 64 bits and
decimals below 38 digits, which no generated column exceeds either.
"""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import strategies as st

type Draw = Callable[[st.SearchStrategy[str]], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What names there are, by type: those that have a value, and those that may be null."""

    names: dict[str, tuple[str, ...]]
    nullable: dict[str, tuple[str, ...]]
    sources: dict[str, dict[str, tuple[str, ...]]]
    """Collections, and what can be read of each row, by type; `$` stands for the variable."""


OWN = Vocabulary(
    names={
        "int": ("stock", "reserved", "packs", "len(lines)", "len(title)", "born_on.year"),
        "decimal": ("rate", "weight", "price.amount"),
        "float": ("ratio",),
        "text": ("title", "code", "home.city"),
        "bool": ("active",),
        "enum": ("status",),
        "date": ("born_on", "date(starts_at)", "today"),
        "datetime": ("starts_at", "ends_at", "now"),
        "duration": ("pause",),
        "money": ("price", "credit"),
    },
    nullable={
        "int": ("limit", "max(k.quantity for k in lines)"),
        "decimal": ("discount", "min(k.cost for k in lines)"),
        "text": ("note",),
        "bool": ("flag",),
        "enum": ("old_status",),
        "date": ("due_on",),
        "money": ("bonus",),
    },
    sources={
        "lines": {
            "int": ("$.quantity", "count(p for p in $.parts if p.size > $.quantity)"),
            "decimal": ("$.cost", "$.amount.amount"),
            "text": ("coalesce($.remark, '-')",),
            "bool": ("$.ready",),
            "enum": ("$.state",),
            "money": ("$.amount",),
        }
    },
)
COMMAND = Vocabulary(
    names={
        "int": ("input.quantity", "customer.points", "input.customer.points", "actor.rank"),
        "decimal": (
            "input.factor",
            "customer.wallet.amount",
            "sum(c.charge for c in customer.cards)",
        ),
        "float": ("input.ratio",),
        "text": ("input.label", "customer.name", "input.customer.name", "actor.id"),
        "bool": (
            "input.urgent",
            "has_role('staff')",
            "has_scope('x')",
            "('admin' in actor.roles)",
            "(title in actor.roles)",
            "(title in input.words)",
            "exists(c for c in input.customer.cards)",
        ),
        "enum": ("input.wanted",),
        "date": ("input.on", "customer.since"),
        "datetime": ("input.until",),
        "duration": ("input.wait",),
        "money": ("input.worth", "customer.wallet", "input.customer.wallet"),
    },
    nullable={
        "int": ("input.days", "customer.limit"),
        "decimal": ("input.discount", "max(c.charge for c in customer.cards)"),
        "text": ("input.remark", "actor.region"),
        "bool": (),
        "enum": ("input.unwanted", "customer.level"),
        "money": ("input.extra",),
    },
    sources={
        "customer.cards": {"decimal": ("$.charge",), "text": ("$.digits",)},
        "input.customer.cards": {"decimal": ("$.charge",), "text": ("$.digits",)},
    },
)
_BOSS = "({0} if customer.boss_id is not None else {1})"
SQL_ONLY = Vocabulary(
    names={
        "int": (
            _BOSS.format("customer.boss.points", "0"),
            "(input.other.points if input.other is not None else stock)",
            "count(Payment)",
            "count(p for p in Payment if p.order_id == id)",
        ),
        "decimal": (
            "sum(p.amount for p in Payment if p.order.customer.points > stock)",
            _BOSS.format("sum(c.charge for c in customer.boss.cards)", "weight"),
        ),
        "text": (_BOSS.format("customer.boss.name", "title"),),
        "bool": (
            "exists(p for p in Payment if p.order_id == id)",
            "exists(p for p in Payment if p.payer == customer_id)",
            "any(p.payer is not None and p.payer.name == title for p in Payment)",
            "(input.states is not None and status in input.states)",
            "(customer_id == input.customer)",
            "(parent is not None and parent.customer.points > stock)",
        ),
        "money": ("sum(p.worth for p in Payment)",),
    },
    nullable={"int": ("max(len(p.order.lines) for p in Payment)",)},
    sources={
        "Payment": {
            "int": ("$.order.stock", "len($.order.lines)"),
            "decimal": ("$.amount", "$.order.weight"),
            "text": ("coalesce($.note, '')", "$.order.title"),
            "bool": ("$.payer_id is None", "$.order.active"),
            "enum": ("$.state", "$.order.status"),
            "money": ("$.worth",),
        }
    },
)


def joined(*parts: Vocabulary) -> Vocabulary:
    """Return all names of several vocabularies."""

    def united(dicts: list[dict[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
        kinds = {kind: None for one in dicts for kind in one}
        return {kind: tuple(n for one in dicts for n in one.get(kind, ())) for kind in kinds}

    return Vocabulary(
        names=united([part.names for part in parts]),
        nullable=united([part.nullable for part in parts]),
        sources={name: fields for part in parts for name, fields in part.sources.items()},
    )


_LITERALS = {
    "int": ("0", "1", "3", "7", "-2"),
    "decimal": ("0.5", "1.25", "10.25", "-0.001"),
    "text": ("'x'", "'Tea'", "''", "'%'", "'a\\'b'"),
    "bool": ("True", "False"),
    "date": ("date('2000-02-29')",),
    "datetime": ("(now - days(3))",),
    "duration": ("hours(5)", "minutes(90)", "days(1)"),
}
_MEMBERS = ("draft", "paid", "gone")
_ORDERED = ("int", "decimal", "float", "text", "date", "datetime", "duration", "money")
TYPES = ("int", "decimal", "float", "text", "bool", "enum", "date", "datetime", "duration", "money")


class Grammar:
    """Draws rules from a vocabulary."""

    def __init__(self, words: Vocabulary, draw: Draw) -> None:
        """Draw every choice with `draw`."""
        self._words = words
        self._draw = draw
        self._depth = 0
        self._rows: list[tuple[str, dict[str, tuple[str, ...]]]] = []

    def _of(self, options: tuple[str, ...]) -> str:
        return self._draw(st.sampled_from(options))

    def _names(self, kind: str) -> tuple[str, ...]:
        rows = (
            text.replace("$", variable)
            for variable, fields in self._rows
            for text in fields.get(kind, ())
        )
        return (*self._words.names.get(kind, ()), *rows)

    def leaf(self, kind: str) -> str:
        """Draw a name or a number."""
        return self._of((*self._names(kind), *_LITERALS.get(kind, ())))

    def rule(self, kind: str, depth: int) -> str:
        """Draw a rule of a type; parts of it are `depth` levels deep at most."""
        if depth <= 0:
            return self.leaf(kind)
        forms = [self._choice, self._fallback, self._folded, *self._forms(kind)]
        form = forms[int(self._of(tuple(str(n) for n in range(len(forms)))))]
        return form(kind, depth - 1) or self.leaf(kind)

    def _forms(self, kind: str) -> list[Callable[[str, int], str]]:
        match kind:
            case "bool":
                return [*[self._compared] * 3, self._equal, self._logic, self._null, self._asked]
            case "int" | "decimal" | "float":
                return [self._sum, self._product, self._quotient, self._extreme, self._number]
            case "text":
                return [self._text, self._extreme]
            case "enum":
                return []
            case _:
                return [self._temporal, self._extreme]

    # Any type.

    def _choice(self, kind: str, depth: int) -> str:
        a, b = self.rule(kind, depth), self.rule(kind, depth)
        return f"({a} if {self.rule('bool', depth)} else {b})"

    def _fallback(self, kind: str, depth: int) -> str:
        nullable = self._words.nullable.get(kind, ())
        if not nullable:
            return ""
        name, other = self._of(nullable), self.rule(kind, depth)
        # A test proves something of a name, and nothing of a call.
        if "(" in name or self._of(("coalesce", "test")) == "coalesce":
            return f"coalesce({name}, {other})"
        return f"({name} if {name} is not None else {other})"

    def _folded(self, kind: str, depth: int) -> str:
        source = self._of(tuple(self._words.sources))
        fields = self._words.sources[source]
        variable = "rst"[len(self._rows) % 3]
        if len(self._rows) > 1:
            return ""
        self._rows.append((variable, fields))
        test = f" if {self.rule('bool', min(depth, 1))}" if self._of(("", "if")) else ""
        try:
            match kind:
                case "bool":
                    function = self._of(("any", "all", "exists"))
                    item = variable if function == "exists" else self.rule("bool", min(depth, 1))
                case "int":
                    function = self._of(("count", "sum", "max"))
                    item = variable if function == "count" else self.rule("int", min(depth, 1))
                case "decimal" | "duration":
                    function, item = "sum", self.rule(kind, min(depth, 1))
                case "money" if "money" in fields:
                    function, item = "sum", self._of(fields["money"]).replace("$", variable)
                case "text" | "date" | "datetime":
                    function, item = "min", self.rule(kind, min(depth, 1))
                case _:
                    return ""
        finally:
            self._rows.pop()
        text = f"{function}({item} for {variable} in {source}{test})"
        if function in ("min", "max"):
            return f"coalesce({text}, {self.leaf(kind)})"
        return text

    def _extreme(self, kind: str, depth: int) -> str:
        if kind == "money":
            return ""
        function = self._of(("min", "max"))
        return f"{function}({self.rule(kind, depth)}, {self.rule(kind, depth)})"

    # Conditions.

    def _compared(self, _: str, depth: int) -> str:
        kind, sign = self._of(_ORDERED), self._of(("<", "<=", ">", ">="))
        # A number with a point is a decimal, which no float is compared with; an int is either.
        other = self._of(("int", kind)) if kind in ("decimal", "float") else kind
        return f"({self.rule(kind, depth)} {sign} {self.rule(other, depth)})"

    def _equal(self, _: str, depth: int) -> str:
        kind = self._of(tuple(kind for kind in TYPES if kind != "float"))
        sign = self._of(("==", "!=", "in", "not in"))
        nullable = self._words.nullable.get(kind, ())
        left = self._of(nullable) if nullable and self._of(("", "null")) else self.rule(kind, depth)
        right = self.rule(kind, depth)
        if kind == "enum":
            right = self._of((*_MEMBERS, *self._words.names["enum"]))
        if sign in ("==", "!=") or kind == "money":
            return f"({left} {'==' if 'in' in sign else sign} {right})"
        more = self._of(nullable) if nullable and self._of(("", "null")) else self.rule(kind, 0)
        return f"({left} {sign} [{right}, {more}])"

    def _logic(self, _: str, depth: int) -> str:
        match self._of(("and", "or", "not")):
            case "not":
                return f"(not {self.rule('bool', depth)})"
            case sign:
                return f"({self.rule('bool', depth)} {sign} {self.rule('bool', depth)})"

    def _null(self, _: str, depth: int) -> str:
        kind = self._of(tuple(k for k, names in self._words.nullable.items() if names))
        name = self._of(self._words.nullable[kind])
        match self._of(("is", "is not", "guarded", "excused")):
            case "guarded" if kind in _ORDERED and "(" not in name:
                return f"({name} is not None and {name} < {self.rule(kind, depth)})"
            case "excused" if kind in _ORDERED and "(" not in name:
                return f"({name} is None or {name} >= {self.rule(kind, depth)})"
            case "is not":
                return f"({name} is not None)"
            case _:
                return f"({name} is None)"

    def _asked(self, _: str, depth: int) -> str:
        function = self._of(("startswith", "endswith", "contains"))
        return f"{function}({self.rule('text', depth)}, {self.rule('text', depth)})"

    # Numbers.

    def _sum(self, kind: str, depth: int) -> str:
        return f"({self.rule(kind, depth)} {self._of(('+', '-'))} {self.rule(kind, depth)})"

    def _product(self, kind: str, depth: int) -> str:
        return f"({self.leaf(kind)} * {self.leaf('int' if kind == 'decimal' else kind)})"

    def _quotient(self, kind: str, depth: int) -> str:
        sign = {"int": self._of(("//", "%")), "decimal": self._of(("/", "%")), "float": "/"}[kind]
        divisor = self.leaf("int" if kind == "decimal" else kind)
        text = f"{self.rule(kind, depth)} {sign} {divisor}"
        return f"coalesce({text}, {self.leaf(kind)})"

    def _number(self, kind: str, depth: int) -> str:
        match kind:
            case "int":
                day = self.rule("date", depth)
                return self._of(
                    (
                        f"len({self.rule('text', depth)})",
                        f"round({self.rule('decimal', depth)})",
                        f"years_between({day}, {self.rule('datetime', 0)})",
                        f"abs({self.rule('int', depth)})",
                    )
                )
            case "decimal":
                return f"round({self.rule('decimal', depth)}, {self._of(('0', '1', '4'))})"
            case _:
                return f"abs({self.rule(kind, depth)})"

    # Text, time and amounts.

    def _text(self, _: str, depth: int) -> str:
        match self._of(("+", "strip")):
            case "strip":
                return f"strip({self.rule('text', depth)})"
            case _:
                return f"({self.rule('text', depth)} + {self.rule('text', depth)})"

    def _temporal(self, kind: str, depth: int) -> str:
        sign = self._of(("+", "-"))
        match kind:
            case "date":
                return f"({self.leaf('date')} {sign} days({self.leaf('int')}))"
            case "datetime":
                return f"({self.leaf('datetime')} {sign} {self.rule('duration', depth)})"
            case "duration":
                return self._of(
                    (
                        f"({self.leaf('datetime')} - {self.leaf('datetime')})",
                        f"({self.leaf('date')} - {self.leaf('date')})",
                        f"({self.rule('duration', depth)} {sign} {self.rule('duration', depth)})",
                        f"({self._of(('hours', 'minutes'))}({self.leaf('int')}))",
                        f"(-{self.leaf('duration')})",
                    )
                )
            case _:
                return self._of(
                    (
                        f"({self.rule('money', depth)} {sign} {self.rule('money', depth)})",
                        f"({self.leaf('money')} * {self.leaf('int')})",
                    )
                )


def rules(words: Vocabulary, kind: str) -> st.SearchStrategy[str]:
    """Return the rules of a type."""

    @st.composite
    def drawn(draw: st.DrawFn) -> str:
        return Grammar(words, draw).rule(kind, draw(st.integers(0, 3)))

    return drawn()
