# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The value objects of shop."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from shop.domain.shop.value_objects import Address, FileRef, Money
from shop.support.core.formats import Country, Currency
from shop.support.testing.contracts.aggregates import ValueObjectContract


class TestMoney(ValueObjectContract):
    """Money: immutable, compared by its parts, always valid."""

    value = Money(amount=Decimal("10.0001"), currency=Currency("USD"))
    other = Money(amount=Decimal("11.0001"), currency=Currency("USD"))
    outside: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "amount": (Decimal("10.00011"), Decimal("1000000000000000.0000")),
        "currency": ("ZZ9",),
    }


class TestAddress(ValueObjectContract):
    """Address: immutable, compared by its parts, always valid."""

    value = Address(
        line1="Line1 1",
        line2="Line2 1",
        city="City 1",
        postcode="Postcode 1",
        country=Country("DE"),
    )
    other = Address(
        line1="Line1 2",
        line2="Line2 2",
        city="City 2",
        postcode="Postcode 2",
        country=Country("FR"),
    )
    outside: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "line1": ("", "x" * 121),
        "line2": ("x" * 121,),
        "city": ("", "x" * 81),
        "postcode": ("", "x" * 17),
        "country": ("Z9",),
    }


class TestFileRef(ValueObjectContract):
    """FileRef: immutable, compared by its parts, always valid."""

    value = FileRef(
        name="Name 1", content_type="Content type 1", size=1234, sha256="0" * 64, key="Key 1"
    )
    other = FileRef(
        name="Name 2",
        content_type="Content type 2",
        size=2468,
        sha256="1000000000000000000000000000000000000000000000000000000000000000",
        key="Key 2",
    )
    outside: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "name": ("", "x" * 256),
        "content_type": ("", "x" * 256),
        "size": (-1,),
        "key": ("", "x" * 256),
    }
