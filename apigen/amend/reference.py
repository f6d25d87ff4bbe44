"""One place of a spec where something is named."""

from enum import StrEnum

from apigen.diagnostics import Span
from apigen.ir.field import Field
from apigen.ir.types import RefTo
from apigen.source.positions import Word
from apigen.values import dataclass


class Role(StrEnum):
    """What stands there; the value ends a sentence about it."""

    DECLARATION = "declared"
    TYPE = "the type of a field"
    THROUGH = "`through`"
    MIXIN = "`use`"
    SEED = "seed rows"
    RULE = "a rule"
    SOURCE = "`of`"
    REACTION = "a reaction"
    TASK = "a task"
    KEY = "the key, an index or a uniqueness"
    API = "`api`"
    VALUE = "a default or an example"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassTarget:
    """An entity, child, type or mixin."""

    qname: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTarget:
    """A field. A mixin's is one for all who use it; a ref to one of several is one a target."""

    declared: Span
    name: str
    """`Field.name.text`."""
    attribute: str
    to: str
    """Qualified name of the target of a ref, else empty."""

    @staticmethod
    def of(field: Field) -> "FieldTarget":
        """Return the target a field is."""
        return FieldTarget(
            declared=field.span,
            name=field.name.text,
            attribute=field.attribute,
            to=field.type.target if isinstance(field.type, RefTo) else "",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionTarget:
    """The collection of a child."""

    declared: Span
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InverseTarget:
    """Back navigation, by the field that has the `inverse`; its name stays as it is written."""

    declared: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberTarget:
    """A member of an enumeration."""

    enum: str
    member: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTarget:
    """A command, event, query, reaction or projection."""

    kind: str
    qname: str


type Target = (
    ClassTarget | FieldTarget | CollectionTarget | InverseTarget | MemberTarget | MessageTarget
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A place where `target` is named."""

    target: Target
    word: Word
    role: Role

    @property
    def file(self) -> str:
        """Where it stands."""
        return self.word.span.file
