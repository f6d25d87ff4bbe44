"""Localized fields of DTOs: both forms, in and out."""

from collections.abc import Mapping
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError

from apigen.support.application.dtos import Dto
from apigen.support.application.fields import Text
from apigen.support.application.localized_fields import (
    LocalizedChange,
    LocalizedInput,
    LocalizedOutput,
)
from apigen.support.core.languages import Locales
from apigen.support.domain.localized import Localized, with_changes
from tests.support.languages import SpokenLanguage, bound_language

LOCALES = Locales(default="en", chains={"en": ("en",), "de": ("de", "en"), "fr": ("fr", "en")})
SHORT = Text(minimum=2, maximum=5, normalize=("trim",))
CHANGE: TypeAdapter[Mapping[str, str | None]] = TypeAdapter(
    Annotated[Mapping[str, str | None], LocalizedChange(LOCALES, SHORT)]
)
WHOLE: TypeAdapter[Mapping[str, str | None]] = TypeAdapter(
    Annotated[Mapping[str, str | None], LocalizedChange(LOCALES, SHORT, is_whole=True)]
)


class Made(Dto):
    """A payload."""

    name: Annotated[Localized[str], LocalizedInput(LOCALES, SHORT)]


class Shown(Dto):
    """A response."""

    name: Annotated[str | dict[str, str], LocalizedOutput(LOCALES, SHORT)]


def refusal(value: object) -> tuple[str, str]:
    """Return the field and the message of what refuses a value."""
    with pytest.raises(ValidationError) as caught:
        Made.model_validate({"name": value})
    (error,) = caught.value.errors()
    return ".".join(map(str, error["loc"])), error["msg"]


def test_a_plain_text_is_of_the_default_locale() -> None:
    assert Made.model_validate({"name": " tea "}).name == Localized({"en": "tea"})


def test_a_plain_text_is_of_the_language_that_is_sent() -> None:
    with bound_language(SpokenLanguage(answer="en", content="DE")):
        assert CHANGE.validate_python("Tee") == {"de": "Tee"}


def test_several_texts_are_checked_each() -> None:
    name = Made.model_validate({"name": {"en": "tea", "de": " Tee"}}).name

    assert name == Localized({"de": "Tee", "en": "tea"})
    assert refusal({"en": "tea", "de": "T"})[0] == "name.de"


@pytest.mark.parametrize(
    ("value", "place", "message"),
    [
        ("t", "name", "String should have at least 2 characters"),
        (7, "name", "Input should be a valid string"),
        (None, "name", "Input should be a valid string"),
        ({"de": "Tee"}, "name", "must have a text in en"),
        ({}, "name", "must have a text in en"),
        ({"en": "tea", "{x}": "chai"}, "name", "'{x}' is not one of the locales en, de, fr"),
        ({"en": None}, "name.en", "Input should be a valid string"),
    ],
)
def test_what_is_wrong_is_said_where(value: object, place: str, message: str) -> None:
    assert refusal(value) == (place, message)


def test_an_unknown_content_language_is_refused() -> None:
    with bound_language(SpokenLanguage(answer="en", content="nl")):
        assert refusal("thee") == ("name", "Content-Language must be one of en, de, fr")
        assert Made.model_validate({"name": {"en": "tea"}}).name["en"] == "tea"


def test_a_change_keeps_the_locales_that_it_does_not_name() -> None:
    before = Localized({"en": "tea", "de": "Tee"})

    assert with_changes(before, CHANGE.validate_python({"fr": "thé"})) == {**before, "fr": "thé"}
    assert with_changes(before, CHANGE.validate_python({"de": None})) == {"en": "tea"}
    assert with_changes(before, WHOLE.validate_python({"en": "chai"})) == {"en": "chai"}
    assert with_changes(before, WHOLE.validate_python("chai")) == {"en": "chai", "de": "Tee"}


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "tea"), ("de", "Tee"), ("fr", "tea"), ("all", {"en": "tea", "de": "Tee"})],
)
def test_a_text_is_shown_in_the_language_of_the_answer(language: str, shown: object) -> None:
    stored = {"name": Localized({"de": "Tee", "nl": "thee", "en": "tea"})}

    with bound_language(SpokenLanguage(answer=language)):
        assert Shown.model_validate(stored).name == shown


def test_schemas_show_both_forms() -> None:
    """Any: JSON schemas are free-form."""
    made: Any = Made.model_json_schema()["properties"]["name"]["anyOf"]
    shown: Any = Shown.model_json_schema()["properties"]["name"]["anyOf"]

    assert made[0]["type"] == "string"
    assert made[0]["maxLength"] == 5
    assert made[1]["required"] == ["en"]
    assert list(made[1]["properties"]) == ["en", "de", "fr"]
    assert made == shown


def test_what_describes_a_localized_value_can_be_hashed() -> None:
    """Python 3.12 hashes the parts of `Annotated[…] | None`."""
    assert len({LocalizedInput(LOCALES, SHORT), LocalizedInput(LOCALES, SHORT)}) == 1
