"""What the templates of access are given: the permissions of each resource, and its row rules.

Permissions are a table in the application; what a row rule means is SQL, in the infrastructure.
Which role inherits which is settled when an actor is made, so only what a spec names stands here.
"""

from collections.abc import Iterator, Sequence

from apigen.expr.tree import walk
from apigen.ir.access import AUTHENTICATED, PUBLIC, READ, AccessEntry, AccessTable, RowRule
from apigen.ir.behaviour import Command, Query
from apigen.ir.expr import Path, Root
from apigen.ir.names import Name
from apigen.ir.system import Context, Entity, System
from apigen.python import layout
from apigen.python.identifiers import spell, spell_variable
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring, text
from apigen.values import dataclass
from apigen.views.application.dtos import has_service
from apigen.views.nouns import noun
from apigen.views.read_entities import (
    projection_entities,
    projection_of,
    source_of,
    with_projections,
)
from apigen.views.tables.variables import TableVariable, TableVariables

_MODULE = "application.access"
_NAMED_BY_ALL = frozenset({"id", "roles", "scopes"})
"""What every actor has; anything else is a claim, which a token may lack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessLine:
    """Who may do one operation."""

    operation: str
    """Literal."""
    permissions: str
    """Source of a tuple."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessConstant:
    """The permissions of one kind of resource."""

    name: str
    """`ORDER_ACCESS`."""
    id: str
    """Type of its identifiers."""
    resource: str
    """Literal."""
    lines: tuple[AccessLine, ...]
    phrases: tuple[tuple[str, str], ...]
    """Literals: operations that are not about one of its rows, and what refusals say of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessMember:
    """What handlers are given to check the writes of one kind of resource."""

    attribute: str
    annotation: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessModule:
    """application/<context>/access.py."""

    doc: str
    imports: tuple[str, ...]
    constants: tuple[AccessConstant, ...]
    class_: str
    class_doc: str
    constant: str
    members: tuple[AccessMember, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFunction:
    """A row rule as a condition for one actor."""

    name: str
    doc: str
    condition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsConstant:
    """The row rules of one kind of resource, and who may read which of its rows."""

    rules: str
    """`ORDER_ROWS`."""
    entries: tuple[tuple[str, str], ...]
    """Literal of a rule's name, and its function."""
    reading: str
    """`ORDER_READING`."""
    control: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowAccessModule:
    """infrastructure/persistence/<context>/access.py."""

    doc: str
    imports: tuple[str, ...]
    tables: tuple[TableVariable, ...]
    functions: tuple[RuleFunction, ...]
    constants: tuple[RowsConstant, ...]


def has_access(system: System) -> bool:
    """Tell whether anybody is asked who they are."""
    return system.security is not None


def access_module(system: System, context: Context) -> AccessModule:
    """Return the view of the permissions; only for a context with entities, with security."""
    snake = context.name.snake
    system = with_projections(system)
    owners = (*context.entities, *projection_entities(system, context))
    class_ = layout.access(system, snake)
    constant = layout.access_constant(system, snake).name
    imports = ImportSet(
        class_.module,
        [
            class_.name,
            constant,
            *(layout.access_control(system, one).name for one in owners),
        ],
    )
    constants = [
        AccessConstant(
            name=layout.access_control(system, entity).name,
            id=imports.use(layout.id_type(system, entity.qname)),
            resource=text(noun(entity.name)),
            lines=tuple(_lines(entity.access)),
            phrases=(*_factories(entity), *_questions(system, entity.queries)),
        )
        for entity in owners
    ]
    members = [
        _member(system, entity, imports) for entity in context.entities if _is_written(entity)
    ]
    if context.access.entries:
        constants.append(
            AccessConstant(
                name=layout.context_access_control(system, snake).name,
                id="None",
                resource=text(noun(context.name)),
                lines=tuple(_lines(context.access)),
                phrases=(*_orders(context.commands), *_questions(system, context.queries)),
            )
        )
    if context.commands:
        kind = imports.use(layout.support(system, _MODULE, "OperationAccess"))
        control = layout.context_access_control(system, snake).name
        members.append(
            AccessMember(attribute="commands", annotation=kind, source=f"{kind}({control})")
        )
    if any(line.permissions != "()" for constant_ in constants for line in constant_.lines):
        imports.use(layout.support(system, _MODULE, "Permission"))
    imports.use(layout.support(system, _MODULE, "AccessControl"))
    imports.add("dataclasses", "dataclass")
    return AccessModule(
        doc=docstring(
            f"Who may do what in {noun(context.name)}. What is not permitted here is refused.\n\n"
            "A permission with `rows` is for the rows that the rule of that name allows."
        ),
        constants=tuple(constants),
        class_=class_.name,
        class_doc=docstring(f"What writes of {noun(context.name)} are checked with.", indent=4),
        constant=constant,
        members=tuple(members),
        imports=imports.render(),
    )


