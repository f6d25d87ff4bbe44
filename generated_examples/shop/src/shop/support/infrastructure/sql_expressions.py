"""SQL that means the same on PostgreSQL and on SQLite, and the same as `domain.rules`.

Generated columns, constraints and conditions call these functions. Decimals are `NUMERIC` on
PostgreSQL and integers of the last digit on SQLite (`column_types.ScaledDecimal`), so whatever
touches a decimal is told its decimal places. All of it is immutable in PostgreSQL's sense, but
the clock, so that it may stand in an index.

Source: spec-language.md, section 2.4.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from .column_types import Microseconds, ScaledDecimal, UtcDateTime

type Expression = sa.ColumnElement[Any]
"""`Any`, because the value of a column is SQLAlchemy's business: this module deals in SQL."""

_MICROSECONDS_A_DAY = 86_400_000_000
_PRECISION = 38


def _verbatim(number: int) -> Expression:
    """Return a number that is part of the statement's text, and so of its cache key."""
    return sa.literal_column(str(number))


class _Form(FunctionElement[Any]):
    """One form of SQL with operands. All it depends on is in its clauses, for the cache."""

    inherit_cache = True

    def __init__(self, *operands: Expression) -> None:
        super().__init__(*operands)


type _Print = Callable[..., str]


def _form(name: str, postgresql: _Print, sqlite: _Print) -> Callable[..., _Form]:
    """Return what makes a form, printed by two functions from the text of its operands."""
    kind = type(name, (_Form,), {"inherit_cache": True, "name": name})

    def print_with(print_: _Print) -> Callable[..., str]:
        def compile_(element: _Form, compiler: SQLCompiler, **kw: Any) -> str:
            # Brackets around each operand: the forms put operators between them.
            return print_(*(f"({compiler.process(clause, **kw)})" for clause in element.clauses))

        return compile_

    compiles(kind)(print_with(postgresql))
    compiles(kind, "sqlite")(print_with(sqlite))
    return kind


def _nothing_to_do(x: str, *_: str) -> str:
    return x


def _rounded_quotient(a: str, b: str) -> str:
    """Divide two integers of SQLite, halves away from zero; null where `b` is 0."""
    size, by = f"abs({a})", f"abs({b})"
    sign = f"(CASE WHEN ({a} < 0) = ({b} < 0) THEN 1 ELSE -1 END)"
    # The whole part first, so that the doubled rest cannot overflow where the result does not.
    return f"({sign} * ({size} / {by} + (2 * ({size} % {by}) + {by}) / (2 * {by})))"


# Decimals.

_widened = _form(
    "widened", lambda x, factor: f"CAST({x} AS NUMERIC)", lambda x, factor: f"({x} * {factor})"
)
_narrowed = _form(
    "narrowed",
    lambda x, factor, places: f"round({x}, {places})",
    lambda x, factor, places: _rounded_quotient(x, factor),
)


def _decimal(form: Expression, scale: int) -> Expression:
    return sa.type_coerce(form, ScaledDecimal(_PRECISION, scale))


def as_decimal(value: Expression, *, scale: int, places: int) -> Expression:
    """Return a decimal (or whole number, `scale` 0) with other decimal places, halves away from 0.

    Args:
        value: The number.
        scale: Decimal places that it has.
        places: Decimal places that it gets.
    """
    if places == scale > 0:
        return _decimal(value, places)
    factor = _verbatim(10 ** abs(places - scale))
    if places >= scale:
        return _decimal(_widened(value, factor), places)
    return _decimal(_narrowed(value, factor, _verbatim(places)), places)


def multiply(left: Expression, right: Expression, *, scale: int) -> Expression:
    """Return the exact product of decimals; `scale` is the sum of their decimal places."""
    return _decimal(_product(left, right), scale)


_product = _form("product", lambda x, y: f"({x} * {y})", lambda x, y: f"({x} * {y})")


def _pg_quotient(x: str, y: str, up: str, down: str, factor: str, unit: str) -> str:
    size, by = f"abs({x}::numeric)", f"abs({y}::numeric)"
    # `div` is exact where `/` keeps 16 digits.
    whole = f"div(2 * {size} * {factor} + {by}, nullif(2 * {by}, 0))"
    return f"(sign({x}::numeric) * sign({y}::numeric) * {whole} * {unit})"


