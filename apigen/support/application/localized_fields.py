"""Localized fields of DTOs: a plain text, or a text for each locale.

A plain text that is sent is of the locale that `Content-Language` names, else of the default one.
What is shown is the text in the language of the answer, or an object of all of them.

Source: requirement 99.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, SchemaValidator, core_schema

from ..core.languages import EVERY_LOCALE, Locales, answer_language, content_language
from ..domain.localized import Localized
from .fields import Text


@dataclass(frozen=True, slots=True)
class LocalizedInput:
    """What makes a localized value: there has to be a text for the default locale."""

    locales: Locales
    text: Text
    """What each text has to meet."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Read either form as a `Localized`."""
        return _either(self.locales, self.text, handler, self._made)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe both forms."""
        return _described(self.locales, handler(schema), needs_default=True)

    def _made(self, texts: Mapping[str, str | None]) -> Localized[str]:
        if self.locales.default not in texts:
            raise _refused(f"must have a text in {self.locales.default}", "required")
        return Localized({one: text for one, text in texts.items() if text is not None})


@dataclass(frozen=True, slots=True)
class LocalizedChange:
    """What changes in a localized value: the locales that are sent; null takes a text out."""

    locales: Locales
    text: Text
    is_whole: bool = False
    """Whether an object says everything, so that the locales it lacks are taken out."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Read either form as a mapping of locales to texts and None."""
        return _either(
            self.locales, self.text, handler, dict, takes_null=True, is_whole=self.is_whole
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe both forms."""
        described = handler(schema)
        return _described(self.locales, described, needs_default=self.is_whole, takes_null=True)


@dataclass(frozen=True, slots=True)
class LocalizedOutput:
    """A localized value as it is shown."""

    locales: Locales
    text: Text

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Show a `Localized`; what is shown already stays as it is."""
        texts = handler.generate_schema(Annotated[str, self.text])
        shown = core_schema.union_schema([texts, core_schema.dict_schema(values_schema=texts)])
        return core_schema.no_info_before_validator_function(self._shown, shown)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe both forms."""
        text = handler.resolve_ref_schema(handler(schema))["anyOf"][0]
        described = _described(self.locales, text, needs_default=True)
        return described | {"description": "An object of all texts where `locale` is `all`."}

    def _shown(self, value: object) -> object:
        if not isinstance(value, Localized):
            return value
        language = answer_language(self.locales)
        if language == EVERY_LOCALE:
            return {one: value[one] for one in self.locales.supported if one in value}
        return value.first(self.locales.chain(language))


def _either(
    locales: Locales,
    text: Text,
    handler: GetCoreSchemaHandler,
    made: Callable[[dict[str, str | None]], object],
    *,
    takes_null: bool = False,
    is_whole: bool = False,
) -> CoreSchema:
    one = handler.generate_schema(Annotated[str, text])
    item = core_schema.nullable_schema(one) if takes_null else one
    several = SchemaValidator(core_schema.dict_schema(core_schema.str_schema(), item))

    # Which form it is, the kind of the value says: pydantic's unions would report both.
    def read(value: object, handle: Callable[[object], str]) -> object:
        if not isinstance(value, Mapping):
            return made({_content_locale(locales): handle(value)})
        unknown = [str(key) for key in value if key not in locales.chains]
        if unknown:
            known = ", ".join(locales.supported)
            raise _refused(f"{unknown[0]!r} is not one of the locales {known}", "locale")
        texts: dict[str, str | None] = several.validate_python(dict(value))
        return made({**dict.fromkeys(locales.supported), **texts} if is_whole else texts)

    return core_schema.no_info_wrap_validator_function(read, one)


def _content_locale(locales: Locales) -> str:
    tag = content_language()
    if tag is None:
        return locales.default
    found = locales.find(tag)
    if found is None:
        known = ", ".join(locales.supported)
        raise _refused(f"Content-Language must be one of {known}", "content_language")
    return found


def _refused(message: str, constraint: str) -> PydanticCustomError:
    # Braces would be read as placeholders of pydantic's message template.
    values = {"message": message, "constraint": constraint}
    return PydanticCustomError("constraint", "{message}", values)


# JSON schemas are free-form JSON, hence Any.
def _described(
    locales: Locales, text: dict[str, Any], *, needs_default: bool, takes_null: bool = False
) -> dict[str, Any]:
    item = {"anyOf": [text, {"type": "null"}]} if takes_null else text
    texts: dict[str, Any] = {
        "type": "object",
        "properties": dict.fromkeys(locales.supported, item),
        "additionalProperties": False,
    }
    if needs_default:
        texts["required"] = [locales.default]
    return {"anyOf": [text, texts]}
