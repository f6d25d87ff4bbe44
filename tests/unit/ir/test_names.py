"""Names are spelled once, the same way everywhere."""

import pytest

from apigen.ir.names import Name, pluralize, singularize, words

PLURALS = [
    ("task", "tasks"),
    ("category", "categories"),
    ("day", "days"),
    ("box", "boxes"),
    ("address", "addresses"),
    ("branch", "branches"),
    ("person", "people"),
    ("salesperson", "salespeople"),
    ("child", "children"),
    ("grandchild", "grandchildren"),
    ("woman", "women"),
    ("human", "humans"),
    ("status", "statuses"),
    ("analysis", "analyses"),
    ("movie", "movies"),
    ("series", "series"),
    ("bus", "buses"),
]


@pytest.mark.parametrize(("singular", "plural"), PLURALS)
def test_plurals_follow_english(singular: str, plural: str) -> None:
    assert pluralize(singular) == plural


@pytest.mark.parametrize(("singular", "plural"), PLURALS)
def test_singulars_undo_plurals(singular: str, plural: str) -> None:
    if singular not in {"salesperson", "grandchild"}:  # their plural is not in the table
        assert singularize(plural) == singular


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("OrderLine", ("order", "line")),
        ("order_line2", ("order", "line2")),
        ("HTTPRequest", ("http", "request")),
        ("A", ("a",)),
        ("line1", ("line1",)),
        ("OrderLine2", ("order", "line2")),
        ("B2bOrder", ("b2b", "order")),
        ("X2Y3", ("x2", "y3")),
    ],
)
def test_words_part_at_case_and_underscore(text: str, parts: tuple[str, ...]) -> None:
    assert words(text) == parts


@pytest.mark.parametrize("text", ["e2e", "b2b_order", "phase_2", "a1_2b", "x", "order2line3"])
def test_snake_case_stays_as_it_is(text: str) -> None:
    assert Name.of(text).snake == text


def test_only_the_last_word_is_made_plural() -> None:
    name = Name.of("MediaType")

    assert (name.snake, name.plural_snake, name.plural_kebab) == (
        "media_type",
        "media_types",
        "media-types",
    )


def test_a_given_plural_wins() -> None:
    assert Name.of("Staff", plural="staff_members").plural_pascal == "StaffMembers"
