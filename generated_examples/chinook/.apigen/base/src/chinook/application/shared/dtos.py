# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What goes in and out of shared: payloads, checked field by field.

Names on the wire are aliases; defaults here are those of the domain.
"""

from typing import Annotated

from pydantic import Field

from chinook.support.application.dtos import Dto
from chinook.support.application.fields import Text


class AddressDto(Dto):
    """A postal address as the customer wrote it."""

    street: Annotated[str, Text(minimum=1, maximum=70)] = Field(examples=["'Theodor-Heuss-Straße'"])
    city: Annotated[str, Text(minimum=1, maximum=40)]
    state: Annotated[str, Text(minimum=1, maximum=40)] | None = None
    country: Annotated[str, Text(minimum=1, maximum=40)]
    postal_code: Annotated[str, Text(minimum=1, maximum=10)] | None = None
