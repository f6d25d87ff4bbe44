"""Which locale suits: RFC 4647 look-up, fallbacks, what a request says."""

import pytest

from apigen.support.core.languages import (
    Locales,
    answer_language,
    content_language,
)
from tests.support.languages import SpokenLanguage, bound_language

LOCALES = Locales(
    default="en",
    chains={
        "en": ("en",),
        "de": ("de", "en"),
        "de-CH": ("de-CH", "de", "en"),
        "zh-Hant": ("zh-Hant", "en"),
    },
)


@pytest.mark.criterion("R99.4")
@pytest.mark.parametrize(
    ("accepted", "best"),
    [
        (None, "en"),
        ("", "en"),
        ("de", "de"),
        ("DE", "de"),
        ("de-AT", "de"),
        ("de-ch", "de-CH"),
        ("de-CH-1996", "de-CH"),
        ("zh-Hant-TW", "zh-Hant"),
        ("zh-Hant-x-any", "zh-Hant"),
        ("zh", "en"),
        ("fr, de;q=0.5", "de"),
        ("en;q=0.4, de;q=0.8", "de"),
        ("de;q=0", "en"),
        ("de;q=0, zh-Hant;q=0.001", "zh-Hant"),
        ("de;q=9", "en"),
        ("*", "en"),
        ("fr, *;q=0.1", "en"),
        ("de;level=1", "en"),
        ("x" * 5000, "en"),
        (", ,;q=1", "en"),
    ],
)
def test_look_up_finds_what_suits_best(accepted: str | None, best: str) -> None:
    assert LOCALES.best(accepted) == best


def test_only_so_many_ranges_are_looked_at() -> None:
    """No header makes the server look up thousands of ranges."""
    assert LOCALES.best(", ".join(["fr"] * 40 + ["de"])) == "en"


def test_a_chain_ends_at_the_default() -> None:
    assert LOCALES.chain("de-CH") == ("de-CH", "de", "en")
    assert LOCALES.chain("all") == ("en",)


def test_outside_of_requests_the_default_is_spoken() -> None:
    assert answer_language(LOCALES) == "en"
    assert content_language() is None


def test_what_is_bound_is_spoken() -> None:
    with bound_language(SpokenLanguage(answer="de", content="fr")):
        assert answer_language(LOCALES) == "de"
        assert content_language() == "fr"

    assert answer_language(LOCALES) == "en"
