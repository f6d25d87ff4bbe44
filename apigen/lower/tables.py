"""The access tables of a system: which operations each owner has, and whose rules they take."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from apigen.diagnostics import Span
from apigen.ir.access import CREATE, DELETE, EXPORT, READ, RESTORE, UPDATE
from apigen.ir.system import Entity
from apigen.lower.access import GENERATED, AccessOwner, access_table
from apigen.lower.contexts import Declarations
from apigen.lower.mixins import FlatEntity
from apigen.lower.rows import RowConditions, RowRules
from apigen.lower.workspace import Workspace
from apigen.spec.located import Named


@dataclass(slots=True, kw_only=True)
class AccessTables:
    """Makes the tables, and knows afterwards which policies were of use."""

    rules: RowRules
    work: Workspace
    has_security: bool
    """Whether the spec has the block: what it lacks is reported there (AG702)."""
    used_policies: set[tuple[str, str]] = field(default_factory=set)
    _first: Span | None = None

    def of_entity(self, entity: Entity, flat: FlatEntity) -> Entity:
        """Return the entity with its table."""
        own = flat.name.value
        listed = tuple((part, Named(name=part.name, value=part.value)) for part in flat.access)
        defaults = self.work.settings.entity
        commands = tuple(command.name.text for command in entity.commands)
        queries = tuple(query.name.text for query in entity.queries)
        operations, missing = _generated(entity)
        owner = AccessOwner(
            title=own,
            operations=(*operations, *commands, *queries),
            missing=missing,
            reading=frozenset({EXPORT, *queries}),
            listed=tuple(named for part, named in listed if part.source == own),
            inherited=tuple(named for part, named in listed if part.source != own),
            blocks=tuple(
                Named(name=command.name, value=command.value.access)
                for command in flat.spec.commands or ()
                if command.value.access is not None
            ),
            defaults=defaults.access or () if defaults is not None else (),
        )
        self._note(owner)
        conditions = RowConditions(rules=self.rules, entity=entity, used=self.used_policies)
        return replace(entity, access=access_table(owner, conditions, self.work))

    def warn(self, contexts: Mapping[str, Declarations]) -> None:
        """Report rules that nothing enforces (AG702) and policies that nothing uses (AG106)."""
        if self._first is not None and not self.has_security:
            self.work.found.warning(
                "AG702",
                "everything is open to everybody: nothing says how callers are known",
                self._first,
                label="not enforced",
                help="add `security: { auth: [jwt], … }`",
            )
        for context in contexts.values():
            for name, policy in context.policies.items():
                if (context.name, name) not in self.used_policies:
                    self.work.found.warning(
                        "AG106",
                        f"policy `{name}` is never used",
                        policy.name.span,
                        help=f"`access: {{ read: <role> if {name} }}` in an entity, or remove it",
                    )

    def _note(self, owner: AccessOwner) -> None:
        said = (*owner.listed, *owner.inherited, *owner.blocks, *owner.defaults)
        spans = [named.name.span for named in said]
        if spans:
            first = min(spans)
            self._first = first if self._first is None else min(self._first, first)


def _generated(entity: Entity) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Return the generated operations of an entity, and those it lacks with the reason."""
    there = [READ, CREATE, UPDATE, DELETE]
    missing: list[tuple[str, str]] = []
    if entity.soft_delete is not None and entity.soft_delete.restore:
        there.append(RESTORE)
    else:
        missing.append((RESTORE, "deleted rows are gone"))
    if entity.resource is not None and entity.resource.export:
        there.append(EXPORT)
    else:
        missing.append((EXPORT, "it is not switched on"))
    return tuple(name for name in GENERATED if name in there), tuple(missing)