def _questions(system: System, queries: Sequence[Query]) -> Iterator[tuple[str, str]]:
    for query in queries:
        asked = layout.query_snake(system, query).replace("_", " ")
        yield text(query.name.snake), text(f"ask for {asked}")


def _factories(entity: Entity) -> Iterator[tuple[str, str]]:
    """Yield the commands that make a row: there is none yet to speak of."""
    plural = entity.name.plural_snake.replace("_", " ")
    for command in entity.commands:
        if command.creates:
            words = command.name.snake.replace("_", " ")
            yield text(command.name.snake), text(f"{words} {plural}")


def _orders(commands: Sequence[Command]) -> Iterator[tuple[str, str]]:
    """Yield the commands of a context: they are about no row of it."""
    for command in commands:
        yield text(command.name.snake), text(command.name.snake.replace("_", " "))


def _is_written(entity: Entity) -> bool:
    return has_service(entity) or bool(entity.commands)


def _member(system: System, entity: Entity, imports: ImportSet) -> AccessMember:
    unit = imports.use(layout.unit_of_work(system, entity.context))
    kind = imports.use(layout.support(system, _MODULE, "WriteAccess"))
    id_type = imports.use(layout.id_type(system, entity.qname))
    attribute = spell(entity.name.plural_snake)
    control = layout.access_control(system, entity).name
    return AccessMember(
        attribute=attribute,
        annotation=f"{kind}[{unit}, {id_type}]",
        source=f"{kind}(control={control}, rows=lambda work: work.{attribute})",
    )


def _lines(table: AccessTable) -> Iterator[AccessLine]:
    for entry in table.entries:
        permissions = [
            f"Permission({text(one.role)}{f', rows={text(one.rows)}' if one.rows else ''})"
            for one in entry.permissions
        ]
        listed = ", ".join(permissions) + ("," if len(permissions) == 1 else "")
        yield AccessLine(operation=text(entry.operation), permissions=f"({listed})")


def row_access_module(context: Context, system: System) -> RowAccessModule:
    """Return the view of the row rules; only for a context with entities, with security."""
    snake = context.name.snake
    system = with_projections(system)
    owners = (*context.entities, *projection_entities(system, context))
    module = layout.row_access(system, snake)
    names = _function_names(owners)
    defined = [*names.values()]
    for entity in owners:
        defined += [layout.row_rules(system, entity).name, layout.reading(system, entity).name]
    imports = ImportSet(module, [*defined, "actor"])
    tables = TableVariables(f"{layout.persistence(system, snake)}.rows", system, imports)
    functions: list[RuleFunction] = []
    constants: list[RowsConstant] = []
    for entity in owners:
        source = projection_of(system, entity)
        rows = entity.qname if source is None else source.source
        functions += (
            RuleFunction(
                name=names[entity.qname, rule.name],
                doc=docstring(_described(entity, rule), indent=4),
                condition=tables.condition(rule.condition, rows),
            )
            for rule in entity.access.rules
        )
        constants.append(
            RowsConstant(
                rules=layout.row_rules(system, entity).name,
                entries=tuple(
                    (text(rule.name), names[entity.qname, rule.name])
                    for rule in entity.access.rules
                ),
                reading=layout.reading(system, entity).name,
                control=imports.use(layout.access_control(system, entity)),
            )
        )
    if context.queries:
        control = imports.use(layout.context_access_control(system, snake))
        sources = _sources(system, context)
        functions += (
            RuleFunction(
                name=f"{snake}_{Name.of(rule.name).snake}",
                doc=docstring(_meaning(rule), indent=4),
                condition=tables.condition(rule.condition, sources[rule.name]),
            )
            for rule in context.access.rules
        )
        constants.append(
            RowsConstant(
                rules=f"{Name.of(snake).snake.upper()}_OPERATIONS_ROWS",
                entries=tuple(
                    (text(rule.name), f"{snake}_{Name.of(rule.name).snake}")
                    for rule in context.access.rules
                ),
                reading=layout.operations_reading(system, snake).name,
                control=control,
            )
        )
    if functions:
        imports.add("sqlalchemy", "ColumnElement")
        imports.use(layout.support(system, "core.actor", "Actor"))
        imports.use(layout.support(system, "infrastructure.row_access", "RowRules"))
    imports.use(layout.support(system, "infrastructure.row_access", "RowAccess"))
    return RowAccessModule(
        doc=docstring(
            f"Which rows of {noun(context.name)} an actor may touch: conditions that every read "
            "gets, and that rows must meet before and after every write."
        ),
        tables=tables.lines(),
        functions=tuple(functions),
        constants=tuple(constants),
        imports=imports.render(),
    )


