"""The access tables of a system: which operations each owner has, and whose rules they take."""

from collections.abc import Mapping
from dataclasses import field, replace

from apigen.diagnostics import Span
from apigen.diagnostics.near import did_you_mean, nearest
from apigen.ir.access import CREATE, DELETE, EXPORT, READ, RESTORE, UPDATE, AccessTable
from apigen.ir.behaviour import Command, Query
from apigen.ir.system import Entity, ProjectionResource
from apigen.lower.access import ALL, GENERATED, AccessOwner, access_table
from apigen.lower.contexts import Declarations
from apigen.lower.meanings import Meanings
from apigen.lower.mixins import FlatEntity
from apigen.lower.reading import ProjectionParts
from apigen.lower.rows import RowConditions
from apigen.lower.workspace import Workspace
from apigen.spec.access import AccessSpec
from apigen.spec.commands import CommandSpec
from apigen.spec.located import Named
from apigen.spec.queries import QuerySpec
from apigen.values import dataclass

_SWITCHED_OFF = "it is not switched on"


@dataclass(slots=True, kw_only=True)
class AccessTables:
    """Makes the tables, and knows afterwards which policies were of use."""

    meanings: Meanings
    work: Workspace
    has_security: bool
    """Whether the spec has the block: what it lacks is reported there (AG702)."""
    used_policies: set[tuple[str, str]] = field(default_factory=set)
    _first: Span | None = None

    def check_defaults(self) -> None:
        """Report AG103 and AG701 in `defaults.entity.access`, which no entity need take up."""
        defaults = self.work.settings.entity
        known = (*GENERATED, ALL)
        for named in defaults.access or () if defaults is not None else ():
            if named.name.value not in known:
                self.work.found.error(
                    "AG103",
                    f"no operation named `{named.name.value}` in every entity",
                    named.name.span,
                    help=did_you_mean(nearest(named.name.value, known))
                    or "commands and queries are ruled where they are declared",
                )
            for grant in named.value:
                for role in grant.roles:
                    self.work.roles.check(role, self.work.found)

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
            blocks=_blocks(flat.spec.commands, flat.spec.queries),
            defaults=defaults.access or () if defaults is not None else (),
        )
        return replace(entity, access=self._table(owner, entity))

    def of_projection(self, parts: ProjectionParts, entity: Entity) -> ProjectionResource:
        """Return a projection with its table; `entity` is its source, with its own."""
        draft, resource = parts.draft, parts.resource
        queries = tuple(query.name.text for query in parts.queries)
        exported = resource is not None and bool(resource.export)
        owner = AccessOwner(
            title=draft.projection.name.text,
            operations=(READ, *((EXPORT,) if exported else ()), *queries),
            missing=() if exported else ((EXPORT, _SWITCHED_OFF),),
            reading=frozenset({EXPORT, *queries}),
            listed=draft.spec.access or (),
            blocks=_blocks(None, draft.spec.queries),
            base=entity.access,
        )
        return ProjectionResource(
            projection=draft.projection,
            resource=resource,
            queries=parts.queries,
            access=self._table(owner, entity),
        )

    def of_context(
        self,
        context: Declarations,
        commands: tuple[Command, ...],
        queries: tuple[tuple[Query, Entity, AccessTable], ...],
    ) -> AccessTable:
        """Return the table of what no entity owns.

        A command has no rows. A query has those of the entity and the table beside it, whose
        `read` it takes where it has no rule of its own.
        """
        tables = [
            self._table(
                AccessOwner(
                    title=context.name,
                    operations=tuple(command.name.text for command in commands),
                    blocks=_blocks(tuple(context.commands.values()), None),
                ),
                None,
            )
        ]
        for query, entity, base in queries:
            name = query.name.text
            owner = AccessOwner(
                title=context.name,
                operations=(name,),
                reading=frozenset({name}),
                blocks=_blocks(None, (context.queries[name],)),
                base=base,
            )
            tables.append(_apart(self._table(owner, entity), entity, tables))
        rules = {rule.name: rule for table in tables for rule in table.rules}
        return AccessTable(
            entries=tuple(entry for table in tables for entry in table.entries),
            rules=tuple(rules.values()),
        )

    def _table(self, owner: AccessOwner, entity: Entity | None) -> AccessTable:
        self._note(owner)
        conditions = None
        if entity is not None:
            conditions = RowConditions(
                entity=entity, meanings=self.meanings, work=self.work, used=self.used_policies
            )
        return access_table(owner, conditions, self.work)

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
        missing.append((EXPORT, _SWITCHED_OFF))
    return tuple(name for name in GENERATED if name in there), tuple(missing)


def _blocks(
    commands: tuple[Named[CommandSpec], ...] | None, queries: tuple[Named[QuerySpec], ...] | None
) -> tuple[Named[AccessSpec], ...]:
    """Return the rules in the blocks of commands and queries."""
    rules = (
        *((named.name, named.value.access) for named in commands or ()),
        *((named.name, named.value.access) for named in queries or ()),
    )
    return tuple(Named(name=name, value=rule) for name, rule in rules if rule is not None)


def _apart(table: AccessTable, entity: Entity, others: list[AccessTable]) -> AccessTable:
    """Return a table whose rules are called otherwise than different ones of other tables.

    One policy is a rule of its own over the rows of each entity.
    """
    taken = {rule.name: rule for other in others for rule in other.rules}
    names = {
        rule.name: rule.name
        if taken.get(rule.name, rule) == rule
        else f"{rule.name}_of_{entity.name.snake}"
        for rule in table.rules
    }
    return AccessTable(
        entries=tuple(
            replace(
                entry,
                permissions=tuple(
                    replace(one, rows=names[one.rows]) if one.rows is not None else one
                    for one in entry.permissions
                ),
            )
            for entry in table.entries
        ),
        rules=tuple(replace(rule, name=names[rule.name]) for rule in table.rules),
    )
