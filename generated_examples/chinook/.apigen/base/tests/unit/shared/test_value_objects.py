# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The value objects of shared."""

from collections.abc import Mapping
from typing import Any, ClassVar

from chinook.domain.shared.value_objects import Address
from chinook.support.testing.contracts.aggregates import ValueObjectContract


class TestAddress(ValueObjectContract):
    """Address: immutable, compared by its parts, always valid."""

    value = Address(
        street="'Theodor-Heuss-Straße'",
        city="City 1",
        state="State 1",
        country="Country 1",
        postal_code="A",
    )
    other = Address(
        street="Street 2", city="City 2", state="State 2", country="Country 2", postal_code="B"
    )
    outside: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "street": ("", "x" * 71),
        "city": ("", "x" * 41),
        "state": ("", "x" * 41),
        "country": ("", "x" * 41),
        "postal_code": ("", "xxxxxxxxxxx"),
    }
