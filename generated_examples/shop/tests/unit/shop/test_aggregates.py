# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The aggregates of shop."""

from collections.abc import Mapping
from typing import Any, ClassVar

from shop.support.domain.localized import Localized
from shop.support.testing.contracts.aggregates import AggregateContract
from tests.cases import CASES, shop


class TestCategory(AggregateContract):
    """Category checks itself."""

    case = shop.CATEGORY
    cases = CASES
    inside: ClassVar[Mapping[str, tuple[Any, ...]]] = {"name": ("x", "x" * 80)}
    outside: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "name": ("", "x" * 81),
        "slug": ("No Slug!",),
    }


class TestCustomer(AggregateContract):
    """Customer checks itself."""

    case = shop.CUSTOMER
    cases = CASES
    inside: ClassVar[Mapping[str, tuple[Any, ...]]] = {"name": ("x", "x" * 120)}
    outside: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "email": ("no-at-sign",),
        "name": ("", "x" * 121),
        "phone": ("12ab",),
    }


class TestProduct(AggregateContract):
    """Product checks itself."""

    case = shop.PRODUCT
    cases = CASES
    inside: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "name": (Localized({"en": "x"}), Localized({"en": "x" * 200}))
    }
    outside: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "sku": ("?no match?",),
        "name": (Localized({"en": ""}), Localized({"en": "x" * 201})),
    }


class TestOrder(AggregateContract):
    """Order checks itself."""

    case = shop.ORDER
    cases = CASES
    inside: ClassVar[Mapping[str, tuple[Any, ...]]] = {"note": ("x" * 500,)}
    outside: ClassVar[Mapping[str, tuple[Any, ...]]] = {"note": ("x" * 501,)}


class TestPayment(AggregateContract):
    """Payment checks itself."""

    case = shop.PAYMENT
    cases = CASES
