"""Maps between a type of the domain and a DTO by the names of their fields.

Pydantic does the work: a DTO is filled from attributes, nested value objects and children
included. Names that differ are given explicitly. What takes more than names is a function.

Source: requirements 2.3, 8, 11.4.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel, ValidationError

from ..core.errors import MapperError


@dataclass(frozen=True, kw_only=True)
class GenericMapper[SourceT, TargetT: BaseModel]:
    """Converts `source` to `target` and back.

    Attributes:
        source: Called with the target's values as keywords when mapping back.
        target: The DTO class.
        fields: Field of the target to the attribute of the source, where they differ.
    """

    source: Callable[..., SourceT]
    target: type[TargetT]
    fields: Mapping[str, str] = field(default_factory=dict)

    def to_dto(self, source: SourceT) -> TargetT:
        """Return the DTO of a domain object.

        Raises:
            MapperError: The object lacks a field, or has a value the DTO does not allow.
        """
        view: object = source
        if self.fields:
            view = _Renamed(source, self.fields)
        try:
            # Aliases are for clients; an attribute may be called like another field's alias.
            return self.target.model_validate(
                view, from_attributes=True, by_alias=False, by_name=True
            )
        except ValidationError as error:
            raise _mapper_error(error, type(source).__name__, self.target.__name__) from error

    def to_entity(self, target: TargetT) -> SourceT:
        """Return the domain object of a DTO; fields that were not set keep their defaults.

        Raises:
            MapperError: The domain object can not be made of these fields.
        """
        values = {
            self.fields.get(name, name): getattr(target, name) for name in target.model_fields_set
        }
        try:
            return self.source(**values)
        except TypeError as error:
            name = getattr(self.source, "__name__", "source")
            unknown = next((n for n in values if f"'{n}'" in str(error)), "")
            context = f"{type(target).__name__} to {name}"
            raise MapperError(unknown, context, str(error)) from error

    def to_dto_list(self, sources: Iterable[SourceT]) -> list[TargetT]:
        """Return the DTOs of several domain objects, in order."""
        return [self.to_dto(source) for source in sources]

    def to_entity_list(self, targets: Iterable[TargetT]) -> list[SourceT]:
        """Return the domain objects of several DTOs, in order."""
        return [self.to_entity(target) for target in targets]


class _Renamed:
    """Shows an object under other names."""

    def __init__(self, source: object, fields: Mapping[str, str]) -> None:
        self._source = source
        self._fields = fields

    def __getattr__(self, name: str) -> object:
        value: object = getattr(self._source, self._fields.get(name, name))
        return value


def _mapper_error(error: ValidationError, source: str, target: str) -> MapperError:
    first = error.errors(include_url=False, include_input=False)[0]
    path = ".".join(str(part) for part in first["loc"])
    return MapperError(path, f"{source} to {target}", first["msg"])
