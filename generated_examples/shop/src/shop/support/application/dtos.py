"""What crosses the border of the application: immutable, checked, closed to unknown keys.

A field's alias is its name on the wire. Python names are accepted only from mappers.

Source: requirement 7.
"""

from collections.abc import Mapping, Sequence
from typing import Any, get_args

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from ..core.clock import utc_now
from ..core.json import dumps


class Dto(BaseModel):
    """Base of everything that comes in or goes out."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        serialize_by_alias=True,
        # Names such as `model_year` are a spec's to choose; pydantic's own are never spelled so.
        protected_namespaces=(),
    )

    # The signature is pydantic's: a parameter may be any type there is.
    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """Name a generic DTO after its arguments: `BulkIds[OrderId]`, not `BulkIds[NewType]`."""
        return f"{cls.__name__}[{', '.join(_name_of(parameter) for parameter in params)}]"

    def is_set(self, *names: str) -> bool:
        """Tell whether the sender named one of these fields, even to set it to null."""
        return not self.model_fields_set.isdisjoint(names)

    def to_json(self) -> bytes:
        """Encode with the project's encoder, under wire names."""
        return dumps(self.model_dump())


class Replacement(Dto):
    """A payload that says everything: what it leaves out takes its default."""

    def is_set(self, *names: str) -> bool:
        """Tell that every field is meant."""
        return True


def example(body: dict[str, JsonValue]) -> ConfigDict:
    """Return settings of a class that document a body which clients could send."""
    return ConfigDict(json_schema_extra={"examples": [body]})


def _name_of(type_: Any) -> str:
    name = str(getattr(type_, "__name__", type_))
    arguments = ", ".join(_name_of(argument) for argument in get_args(type_))
    return f"{name}[{arguments}]" if arguments else name


def unset() -> Any:
    """Stand in for a field that a partial update leaves out.

    The value is never read: `Dto.is_set` tells whether a field was sent. Its type is Any, because
    a field that may be left out but not be null has no value of its own type to default to.
    """
    return None


class ApiResponse[T](Dto):
    """Any result with what a client may want to know about the request."""

    message: str = "OK"
    status_code: int = 200
    timestamp: AwareDatetime = Field(default_factory=utc_now)
    request_id: str | None = None
    data: T


# Any: the fields before, as pydantic hands them over.
def _pages(data: Mapping[str, Any]) -> int | None:
    return None if data["total"] is None else -(-data["total"] // data["size"])


def _has_next(data: Mapping[str, Any]) -> bool:
    if data["pages"] is None:
        raise ValueError("whether there is a next page has to be said where nothing was counted")
    return bool(data["page"] < data["pages"])


def _has_previous(data: Mapping[str, Any]) -> bool:
    return bool(data["page"] > 1)


class PaginatedResponse[T](Dto):
    """A numbered page of a list, and how many elements and pages there are."""

    items: Sequence[T]
    total: int | None = Field(ge=0)
    """None when whoever asked did not want it counted."""
    page: int = Field(ge=1)
    size: int = Field(ge=1)

    pages: int | None = Field(default_factory=_pages, ge=0)
    """Number of pages; 0 when there is nothing, None when `total` is."""
    has_next: bool = Field(default_factory=_has_next)
    has_previous: bool = Field(default_factory=_has_previous)


class CursorPage[T](Dto):
    """A part of a list, and where the next one begins."""

    items: Sequence[T]
    next_cursor: str | None = None
    has_next: bool
