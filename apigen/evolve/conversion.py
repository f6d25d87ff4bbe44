"""How values of a column get from one type to another, on each database.

PostgreSQL stores what the type says. SQLite has decimals as integers of the last digit, instants
as `YYYY-MM-DD HH:MM:SS.ffffff` in UTC, UUIDs as 32 hex digits and booleans as 0 and 1. What can
not be read as the other type becomes null on both; of a required column, that stops the migration.
"""

from collections.abc import Callable
from enum import StrEnum

from apigen.ir.schema import ColumnType
from apigen.values import dataclass


class Way(StrEnum):
    """What it takes."""

    SAME = "same"
    IN_PLACE = "in_place"
    """The type is widened where it stands."""
    RESCALED = "rescaled"
    """Widened; SQLite multiplies by a power of ten."""
    KEPT = "kept"
    """Another type that holds every value: a new column gets them."""
    CONVERTED = "converted"
    """Another type that does not hold every value."""
    LOST = "lost"
    """There is nothing to convert to: rows get what the spec says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """SQL that reads a column `{c}` as another type."""

    postgresql: str
    sqlite: str
    loses: bool = False


_INTEGERS = {"Integer": 32, "BigInteger": 64}
_INTEGER_DIGITS = {"Integer": 10, "BigInteger": 19}


def way(before: ColumnType, after: ColumnType) -> Way:
    """Tell how values get from one type to another."""
    if before == after or {before.name, after.name} == {"BigInteger", "BIG_KEY"}:
        return Way.SAME
    match before.name, after.name:
        case "Ciphertext", "Ciphertext":
            # What is encrypted is JSON: the same for every length, and for every number of digits.
            return Way.SAME if _kind(opened(before)) == _kind(opened(after)) else Way.LOST
        case _, "Ciphertext":
            return Way.KEPT if _kind(before) == _kind(opened(after)) else Way.LOST
        case "Ciphertext", _:
            fits = way(opened(before), after) not in (Way.CONVERTED, Way.LOST)
            return Way.KEPT if fits and _kind(opened(before)) == _kind(after) else Way.LOST
        case "Integer", "BigInteger":
            return Way.IN_PLACE
        case "String", "String" if _number(after) >= _number(before):
            return Way.IN_PLACE
        case "String", "Text":
            return Way.IN_PLACE
        case "ScaledDecimal", "ScaledDecimal" if _holds(after, before):
            return Way.IN_PLACE if before.arguments[1] == after.arguments[1] else Way.RESCALED
        case _:
            found = conversion(before, after)
    if found is None:
        return Way.LOST
    return Way.CONVERTED if found.loses else Way.KEPT


def conversion(before: ColumnType, after: ColumnType) -> Conversion | None:
    """Return what reads one type as another; None where nothing can."""
    make = _TABLE.get((_kind(before), _kind(after)))
    return make(before, after) if make is not None else None


def _kind(type_: ColumnType) -> str:
    if type_.name in _INTEGERS:
        return "integer"
    return "text" if type_.name in ("String", "Text") else type_.name


def opened(type_: ColumnType) -> ColumnType:
    """Return the type of what is encrypted in a column of ciphertexts."""
    name, *arguments = type_.arguments
    return ColumnType(name=name, arguments=tuple(arguments))


def _number(type_: ColumnType, at: int = 0) -> int:
    return int(type_.arguments[at])


def _holds(wide: ColumnType, narrow: ColumnType) -> bool:
    """Tell whether a decimal type has the digits of another on both sides of the point."""
    places = _number(wide, 1) >= _number(narrow, 1)
    before_point = [_number(one) - _number(one, 1) for one in (wide, narrow)]
    return places and before_point[0] >= before_point[1]


def postgresql_type(type_: ColumnType) -> str:
    """Return the type as PostgreSQL calls it."""
    names = {
        "Integer": "integer",
        "BigInteger": "bigint",
        "Double": "double precision",
        "Text": "text",
        "Uuid": "uuid",
        "Date": "date",
        "UtcDateTime": "timestamp with time zone",
    }
    if type_.name == "String":
        return f"varchar({type_.arguments[0]})"
    if type_.name == "ScaledDecimal":
        return f"numeric({', '.join(type_.arguments)})"
    return names[type_.name]


def _fits(after: ColumnType, longest: int) -> bool:
    return after.name == "Text" or _number(after) >= longest


def _texts(before: ColumnType, after: ColumnType) -> Conversion:
    if after.name == "Text":
        return Conversion(postgresql="{c}", sqlite="{c}")
    cut = f"substr({{c}}, 1, {after.arguments[0]})"
    return Conversion(postgresql=cut, sqlite=cut, loses=True)


def _as_text(longest: Callable[[ColumnType], int], sqlite: str) -> "_Make":
    def make(before: ColumnType, after: ColumnType) -> Conversion:
        fits = _fits(after, longest(before))
        text = "CAST({c} AS text)"
        if not fits:
            text, lite = (f"substr({one}, 1, {after.arguments[0]})" for one in (text, sqlite))
            return Conversion(postgresql=text, sqlite=lite, loses=True)
        return Conversion(postgresql=text, sqlite=sqlite)

    return make


_INTEGER_TEXT = "^[[:space:]]*[+-]?[0-9]{1,18}[[:space:]]*$"


def _text_to_integer(before: ColumnType, after: ColumnType) -> Conversion:
    kind = postgresql_type(after)
    return Conversion(
        postgresql=f"CASE WHEN {{c}} ~ '{_INTEGER_TEXT}' THEN CAST({{c}} AS {kind}) END",
        sqlite=(
            "CASE WHEN ltrim(trim({c}), '+-') <> '' AND ltrim(trim({c}), '+-') NOT GLOB '*[^0-9]*'"
            " THEN CAST(trim({c}) AS INTEGER) END"
        ),
        loses=True,
    )


_NUMBER_TEXT = "^[[:space:]]*[+-]?[0-9]{1,18}([.][0-9]*)?[[:space:]]*$"


def _text_to_number(before: ColumnType, after: ColumnType) -> Conversion:
    number, lite = "CAST({c} AS numeric)", "CAST(trim({c}) AS REAL)"
    if after.name == "ScaledDecimal":
        number = f"round({number}, {after.arguments[1]})"
        lite = f"CAST(round({lite} * {10 ** _number(after, 1)}) AS INTEGER)"
    digits = "ltrim(trim({c}), '+-')"
    kind = postgresql_type(after)
    return Conversion(
        postgresql=f"CASE WHEN {{c}} ~ '{_NUMBER_TEXT}' THEN CAST({number} AS {kind}) END",
        sqlite=(
            f"CASE WHEN {digits} GLOB '[0-9]*' AND {digits} NOT GLOB '*[^0-9.]*'"
            f" AND {digits} NOT GLOB '*.*.*' THEN {lite} END"
        ),
        loses=True,
    )


def _text_to_uuid(before: ColumnType, after: ColumnType) -> Conversion:
    bare = "replace(lower(trim({c})), '-', '')"
    return Conversion(
        postgresql=f"CASE WHEN {bare} ~ '^[0-9a-f]{{32}}$' THEN CAST({bare} AS uuid) END",
        sqlite=f"CASE WHEN length({bare}) = 32 AND {bare} NOT GLOB '*[^0-9a-f]*' THEN {bare} END",
        loses=True,
    )


def _text_to_date(before: ColumnType, after: ColumnType) -> Conversion:
    return Conversion(
        postgresql=("CASE WHEN {c} ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN CAST({c} AS date) END"),
        sqlite="CASE WHEN date({c}) = {c} THEN {c} END",
        loses=True,
    )


def _integers(before: ColumnType, after: ColumnType) -> Conversion:
    # PostgreSQL refuses what is too large; SQLite has one size.
    return Conversion(
        postgresql=f"CAST({{c}} AS {postgresql_type(after)})", sqlite="{c}", loses=True
    )


def _integer_to_decimal(before: ColumnType, after: ColumnType) -> Conversion:
    digits = _number(after) - _number(after, 1)
    return Conversion(
        postgresql=f"CAST({{c}} AS {postgresql_type(after)})",
        sqlite=f"{{c}} * {10 ** _number(after, 1)}",
        loses=digits < _INTEGER_DIGITS[before.name],
    )


def _decimal_to_integer(before: ColumnType, after: ColumnType) -> Conversion:
    return Conversion(
        postgresql=f"CAST(round({{c}}) AS {postgresql_type(after)})",
        sqlite=_rounded("{c}", 10 ** _number(before, 1)),
        loses=True,
    )


def _decimals(before: ColumnType, after: ColumnType) -> Conversion:
    shift = _number(after, 1) - _number(before, 1)
    lite = f"{{c}} * {10**shift}" if shift >= 0 else _rounded("{c}", 10**-shift)
    return Conversion(
        postgresql=f"CAST(round({{c}}, {after.arguments[1]}) AS {postgresql_type(after)})",
        sqlite=lite,
        loses=True,
    )


def _rounded(value: str, by: int) -> str:
    """Divide an integer of SQLite, halves away from zero, as PostgreSQL rounds."""
    return f"({value} + CASE WHEN {value} < 0 THEN -{by // 2} ELSE {by // 2} END) / {by}"


def _double_to_decimal(before: ColumnType, after: ColumnType) -> Conversion:
    scale = _number(after, 1)
    return Conversion(
        postgresql=f"CAST(round(CAST({{c}} AS numeric), {scale}) AS {postgresql_type(after)})",
        sqlite=f"CAST(round({{c}} * {10**scale}) AS INTEGER)",
        loses=True,
    )


def _decimal_to_double(before: ColumnType, after: ColumnType) -> Conversion:
    return Conversion(
        postgresql="CAST({c} AS double precision)",
        sqlite=f"{{c}} / {10 ** _number(before, 1)}.0",
        loses=True,
    )


def _decimal_to_text(before: ColumnType, after: ColumnType) -> Conversion:
    precision, scale = _number(before), _number(before, 1)
    by = 10**scale
    places = f" || '.' || substr('{'0' * scale}' || (abs({{c}}) % {by}), -{scale})" if scale else ""
    lite = f"CASE WHEN {{c}} < 0 THEN '-' ELSE '' END || (abs({{c}}) / {by}){places}"
    make = _as_text(lambda _: precision + 2, lite)
    return make(before, after)


def _fixed(postgresql: str, sqlite: str, *, loses: bool = False) -> "_Make":
    found = Conversion(postgresql=postgresql, sqlite=sqlite, loses=loses)
    return lambda before, after: found


def _localized(before: ColumnType, after: ColumnType) -> Conversion:
    """Take a text as that of the default locale."""
    default = _locale(after)
    return Conversion(
        postgresql=f"CASE WHEN {{c}} IS NOT NULL THEN jsonb_build_object('{default}', {{c}}) END",
        sqlite=f"CASE WHEN {{c}} IS NOT NULL THEN json_object('{default}', {{c}}) END",
    )


def _one_language(before: ColumnType, after: ColumnType) -> Conversion:
    """Keep the text of the default locale alone."""
    found = f"{{c}} ->> '{_locale(before)}'"
    if after.name != "Text":
        found = f"substr({found}, 1, {after.arguments[0]})"
    return Conversion(postgresql=found, sqlite=found, loses=True)


def _other_default(before: ColumnType, after: ColumnType) -> Conversion:
    """Take the text of the default locale for that of another, where it has none."""
    old, new = _locale(before), _locale(after)
    text = f"CASE WHEN {{c}} ->> '{new}' IS NOT NULL THEN {{c}} ELSE"
    return Conversion(
        postgresql=f"{text} {{c}} || jsonb_build_object('{new}', {{c}} ->> '{old}') END",
        sqlite=f"{text} json_set({{c}}, '$.\"{new}\"', {{c}} ->> '{old}') END",
    )


def _locale(type_: ColumnType) -> str:
    return type_.arguments[0].strip("\"'")


type _Make = Callable[[ColumnType, ColumnType], Conversion]

_DASHED = " || '-' || ".join(
    f"substr({{c}}, {at}, {n})" for at, n in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))
)
_TRUTH = (
    "CASE WHEN lower({c}) IN ('true', '1') THEN 1 = 1"
    " WHEN lower({c}) IN ('false', '0') THEN 1 = 0 END"
)
_TABLE: dict[tuple[str, str], _Make] = {
    ("text", "text"): _texts,
    ("text", "LocalizedTexts"): _localized,
    ("LocalizedTexts", "text"): _one_language,
    ("LocalizedTexts", "LocalizedTexts"): _other_default,
    ("integer", "text"): _as_text(lambda one: _INTEGER_DIGITS[one.name] + 1, "CAST({c} AS TEXT)"),
    ("Double", "text"): _as_text(lambda _: 24, "CAST({c} AS TEXT)"),
    ("Date", "text"): _as_text(lambda _: 10, "{c}"),
    ("Uuid", "text"): _as_text(lambda _: 36, _DASHED),
    ("UlidString", "text"): _as_text(lambda _: 26, "{c}"),
    ("ScaledDecimal", "text"): _decimal_to_text,
    ("Boolean", "text"): _as_text(
        lambda _: 5, "CASE WHEN {c} IS NULL THEN NULL WHEN {c} THEN 'true' ELSE 'false' END"
    ),
    ("text", "Boolean"): _fixed(_TRUTH, _TRUTH, loses=True),
    ("text", "integer"): _text_to_integer,
    ("text", "ScaledDecimal"): _text_to_number,
    ("text", "Double"): _text_to_number,
    ("text", "Uuid"): _text_to_uuid,
    ("text", "Date"): _text_to_date,
    ("integer", "integer"): _integers,
    ("integer", "Double"): _fixed("CAST({c} AS double precision)", "CAST({c} AS REAL)"),
    ("integer", "Boolean"): _fixed("{c} <> 0", "{c} <> 0", loses=True),
    ("Boolean", "integer"): _fixed("CAST({c} AS integer)", "{c}"),
    ("integer", "ScaledDecimal"): _integer_to_decimal,
    ("ScaledDecimal", "integer"): _decimal_to_integer,
    ("ScaledDecimal", "ScaledDecimal"): _decimals,
    ("Double", "ScaledDecimal"): _double_to_decimal,
    ("ScaledDecimal", "Double"): _decimal_to_double,
    ("Double", "integer"): _fixed(
        "CAST(round({c}) AS bigint)", "CAST(round({c}) AS INTEGER)", loses=True
    ),
    ("Date", "UtcDateTime"): _fixed(
        "CAST({c} AS timestamp) AT TIME ZONE 'UTC'", "{c} || ' 00:00:00.000000'"
    ),
    ("UtcDateTime", "Date"): _fixed(
        "CAST({c} AT TIME ZONE 'UTC' AS date)", "substr({c}, 1, 10)", loses=True
    ),
}
