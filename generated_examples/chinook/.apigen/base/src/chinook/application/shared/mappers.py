# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Between the payloads of shared and its domain.

Inwards every field is named; outwards names match.
"""

from chinook.application.shared.dtos import AddressDto
from chinook.domain.shared.value_objects import Address


def address_from_dto(data: AddressDto) -> Address:
    """Return the address of a payload."""
    return Address(
        street=data.street,
        city=data.city,
        state=data.state,
        country=data.country,
        postal_code=data.postal_code,
    )
