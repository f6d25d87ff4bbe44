"""DTOs, and mapping by names."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

import pytest
from pydantic import Field, ValidationError

from apigen.support.application.dtos import (
    ApiResponse,
    CursorPage,
    Dto,
    PaginatedResponse,
    Replacement,
    unset,
)
from apigen.support.application.fields import Digits
from apigen.support.application.mapper import GenericMapper
from apigen.support.core.errors import MapperError
from apigen.support.core.json import loads
from apigen.support.core.protocols import Mapper


@dataclass(kw_only=True)
class Money:
    """A value inside."""

    amount: Decimal


@dataclass(kw_only=True)
class Product:
    """What is mapped."""

    title: str
    price: Money
    note: str | None = None

    @property
    def shout(self) -> str:
        return self.title.upper()


class MoneyDto(Dto):
    """Its other side."""

    amount: Annotated[Decimal, Digits(precision=5, scale=2)]


class ProductRead(Dto):
    """What is mapped to; each wire name is the other's attribute."""

    title: str = Field(alias="note")
    note: str | None = Field(alias="title")
    price: MoneyDto
    shout: str


class Named(Dto):
    """A field that is called otherwise."""

    name: str
    note: str | None = None


class Change(Dto):
    """A partial update."""

    title: str = Field(default_factory=unset)
    note: str | None = Field(default_factory=unset)


READ = GenericMapper(source=Product, target=ProductRead)
TEA = Product(title="Tea", price=Money(amount=Decimal("1.5")))


@pytest.mark.criterion("R8.1", "R2.3", "R11.4", "R39.4")
def test_fields_match_by_attribute_whatever_their_wire_names() -> None:
    dto = READ.to_dto(TEA)

    assert (dto.title, dto.note, dto.shout) == ("Tea", None, "TEA")
    assert isinstance(READ, Mapper)
    assert loads(dto.to_json()) == {
        "note": "Tea",
        "title": None,
        "price": {"amount": "1.50"},
        "shout": "TEA",
    }


@pytest.mark.criterion("R8.2")
def test_other_names_are_given_explicitly_and_work_both_ways() -> None:
    mapper = GenericMapper(
        source=lambda title, note=None: Product(
            title=title, note=note, price=Money(amount=Decimal(0))
        ),
        target=Named,
        fields={"name": "title"},
    )

    assert mapper.to_dto(TEA).name == "Tea"
    assert mapper.to_entity(Named(name="Cocoa")).title == "Cocoa"


@pytest.mark.criterion("R8.3")
def test_lists_keep_their_order() -> None:
    mapper = GenericMapper(source=dict[str, object], target=Named)

    entities = mapper.to_entity_list([Named(name="a"), Named(name="b", note="x")])

    assert entities == [{"name": "a"}, {"name": "b", "note": "x"}]
    assert [dto.title for dto in READ.to_dto_list([TEA, TEA])] == ["Tea", "Tea"]


@pytest.mark.criterion("R8.4")
def test_a_failure_names_field_and_context() -> None:
    broken = Product(title="Tea", price=Money(amount=Decimal("1000000")))

    with pytest.raises(MapperError) as raised:
        READ.to_dto(broken)
    assert (raised.value.field, raised.value.context) == (
        "price.amount",
        "Product to ProductRead",
    )
    with pytest.raises(MapperError) as raised:
        GenericMapper(source=Product, target=Named).to_entity(Named(name="x"))
    assert (raised.value.field, raised.value.context) == ("name", "Named to Product")


@pytest.mark.criterion("R7.1")
def test_an_envelope_wraps_any_data() -> None:
    response = ApiResponse[list[int]](data=[1], request_id="r", message="2 made", status_code=201)

    body = loads(response.to_json())
    assert isinstance(body, dict)
    assert {key: body[key] for key in ("data", "request_id", "message", "status_code")} == {
        "data": [1],
        "request_id": "r",
        "message": "2 made",
        "status_code": 201,
    }
    assert str(body["timestamp"]).endswith("Z")


@pytest.mark.criterion("R7.2")
@pytest.mark.parametrize(
    ("total", "page", "pages", "has_next", "has_previous"),
    [
        (0, 1, 0, False, False),
        (20, 1, 1, False, False),
        (21, 1, 2, True, False),
        (21, 2, 2, False, True),
    ],
)
def test_a_page_knows_its_neighbours(
    total: int, page: int, pages: int, has_next: bool, has_previous: bool
) -> None:
    made = PaginatedResponse[int](items=[], total=total, page=page, size=20)

    assert (made.pages, made.has_next, made.has_previous) == (pages, has_next, has_previous)


def test_a_page_that_was_not_counted_says_whether_there_is_a_next_one() -> None:
    made = PaginatedResponse[int](items=[], total=None, page=2, size=20, has_next=True)

    assert (made.total, made.pages, made.has_previous) == (None, None, True)
    with pytest.raises(ValueError, match="nothing was counted"):
        PaginatedResponse[int](items=[], total=None, page=2, size=20)


def test_a_cursor_page_says_where_to_go_on() -> None:
    page = CursorPage[int](items=[1], next_cursor="abc", has_next=True)

    assert loads(page.to_json()) == {"items": [1], "next_cursor": "abc", "has_next": True}


def test_a_dto_is_immutable_and_refuses_what_it_does_not_know() -> None:
    with pytest.raises(ValidationError):
        Named.model_validate({"name": "a", "other": 1})
    with pytest.raises(ValidationError):
        Named(name="a").name = "b"


def test_an_absent_field_is_not_null() -> None:
    change = Change.model_validate({"note": None})

    assert (change.is_set("note"), change.is_set("title"), change.is_set("title", "note")) == (
        True,
        False,
        True,
    )
    with pytest.raises(ValidationError):
        Change.model_validate({"title": None})
    assert "default" not in Change.model_json_schema()["properties"]["note"]


def test_a_replacement_means_every_field() -> None:
    class Whole(Replacement):
        """Says everything."""

        note: str | None = None

    assert Whole().is_set("note")