def _sqlite_quotient(x: str, y: str, up: str, down: str, factor: str, unit: str) -> str:
    size, by = f"abs({x})", f"(abs({y}) * {down})"
    sign = f"(CASE WHEN ({x} < 0) = ({y} < 0) THEN 1 ELSE -1 END)"
    rest = f"(2 * ({size} % {by}) * {up} + {by}) / (2 * {by})"
    return f"({sign} * (({size} / {by}) * {up} + {rest}))"


_quotient = _form("quotient", _pg_quotient, _sqlite_quotient)


def divide(
    dividend: Expression, divisor: Expression, *, scales: tuple[int, int], places: int
) -> Expression:
    """Return the quotient, halves away from zero, null where the divisor is zero.

    Args:
        dividend: A decimal.
        divisor: A decimal.
        scales: Decimal places of the two; 0 for whole numbers.
        places: Decimal places of the quotient.
    """
    shift = places + scales[1] - scales[0]
    up, down = 10 ** max(shift, 0), 10 ** max(-shift, 0)
    unit: Expression = sa.literal_column(f"{Decimal(1).scaleb(-places):f}")
    form = _quotient(dividend, divisor, _verbatim(up), _verbatim(down), _verbatim(10**places), unit)
    return _decimal(form, places)


def _modulo_text(x: str, y: str) -> str:
    return f"((({x} % {y}) + {y}) % {y})"


_modulo = _form(
    "modulo",
    lambda x, y: _modulo_text(x, f"nullif({y}, 0)"),
    _modulo_text,
)
_floor_quotient = _form(
    "floor_quotient",
    lambda x, y: f"div(({x} - {_modulo_text(x, f'nullif({y}, 0)')})::numeric, {y}::numeric)",
    lambda x, y: f"(({x} - {_modulo_text(x, y)}) / {y})",
)
_whole = _form("whole", lambda x: f"CAST({x} AS BIGINT)", _nothing_to_do)


def modulo(dividend: Expression, divisor: Expression, *, kind: TypeEngine[Any]) -> Expression:
    """Return the rest with the sign of the divisor, as Python does; null for a zero divisor.

    Both are whole numbers, or decimals with the decimal places of `kind`.
    """
    return sa.type_coerce(_modulo(dividend, divisor), kind)


def floor_divide(dividend: Expression, divisor: Expression) -> Expression:
    """Return the floor of the quotient as a whole number; null for a zero divisor.

    Both are whole numbers, or decimals of as many decimal places.
    """
    return sa.type_coerce(_whole(_floor_quotient(dividend, divisor)), sa.BigInteger())


def whole(value: Expression) -> Expression:
    """Return a whole number, or a decimal without decimal places, as a 64-bit integer."""
    return sa.type_coerce(_whole(value), sa.BigInteger())


# Text and order.

_by_code_point = _form("by_code_point", lambda x: f'{x} COLLATE "C"', _nothing_to_do)
_holds = _form(
    "holds",
    lambda text, part: f"(strpos({text}, {part}) > 0)",
    lambda t, p: f"(instr({t}, {p}) > 0)",
)
_same = _form("same", lambda x, y: f"({x} IS NOT DISTINCT FROM {y})", lambda x, y: f"({x} IS {y})")
_differ = _form(
    "differ", lambda x, y: f"({x} IS DISTINCT FROM {y})", lambda x, y: f"({x} IS NOT {y})"
)
_begins = "(substr({0}, 1, length({1})) = {1})"
_ends = (
    "(length({0}) >= length({1}) AND substr({0}, length({0}) - length({1}) + 1, length({1})) = {1})"
)
_starts = _form("starts", _begins.format, _begins.format)
_stops = _form("stops", _ends.format, _ends.format)
_stripped = _form(
    "stripped", lambda x, blanks: f"btrim({x}, {blanks})", lambda x, blanks: f"trim({x}, {blanks})"
)
_BLANKS = "".join(chr(code) for code in range(0x3001) if chr(code).isspace())


def same(left: Expression, right: Expression) -> Expression:
    """Return whether two values are equal, where null equals null.

    SQLAlchemy's own `is_not_distinct_from` cannot stand in a constraint on SQLite: it leaves
    constants there as parameters.
    """
    return sa.type_coerce(_same(left, right), sa.Boolean())


def differ(left: Expression, right: Expression) -> Expression:
    """Return whether two values are not equal, where null equals null."""
    return sa.type_coerce(_differ(left, right), sa.Boolean())


def by_code_point(text: Expression) -> Expression:
    """Return a text that is ordered by its characters' numbers, whatever the database's locale."""
    return sa.type_coerce(_by_code_point(text), sa.Text())


