"""Constraints of DTO fields: `Annotated[str, Text(minimum=1, maximum=200)]`.

Each is checked by pydantic's compiled validators as far as they can, and says in the JSON schema
what it checks. Values that already have their Python type pass as well, so that a mapper can fill
a DTO from an aggregate.

Source: requirement 84.2.
"""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from ulid import ULID

from ..core.errors import ValidationError
from ..core.formats import FORMATS
from ..core.text import normalize
from ..domain.constraints import (
    check_digits,
    check_number,
    check_step,
    check_string,
    check_text,
)

type _Schema = dict[str, Any]
"""A JSON schema: pydantic's own type for it."""

_MAX_JSON_DEPTH = 64


def refused(error: ValidationError) -> PydanticCustomError:
    """Return pydantic's form of a broken constraint."""
    # Braces would be read as placeholders of pydantic's message template.
    return PydanticCustomError(
        "constraint", "{message}", {"message": error.message, "constraint": error.constraint}
    )


_NOT_ECMA = re.compile(
    r"\(\?[aiLmsux>#(-]|[*+?}]\+|\{,|\[\^?\]"
    r"|(?<!\\)(?:\\\\)*\\[^dDwWsSbBtnrfvxuk1-9^$\\.*+?()\[\]{}|/-]"
)
"""What Python alone has: flags, groups and possessive repetitions of its own, `{,3}`, `[]a]`, and
escapes such as `\\N{…}` and `\\07`."""