def _sources(system: System, context: Context) -> dict[str, str]:
    """Return whose rows the rules of a context's own queries are about, by name of the rule."""
    found: dict[str, str] = {}
    for query in context.queries:
        source = source_of(system, query)
        projection = projection_of(system, source)
        entry = entry_of(context.access, query.name.text)
        for one in entry.permissions if entry is not None else ():
            if one.rows is not None:
                found[one.rows] = source.qname if projection is None else projection.source
    return found


def _function_names(owners: Sequence[Entity]) -> dict[tuple[str, str], str]:
    """Return the function of each rule: `own_order`; with the entity where it does not say it."""
    found: dict[tuple[str, str], str] = {}
    for entity in owners:
        for rule in entity.access.rules:
            snake = entity.name.snake
            words = Name.of(rule.name).snake
            name = words if snake in words else f"{snake}_{words}"
            found[entity.qname, rule.name] = spell_variable(name, {*found.values(), "actor"})
    return found


def _described(entity: Entity, rule: RowRule) -> str:
    return f"Rows of {noun(entity.name)}s where {' '.join(rule.condition.source.split())}."


def _meaning(rule: RowRule) -> str:
    return f"Rows where {' '.join(rule.condition.source.split())}."


def may_be_forbidden(table: AccessTable, operation: str) -> bool:
    """Tell whether somebody with a token can be refused an operation that only reads.

    Rows that may not be read are no rows, so a rule about rows refuses nobody, unless it needs a
    claim that the token may lack.
    """
    entry = entry_of(table, operation)
    roles = {one.role for one in entry.permissions} if entry is not None else set()
    if not roles & {PUBLIC, AUTHENTICATED}:
        return True
    return _reads_claims(table, operation)


def may_be_refused(table: AccessTable, operation: str) -> bool:
    """Tell whether somebody with a token can be refused an operation that writes."""
    entry = entry_of(table, operation)
    permissions = entry.permissions if entry is not None else ()
    return not any(one.rows is None and one.role in (PUBLIC, AUTHENTICATED) for one in permissions)


def is_public(table: AccessTable, operation: str) -> bool:
    """Tell whether an operation needs no token, whatever it finds."""
    entry = entry_of(table, operation)
    return entry is not None and any(one.role == PUBLIC for one in entry.permissions)


def entry_of(table: AccessTable, operation: str) -> AccessEntry | None:
    """Return who may do an operation."""
    return next((one for one in table.entries if one.operation == operation), None)


def _reads_claims(table: AccessTable, operation: str) -> bool:
    used = {
        one.rows
        for name in (operation, READ)
        if (entry := entry_of(table, name)) is not None
        for one in entry.permissions
    }
    return any(
        isinstance(node, Path)
        and node.root is Root.ACTOR
        and node.steps[0].attribute not in _NAMED_BY_ALL
        for rule in table.rules
        if rule.name in used
        for node in walk(rule.condition.tree)
    )
