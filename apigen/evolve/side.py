"""One of the two systems that are compared, by id, and how the other one calls things."""

import re
from collections.abc import Mapping

from apigen.evolve.record import Rename
from apigen.ir.expr import TypedExpr
from apigen.ir.system import Api, Entity, EnumType, System, ValueType
from apigen.values import dataclass

_WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two systems, by id."""

    entities: Mapping[str, Entity]
    types: Mapping[str, ValueType]
    ids: Mapping[str, str]
    """Id of every entity, child, type, command, event and projection, by qualified name."""
    members: Mapping[str, Mapping[str, str]]
    """Ids of the members of an enum by name, by its qualified name."""
    api: Api
    words: Mapping[str, str]
    """What rules call differently today, by what they called it."""

    @staticmethod
    def of(system: System, renames: tuple[Rename, ...] = ()) -> "Side":
        """Index a system; `renames` lead from it to today's."""
        everything = (
            *system.entities.values(),
            *system.children.values(),
            *system.types.values(),
            *system.commands,
            *system.events,
            *(held.projection for context in system.contexts for held in context.projections),
        )
        return Side(
            entities={entity.id: entity for entity in system.entities.values()},
            types={declared.id: declared for declared in system.types.values()},
            ids={element.qname: element.id for element in everything},
            members={
                declared.qname: {member.name: member.id for member in declared.members}
                for declared in system.types.values()
                if isinstance(declared, EnumType)
            },
            api=system.api,
            words=_renamed_words(renames),
        )

    def says(self, before: TypedExpr | None, after: TypedExpr | None) -> bool:
        """Whether a rule of this side says what one of today says, renames aside."""
        old = "" if before is None else before.source
        new = "" if after is None else after.source
        return old == new or self.translated(old) == new

    def translated(self, source: str) -> str:
        """Return a rule of this side in today's words."""
        return _WORD.sub(lambda word: self.words.get(word[0], word[0]), source)


def _renamed_words(renames: tuple[Rename, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for rename in renames:
        old, new = rename.old.rpartition(".")[2], rename.new.rpartition(".")[2]
        found[old] = new
        # A ref is read as `customer` and as `customer_id`.
        found.setdefault(f"{old}_id", f"{new}_id")
    return found