def holds(text: Expression, part: Expression) -> Expression:
    """Return whether `part` occurs in `text`, with regard to case."""
    return sa.type_coerce(_holds(text, part), sa.Boolean())


def starts(text: Expression, part: Expression) -> Expression:
    """Return whether `text` begins with `part`, with regard to case."""
    return sa.type_coerce(_starts(text, part), sa.Boolean())


def stops(text: Expression, part: Expression) -> Expression:
    """Return whether `text` ends with `part`, with regard to case."""
    return sa.type_coerce(_stops(text, part), sa.Boolean())


def stripped(text: Expression) -> Expression:
    """Return `text` without what Python counts as blank at either end."""
    return sa.type_coerce(_stripped(text, sa.literal(_BLANKS, sa.Text())), sa.Text())


def _smallest(name: str) -> _Print:
    return lambda *values: f"{name}({', '.join(values)})"


_least = _form("least_of", _smallest("least"), _smallest("min"))
_greatest = _form("greatest_of", _smallest("greatest"), _smallest("max"))


def least(*values: Expression, kind: TypeEngine[Any]) -> Expression:
    """Return the smallest of values, none of them null."""
    return sa.type_coerce(_least(*values), kind)


def greatest(*values: Expression, kind: TypeEngine[Any]) -> Expression:
    """Return the greatest of values, none of them null."""
    return sa.type_coerce(_greatest(*values), kind)


# Time. SQLite keeps instants as `YYYY-MM-DD HH:MM:SS.ffffff` and durations as microseconds.


def _sqlite_micros(moment: str) -> str:
    seconds = f"CAST(strftime('%s', substr({moment}, 1, 19)) AS INTEGER)"
    return f"({seconds} * 1000000 + CAST(substr({moment}, 21, 6) AS INTEGER))"


def _sqlite_moment(micros: str) -> str:
    seconds = f"(({micros} - ((({micros}) % 1000000 + 1000000) % 1000000)) / 1000000)"
    rest = f"((({micros}) % 1000000 + 1000000) % 1000000)"
    return (
        f"(strftime('%Y-%m-%d %H:%M:%S', {seconds}, 'unixepoch') || '.' || printf('%06d', {rest}))"
    )


def _sqlite_days(duration: str) -> str:
    """Return the whole days in a duration, rounded down."""
    day = _MICROSECONDS_A_DAY
    return f"(({duration} - (({duration} % {day}) + {day}) % {day}) / {day})"


def _pg_days(duration: str) -> str:
    return f"CAST(floor(extract(epoch FROM {duration}) / 86400) AS INTEGER)"


# Without a time zone, so that neither the session's nor summer time plays a part.
_moved = _form(
    "moved",
    lambda moment, by, sign: (
        f"((({moment} AT TIME ZONE 'UTC') + {sign} * {by}) AT TIME ZONE 'UTC')"
    ),
    lambda moment, by, sign: _sqlite_moment(f"({_sqlite_micros(moment)} + {sign} * {by})"),
)
_moved_day = _form(
    "moved_day",
    lambda day, by, sign: f"({day} + {sign} * {_pg_days(by)})",
    lambda day, by, sign: f"date({day}, ({sign} * {_sqlite_days(by)}) || ' days')",
)
_elapsed = _form(
    "elapsed",
    lambda x, y: f"({x} - {y})",
    lambda x, y: f"({_sqlite_micros(x)} - {_sqlite_micros(y)})",
)
_days_apart = _form(
    "days_apart",
    lambda x, y: f"(({x} - {y}) * INTERVAL '86400 seconds')",
    lambda x, y: f"(CAST(julianday({x}) - julianday({y}) AS INTEGER) * {_MICROSECONDS_A_DAY})",
)
_lasting = _form(
    "lasting",
    lambda count, unit: f"({count} * ({unit} / 1000000.0) * INTERVAL '1 second')",
    lambda count, unit: f"({count} * {unit})",
)
_multiplied = _form("multiplied", lambda x, n: f"({x} * {n})", lambda x, n: f"({x} * {n})")
_day_of = _form(
    "day_of",
    lambda moment: f"CAST({moment} AT TIME ZONE 'UTC' AS DATE)",
    lambda moment: f"substr({moment}, 1, 10)",
)
_clock_of = _form("clock_of", lambda moment: f"({moment} AT TIME ZONE 'UTC')", _nothing_to_do)
_present = _form(
    "present",
    lambda: "CURRENT_TIMESTAMP",
    lambda: "(strftime('%Y-%m-%d %H:%M:%f', 'now') || '000')",
)
_random_uuid = _form(
    "random_uuid",
    lambda: "gen_random_uuid()",
    # The form of RFC 4122: version 4, variant 10.
    lambda: (
        "(substr(lower(hex(randomblob(6))), 1, 12) || '4' || substr(lower(hex(randomblob(2))), 2)"
        " || substr('89ab', 1 + (random() & 3), 1) || substr(lower(hex(randomblob(8))), 2))"
    ),
)
_anniversaries = _form(
    "anniversaries",
    lambda x, y: (
        f"CAST(extract(year FROM {y}) - extract(year FROM {x})"
        f" - CASE WHEN extract(month FROM {y}) * 100 + extract(day FROM {y})"
        f" < extract(month FROM {x}) * 100 + extract(day FROM {x}) THEN 1 ELSE 0 END AS INTEGER)"
    ),
    lambda x, y: (
        f"(CAST(substr({y}, 1, 4) AS INTEGER) - CAST(substr({x}, 1, 4) AS INTEGER)"
        f" - (substr({y}, 6) < substr({x}, 6)))"
    ),
)
_stamp = _form(
    "stamp", lambda text, utc: f"CAST({utc[1:-1]} AS TIMESTAMP WITH TIME ZONE)", _nothing_to_do
)


