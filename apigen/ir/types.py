"""The types of the language, resolved: data only.

A reference names its target by qualified name (`catalog.Money`); `System` has the look-up.
"""

from dataclasses import field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum

from apigen.values import dataclass

type Json = bool | int | float | str | list[Json] | dict[str, Json] | None
type Literal = bool | int | float | str | Decimal | date | datetime | time | timedelta
"""A value of a scalar type as Python has it; an enum member is its name, a code its text."""


class ScalarKind(StrEnum):
    """The built-in types of this format (spec-language.md section 2.3)."""

    STR = "str"
    TEXT = "text"
    INT = "int"
    BIGINT = "bigint"
    FLOAT = "float"
    DECIMAL = "decimal"
    BOOL = "bool"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    DURATION = "duration"
    UUID = "uuid"
    ULID = "ulid"
    BYTES = "bytes"
    JSON = "json"
    EMAIL = "email"
    URL = "url"
    SLUG = "slug"
    PHONE = "phone"
    IP = "ip"
    COUNTRY = "country"
    CURRENCY = "currency"
    LOCALE = "locale"
    TIMEZONE = "timezone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraints:
    """Bounds of a value. `min` and `max` count characters, bytes, items, or are values."""

    min: Literal | None = None
    max: Literal | None = None
    gt: Literal | None = None
    lt: Literal | None = None
    step: Literal | None = None
    pattern: str | None = None
    """A Python regular expression that must match the whole string."""
    precision: int | None = None
    """Always set for `decimal`."""
    scale: int | None = None
    """Always set for `decimal`."""
    normalize: tuple[str, ...] = ()
    """Of trim, lower, upper, nfc, slug, applied in this order before validation."""


NO_CONSTRAINTS = Constraints()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A built-in type. `named` is the qualified name of a declared scalar type such as `Sku`.

    For str and every text kind but `text`, `constraints.max` is always set (the column length).
    """

    kind: ScalarKind
    constraints: Constraints = NO_CONSTRAINTS
    named: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EnumRef:
    """An enumeration, by qualified name."""

    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectRef:
    """A value object, by qualified name."""

    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UnionRef:
    """A tagged union, by qualified name."""

    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOf:
    """An ordered collection; elements are never null."""

    item: "TypeRef"
    constraints: Constraints = NO_CONSTRAINTS


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOf:
    """An unordered collection of distinct elements."""

    item: "TypeRef"
    constraints: Constraints = NO_CONSTRAINTS


@dataclass(frozen=True, slots=True, kw_only=True)
class MapOf:
    """Text keys to elements."""

    item: "TypeRef"
    constraints: Constraints = NO_CONSTRAINTS


@dataclass(frozen=True, slots=True, kw_only=True)
class IdOf:
    """The identifier of an entity or child, without a foreign key."""

    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RefTo:
    """A foreign key to an aggregate root of the same context."""

    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ManyOf:
    """Many-to-many through a generated join table."""

    target: str
    constraints: Constraints = NO_CONSTRAINTS


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalizedText:
    """A text for each locale; there is always one for the default locale."""

    item: Scalar
    """`str` or `text`, or a declared scalar of one of them: the constraints of each text."""
    default: str
    """The default locale. Rules read the text in it."""


type TypeRef = (
    Scalar
    | EnumRef
    | ObjectRef
    | UnionRef
    | ListOf
    | SetOf
    | MapOf
    | IdOf
    | RefTo
    | ManyOf
    | LocalizedText
)


def plain_type(type_: TypeRef) -> TypeRef:
    """Return the type of one value: of a localized text, that of the text in one locale."""
    return type_.item if isinstance(type_, LocalizedText) else type_


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralDefault:
    """A constant. `value` is JSON-like for collections and objects, else a `Literal`."""

    value: Literal | list[object] | dict[str, object]


class DynamicDefault(StrEnum):
    """A default worked out when the value is made."""

    NOW = "now"
    TODAY = "today"
    UUID = "uuid()"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorDefault:
    """Something of who creates it: `actor.id`, or a claim."""

    claim: str
    """`id`, or the name of an `ActorClaim`."""


type Default = LiteralDefault | DynamicDefault | ActorDefault


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """`x-…` keys kept for plug-ins, as written: (key, value) in written order."""

    entries: tuple[tuple[str, Json], ...] = field(default=())


NO_EXTENSION = Extension()
