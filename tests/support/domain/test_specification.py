"""Conditions as values."""

from dataclasses import dataclass

import pytest

from apigen.support.core.protocols import Criterion
from apigen.support.domain.specification import (
    AttributeSpecification,
    Operator,
    PredicateSpecification,
    Specification,
)


@dataclass
class Author:
    """Somebody."""

    name: str


@dataclass
class Book:
    """A candidate."""

    title: str
    pages: int | None = None
    author: Author | None = None
    tags: tuple[str, ...] = ()


def field(path: str, operator: Operator, value: object) -> Specification[Book]:
    return AttributeSpecification(tuple(path.split(".")), operator, value)


LONG = field("pages", Operator.GT, 300)
TITLED = field("title", Operator.EQ, "Emma")


@pytest.mark.criterion("R5.1", "R5.2", "R5.4")
@pytest.mark.parametrize("title", ["Emma", "Persuasion"])
@pytest.mark.parametrize("pages", [100, 400])
def test_operators_combine_like_those_of_logic(title: str, pages: int) -> None:
    book = Book(title, pages)
    long, titled = pages > 300, title == "Emma"

    assert (LONG & TITLED).is_satisfied_by(book) is (long and titled)
    assert (LONG | TITLED).is_satisfied_by(book) is (long or titled)
    assert (~LONG).is_satisfied_by(book) is (not long)
    assert (~(LONG & TITLED)).is_satisfied_by(book) is (not (long and titled))


@pytest.mark.criterion("R5.3")
@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        (Operator.EQ, 5, True),
        (Operator.EQ, 6, False),
        (Operator.NE, 5, False),
        (Operator.NE, 6, True),
        (Operator.IN, (4, 5), True),
        (Operator.IN, (), False),
        (Operator.NOT_IN, (4, 5), False),
        (Operator.NOT_IN, (), True),
        (Operator.LT, 5, False),
        (Operator.LTE, 5, True),
        (Operator.GT, 5, False),
        (Operator.GTE, 5, True),
        (Operator.IS_NULL, True, False),
        (Operator.IS_NULL, False, True),
    ],
)
def test_an_attribute_is_compared(operator: Operator, value: object, expected: bool) -> None:
    assert field("pages", operator, value).is_satisfied_by(Book("x", 5)) is expected


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        (Operator.EQ, None, True),
        (Operator.EQ, 5, False),
        (Operator.NE, 5, True),
        (Operator.NOT_IN, (5,), True),
        (Operator.LT, 5, False),
        (Operator.GTE, 5, False),
        (Operator.IS_NULL, True, True),
    ],
)
def test_null_equals_only_null_and_has_no_order(
    operator: Operator, value: object, expected: bool
) -> None:
    assert field("pages", operator, value).is_satisfied_by(Book("x")) is expected


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        (Operator.CONTAINS, "MM", True),
        (Operator.CONTAINS, ".", False),
        (Operator.STARTSWITH, "em", True),
        (Operator.STARTSWITH, "mm", False),
        (Operator.ENDSWITH, "MA", True),
        (Operator.ENDSWITH, "em", False),
    ],
)
def test_parts_of_texts_are_found_whatever_their_case(
    operator: Operator, value: str, expected: bool
) -> None:
    assert field("title", operator, value).is_satisfied_by(Book("Emma")) is expected


def test_paths_lead_through_objects_nothing_and_collections() -> None:
    emma = Book("Emma", author=Author("Jane"), tags=("novel", "1815"))

    assert field("author.name", Operator.EQ, "Jane").is_satisfied_by(emma)
    assert field("author.name", Operator.EQ, None).is_satisfied_by(Book("Beowulf"))
    assert field("tags", Operator.EQ, "1815").is_satisfied_by(emma)
    assert not field("tags", Operator.NE, "1815").is_satisfied_by(emma)


@pytest.mark.criterion("R5.3", "R28.1", "R28.3")
def test_a_predicate_is_a_specification_too() -> None:
    short: Specification[Book] = PredicateSpecification(lambda book: (book.pages or 0) < 10)

    assert short.is_satisfied_by(Book("x", 5))
    assert (short & TITLED).is_satisfied_by(Book("Emma", 5))
    assert isinstance(short, Criterion)
