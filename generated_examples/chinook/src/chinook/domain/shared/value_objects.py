# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The values of shared: identifiers, codes and quantities.

Immutable, equal by what they hold, and valid from the moment they exist.
"""

from dataclasses import dataclass

from chinook.support.domain.constraints import check_string
from chinook.support.domain.value_object import ValueObject


@dataclass(frozen=True, slots=True, kw_only=True)
class Address(ValueObject):
    """A postal address as the customer wrote it."""

    street: str
    city: str
    state: str | None = None
    country: str
    postal_code: str | None = None

    def check_invariants(self) -> None:
        """Refuse what the specification does not allow."""
        check_string("street", self.street, minimum=1, maximum=70)
        check_string("city", self.city, minimum=1, maximum=40)
        check_string("state", self.state, minimum=1, maximum=40)
        check_string("country", self.country, minimum=1, maximum=40)
        check_string("postal_code", self.postal_code, minimum=1, maximum=10)
