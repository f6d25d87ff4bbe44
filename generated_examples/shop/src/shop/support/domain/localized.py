"""A value for each locale: `Localized({"en": "Tea", "de": "Tee"})`.

Source: requirement 99.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from pydantic import GetCoreSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from ..core.errors import ValidationError
from .constraints import check_string

DEFAULT_LOCALE = "default_locale"
"""Key of pydantic's validation context: the locale of plain texts, which are refused without it."""


class Localized[T](Mapping[str, T]):
    """A value for each locale, immutable and equal by what it holds; a mapping by locale."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, T]) -> None:
        """Hold one value a locale; the order says nothing."""
        self._values = dict(sorted(values.items()))

    def __getitem__(self, locale: str) -> T:
        """Return the value in a locale.

        Raises:
            KeyError: There is none.
        """
        return self._values[locale]

    def __iter__(self) -> Iterator[str]:
        """Yield the locales, sorted."""
        return iter(self._values)

    def __len__(self) -> int:
        """Return how many locales have a value."""
        return len(self._values)

    def __hash__(self) -> int:
        """Return the hash of what it holds."""
        return hash(tuple(self._values.items()))

    def __repr__(self) -> str:
        """Return the constructor call."""
        return f"Localized({self._values!r})"

    def first(self, locales: Iterable[str]) -> T | None:
        """Return the value in the first of the locales that has one, or None."""
        return next((self._values[one] for one in locales if one in self._values), None)

    def changed(self, changes: Mapping[str, T | None]) -> "Localized[T]":
        """Return the values with some locales changed; those of None are taken out."""
        merged = {**self._values, **changes}
        return Localized({one: value for one, value in merged.items() if value is not None})

    # The source is the annotation, `Localized[str]`.
    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read and write it as a JSON object of locales."""
        (item,) = get_args(source) or (str,)
        texts = core_schema.dict_schema(core_schema.str_schema(), handler.generate_schema(item))
        return core_schema.with_info_before_validator_function(
            _by_locale,
            core_schema.no_info_after_validator_function(cls, texts),
            serialization=core_schema.plain_serializer_function_ser_schema(dict),
        )


def _by_locale(value: object, info: ValidationInfo) -> object:
    if isinstance(value, Localized):
        return dict(value)
    if isinstance(value, str) and isinstance(info.context, dict) and DEFAULT_LOCALE in info.context:
        return {info.context[DEFAULT_LOCALE]: value}
    return value


def text_of[T](value: Localized[T] | None, locale: str) -> T | None:
    """Return the value in a locale, None where there is nothing."""
    return None if value is None else value[locale]


def with_changes[T](value: Localized[T] | None, changes: Mapping[str, T | None]) -> Localized[T]:
    """Return a value, which may not be there yet, with some locales changed."""
    return (value if value is not None else Localized[T]({})).changed(changes)


def check_localized(
    field: str,
    value: Localized[Any] | None,
    *,
    default: str,
    minimum: int = 0,
    maximum: int | None = None,
    pattern: str | None = None,
) -> None:
    """Check that there is a text for the default locale, and what each text must meet.

    Raises:
        ValidationError: A text is missing, too short, too long or of another form.
    """
    if value is None:
        return
    if default not in value:
        raise ValidationError(field, dict(value), "required", f"must have a text in {default}")
    for locale, text in value.items():
        place = field if locale == default else f"{field}.{locale}"
        check_string(place, text, minimum=minimum, maximum=maximum, pattern=pattern)