@cache
def ecma_pattern(pattern: str) -> str | None:
    """Return a whole-string Python pattern as JSON schema has it, or None if it can not say it."""
    translated = re.sub(r"\(\?P=(\w+)\)", r"\\k<\1>", pattern.replace("(?P<", "(?<"))
    translated = re.sub(r"(?<!\\)((?:\\\\)*)\\A", r"\1^", translated)
    translated = re.sub(r"(?<!\\)((?:\\\\)*)\\Z", r"\1$", translated)
    if _NOT_ECMA.search(translated):
        return None
    anchored = translated.startswith("^") and re.search(r"(?<!\\)\$\Z", translated) is not None
    return translated if anchored and "|" not in translated else f"^(?:{translated})$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text: its normal form, length in characters, pattern and format."""

    minimum: int = 0
    maximum: int | None = None
    pattern: str | None = None
    """A Python regular expression for the whole text."""
    normalize: tuple[str, ...] = ()
    """Names of `core.text.NORMALIZERS`, applied first, in this order."""
    format: str | None = None
    """A name of `core.formats.FORMATS`."""
    in_path: bool = False
    """The text becomes a segment of a path: see `_check_segment`."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Measure natively, then look at the characters."""
        schema: CoreSchema = core_schema.str_schema(
            strict=True, min_length=self.minimum or None, max_length=self.maximum
        )
        schema = core_schema.no_info_after_validator_function(self._check, schema)
        if self.normalize:
            schema = core_schema.no_info_before_validator_function(self._normalized, schema)
        return schema

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Add pattern and format."""
        described = handler(schema)
        if self.format is not None:
            described.update(FORMATS[self.format].schema)
        # What a client sends is normalized before it must match.
        if self.pattern is not None and not self.normalize and ecma_pattern(self.pattern):
            described["pattern"] = ecma_pattern(self.pattern)
        return described

    def _normalized(self, value: object) -> object:
        return normalize(value, *self.normalize) if isinstance(value, str) else value

    def _check(self, value: str) -> str:
        try:
            check_string("", value, pattern=self.pattern, format=self.format)
            if self.in_path:
                _check_segment(value)
        except ValidationError as error:
            raise refused(error) from error
        return value


_OPERATIONS = frozenset({"bulk", "bulk-delete", "count", "export"})
"""What stands in paths where an identifier may stand."""


def _check_segment(value: str) -> None:
    """Refuse an identifier that no path could name."""
    if value in _OPERATIONS:
        raise ValidationError(
            "", value, "reserved", f"must not be {value!r}: that names an operation"
        )
    if value in ("", ".", "..") or "/" in value:
        raise ValidationError("", value, "path_segment", "must be something that a path can name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Integer:
    """A whole number that `bits` can hold; text and fractions are refused."""

    bits: int = 32
    minimum: int | None = None
    maximum: int | None = None
    gt: int | None = None
    lt: int | None = None
    step: int | None = None

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Check everything natively."""
        limit = 1 << (self.bits - 1)
        return core_schema.int_schema(
            strict=True,
            ge=-limit if self.minimum is None else max(self.minimum, -limit),
            le=limit - 1 if self.maximum is None else min(self.maximum, limit - 1),
            gt=self.gt,
            lt=self.lt,
            multiple_of=self.step,
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """State the width as a format and only the bounds that are meant."""
        described = handler(schema) | {"format": f"int{self.bits}"}
        if self.minimum is None:
            del described["minimum"]
        if self.maximum is None:
            del described["maximum"]
        return described


@dataclass(frozen=True, slots=True, kw_only=True)
class Real:
    """A finite floating-point number."""

    minimum: float | None = None
    maximum: float | None = None
    gt: float | None = None
    lt: float | None = None
    step: float | None = None

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Check the bounds natively; a step on decimal digits as written."""
        schema: CoreSchema = core_schema.float_schema(
            strict=True,
            allow_inf_nan=False,
            ge=self.minimum,
            le=self.maximum,
            gt=self.gt,
            lt=self.lt,
        )
        if self.step is not None:
            schema = core_schema.no_info_after_validator_function(self._check_step, schema)
        return schema

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """State the width."""
        described = handler(schema) | {"format": "double"}
        return described if self.step is None else described | {"multipleOf": self.step}

    def _check_step(self, value: float) -> float:
        if self.step is not None:
            _run(lambda step: check_step("", value, step), self.step)
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Digits:
    """A decimal number of at most `precision` digits, `scale` of them after the point.

    Comes as a string, or as a number where that loses nothing; always has `scale` places after.
    """

    precision: int
    scale: int
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    gt: Decimal | None = None
    lt: Decimal | None = None
    step: Decimal | None = None

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Check in one function: pydantic's decimals count trailing zeros as digits."""
        return core_schema.no_info_plain_validator_function(self._validate)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe what is written as a string, and what else is read."""
        return self._string() if handler.mode == "serialization" else self._sent()

    def _string(self) -> _Schema:
        """Describe the digits; bounds of a string are not JSON schema's, so they are extensions."""
        whole = max(self.precision - self.scale, 1)
        fraction = rf"(\.[0-9]{{1,{self.scale}}})?" if self.scale else ""
        described: _Schema = {
            "type": "string",
            "format": "decimal",
            "pattern": f"^-?[0-9]{{1,{whole}}}{fraction}$",
        }
        bounds = {f"x-{key}": bound for key, bound in self._bounds().items()}
        bounds["x-multipleOf"] = self.step
        return described | {key: str(bound) for key, bound in bounds.items() if bound is not None}

    def _sent(self) -> _Schema:
        """Describe strings and numbers.

        Places of a number are not told: by `multipleOf: 0.01`, 19.99 is wrong in most validators.
        """
        number: _Schema = {"type": "number" if self.scale else "integer"}
        if self.scale and self.precision > _FLOAT_DIGITS:
            number["description"] = f"Of {_FLOAT_DIGITS} digits at most; more are a string."
        bounds = {
            key: _json_number(bound) for key, bound in self._bounds().items() if bound is not None
        }
        return {"anyOf": [self._string(), number | bounds]}

    def _bounds(self) -> dict[str, Decimal | None]:
        return {
            "minimum": self.minimum,
            "maximum": self.maximum,
            "exclusiveMinimum": self.gt,
            "exclusiveMaximum": self.lt,
        }

    def _validate(self, value: object) -> Decimal:
        number = _decimal(value)
        try:
            number = self._written_out(number)
            check_number(
                "",
                number,
                minimum=self.minimum,
                maximum=self.maximum,
                gt=self.gt,
                lt=self.lt,
            )
            if self.step is not None:
                check_step("", number, self.step)
        except ValidationError as error:
            raise refused(error) from error
        return number

    def _written_out(self, number: Decimal) -> Decimal:
        """Return the number with all its places, if it is one that has no more."""
        sign, digits, exponent = number.as_tuple()
        # Most have them; what is no number has no exponent.
        if exponent == -self.scale and len(digits) <= self.precision and (number or not sign):
            return number
        check_digits("", number, precision=self.precision, scale=self.scale)
        # Exact: a value with more places was refused.
        places = -int(exponent)
        kept = digits + (0,) * (self.scale - places)
        if places > self.scale:
            kept = digits[: self.scale - places] or (0,)
        return Decimal((sign if any(kept) else 0, kept, -self.scale))


_FLOAT_DIGITS = 15
"""How many decimal digits every floating-point number keeps."""


def _json_number(bound: Decimal) -> int | float:
    return int(bound) if bound == bound.to_integral_value() else float(bound)


_DECIMAL = re.compile(r"-?[0-9]{1,1000}(\.[0-9]{1,1000})?", re.ASCII)


def _decimal(value: object) -> Decimal:
    match value:
        case Decimal():
            return value
        case bool():
            pass
        case int():
            return Decimal(value)
        case float():
            number = Decimal(repr(value))
            if number.is_finite() and len(number.as_tuple().digits) > _FLOAT_DIGITS:
                raise PydanticCustomError(
                    "decimal_precision", "a number of so many digits must be sent as a string"
                )
            return number
        case str() if _DECIMAL.fullmatch(value):
            return Decimal(value)
        case _:
            pass
    raise PydanticCustomError("decimal_type", "must be a decimal number, written as a string")


def _run[T](check: Callable[[T], None], argument: T) -> None:
    try:
        check(argument)
    except ValidationError as error:
        raise refused(error) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Binary:
    """Bytes, as standard base64 on the wire; bounds count bytes."""

    minimum: int = 0
    maximum: int | None = None

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Decode, then measure natively."""
        return core_schema.no_info_before_validator_function(
            self._decoded,
            core_schema.bytes_schema(
                strict=True, min_length=self.minimum or None, max_length=self.maximum
            ),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the encoded form."""
        described: _Schema = {"type": "string", "contentEncoding": "base64"}
        if self.maximum is not None:
            described["maxLength"] = -(-self.maximum // 3) * 4
        return described

    def _decoded(self, value: object) -> object:
        if not isinstance(value, str):
            return value
        try:
            return b64decode(value, validate=True)
        except (Base64Error, ValueError) as error:
            raise PydanticCustomError("base64", "must be standard base64") from error


@dataclass(frozen=True, slots=True)
class UlidText:
    """A ULID, as 26 characters on the wire."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Parse in one function."""
        return core_schema.no_info_plain_validator_function(self._parse)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe Crockford's base 32."""
        return {"type": "string", "format": "ulid", "pattern": "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"}

    def _parse(self, value: object) -> ULID:
        if isinstance(value, ULID):
            return value
        try:
            if isinstance(value, str) and re.fullmatch("[0-7][0-9A-HJKMNP-TV-Z]{25}", value):
                return ULID.from_str(value)
        except ValueError:
            pass
        raise PydanticCustomError("ulid", "must be a ULID of 26 characters")


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A collection: how many elements, and for a set that none comes twice."""

    minimum: int | None = None
    maximum: int | None = None

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Count natively."""
        schema = handler(source)
        if schema["type"] in ("list", "frozenset", "dict"):
            counted: _Schema = dict(schema)
            # pydantic-core takes no None for "no limit" here.
            if self.minimum is not None:
                counted["min_length"] = self.minimum
            if self.maximum is not None:
                counted["max_length"] = self.maximum
            schema = _as_core_schema(counted)
        if schema["type"] == "frozenset":
            return core_schema.no_info_wrap_validator_function(self._distinct, schema)
        return schema

    def _distinct(
        self, value: object, validate: core_schema.ValidatorFunctionWrapHandler
    ) -> frozenset[object]:
        validated: frozenset[object] = validate(value)
        if isinstance(value, list) and len(validated) < len(value):
            raise PydanticCustomError("unique_items", "must not contain an element twice")
        return validated


def _as_core_schema(schema: Any) -> CoreSchema:
    """Tell the checker that a changed core schema is one still; core schemas are plain dicts."""
    changed: CoreSchema = schema
    return changed


@dataclass(frozen=True, slots=True)
class JsonDocument:
    """Any JSON that a database can hold: no NUL, no bottomless nesting.

    Not null itself, which means that there is no document; inside of one it is a value.
    """

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Look through the whole document."""
        return core_schema.no_info_plain_validator_function(self._check)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Allow everything but null."""
        return {"type": ["array", "boolean", "number", "object", "string"]}

    def _check(self, value: object) -> object:
        if value is None:
            raise PydanticCustomError("json_null", "must not be null")
        self._look_through(value, depth=0)
        return value

    def _look_through(self, value: object, *, depth: int) -> None:
        if depth > _MAX_JSON_DEPTH:
            raise PydanticCustomError("json_depth", "must not be nested so deep")
        match value:
            case str():
                _run(lambda text: check_text("", text), value)
            case list():
                for item in value:
                    self._look_through(item, depth=depth + 1)
            case dict():
                for key, item in value.items():
                    self._look_through(key, depth=depth + 1)
                    self._look_through(item, depth=depth + 1)
            case None | bool() | int() | float():
                pass
            case _:
                raise PydanticCustomError("json_type", "must be JSON")