def moved(moment: Expression, by: Expression, *, back: bool = False) -> Expression:
    """Return an instant so much later, or earlier."""
    return sa.type_coerce(_moved(moment, by, _verbatim(-1 if back else 1)), UtcDateTime())


def moved_day(day: Expression, by: Expression, *, back: bool = False) -> Expression:
    """Return a date so many whole days later, or earlier; days are rounded down."""
    return sa.type_coerce(_moved_day(day, by, _verbatim(-1 if back else 1)), sa.Date())


def elapsed(end: Expression, start: Expression) -> Expression:
    """Return the time between two instants."""
    return sa.type_coerce(_elapsed(end, start), Microseconds())


def days_apart(end: Expression, start: Expression) -> Expression:
    """Return the time between two dates."""
    return sa.type_coerce(_days_apart(end, start), Microseconds())


def lasting(count: Expression, unit: timedelta) -> Expression:
    """Return a duration of so many units."""
    micros = unit // timedelta(microseconds=1)
    return sa.type_coerce(_lasting(count, _verbatim(micros)), Microseconds())


def duration(value: timedelta) -> Expression:
    """Return a constant duration; unlike a literal it may stand in a constraint."""
    return lasting(_verbatim(value // timedelta(microseconds=1)), timedelta(microseconds=1))


def multiplied(length: Expression, count: Expression) -> Expression:
    """Return a duration so many times."""
    return sa.type_coerce(_multiplied(length, count), Microseconds())


def instant(value: datetime) -> Expression:
    """Return a constant instant; unlike a literal it may stand in a constraint."""
    utc = value.astimezone(UTC)
    text = utc.replace(tzinfo=None).isoformat(" ", "microseconds")
    # Only digits and punctuation: the text of a datetime needs no escaping.
    stored: Expression = sa.literal_column(f"'{text}'")
    zoned: Expression = sa.literal_column(f"'{text}+00:00'")
    return sa.type_coerce(_stamp(stored, zoned), UtcDateTime())


def negated(length: Expression) -> Expression:
    """Return a duration of the other sign."""
    return multiplied(length, _verbatim(-1))


def day_of(moment: Expression) -> Expression:
    """Return the date of an instant in UTC."""
    return sa.type_coerce(_day_of(moment), sa.Date())


def part_of(moment: Expression, part: str, *, zoned: bool = False) -> Expression:
    """Return the year, month, day, hour or minute; `zoned` for instants, which count in UTC."""
    clock = _clock_of(moment) if zoned else moment
    return sa.cast(sa.extract(part, clock), sa.Integer())


def years_between(start: Expression, end: Expression) -> Expression:
    """Return how many anniversaries of a date have passed by another."""
    return sa.type_coerce(_anniversaries(start, end), sa.Integer())


def present() -> Expression:
    """Return the instant of the statement (on PostgreSQL, of its transaction)."""
    return sa.type_coerce(_present(), UtcDateTime())


def random_uuid() -> Expression:
    """Return a new UUID of version 4, another for each row."""
    return sa.type_coerce(_random_uuid(), sa.Uuid())


def over[T](rows: sa.FromClause, select: Callable[[sa.FromClause], T]) -> T:
    """Return what `select` makes of the rows of a table, under a name of their own.

    The alias keeps a table apart from itself when selects over it are nested.
    """
    return select(rows.alias())
