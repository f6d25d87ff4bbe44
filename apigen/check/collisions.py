"""AG104: two declarations whose derived names, of classes, tables or plurals, are one.

AG102: a table that is of the migrations or the runtime, a plural that is of the buses.
"""

from collections.abc import Iterator

from apigen.check.class_names import ClassName, all_children, class_names
from apigen.diagnostics import Diagnostic, Label, Span
from apigen.ir.behaviour import Query
from apigen.ir.names import Name
from apigen.ir.system import Context, Entity, ProjectionResource, System

_HELP = {
    "class": "rename one: generated code has a class of this name",
    "table": "set `table` or `plural`",
    "plural": "set `plural` on one of them, or rename it: code names collections by it",
}

_OWN_TABLES = {
    "alembic_version": "is where migrations keep what they did",
    "migration_history": "is where migrations keep what they did",
    "outbox_events": "holds events until they are delivered",
    "processed_messages": "holds what has been done already",
    "idempotency_keys": "holds answers by `Idempotency-Key`",
    "background_tasks": "holds what is to be done in the background",
    "task_schedules": "holds when tasks are due next",
}
"""What projects have, or may come to have, without an entity of it; outside of any schema."""

type _Collected = Entity | ProjectionResource
"""What code has collections of."""


def collisions(system: System) -> Iterator[Diagnostic]:
    """Yield one finding for each later declaration that repeats a derived name."""
    for context in system.contexts:
        yield from _classes(context)
        yield from _plurals(context)
    yield from _tables(system)


def _classes(context: Context) -> Iterator[Diagnostic]:
    taken: dict[str, ClassName] = {}
    reported: set[tuple[Span, Span]] = set()
    for made in class_names(context):
        first = taken.setdefault(made.name, made)
        if first is made or (first.span == made.span and not made.is_declared):
            continue
        earlier, later = sorted((first, made), key=lambda one: one.span)
        if (earlier.span, later.span) not in reported:
            reported.add((earlier.span, later.span))
            yield _clash("class", made.name, earlier.holder, later.holder, later.span, earlier.span)


def _plurals(context: Context) -> Iterator[Diagnostic]:
    """Yield a finding for equal plurals, unless tables or paths are equal as well."""
    taken: dict[str, _Collected] = {}
    for one in _collected(context):
        name, span = _named(one)
        plural = name.plural_snake
        if plural in _buses(context) and isinstance(one, Entity):
            yield Diagnostic(
                code="AG102",
                message=f"the plural `{plural}` is what code calls where {plural} are sent",
                span=span,
                help="set `plural`",
            )
        first = taken.setdefault(plural, one)
        if first is not one and not _clash_elsewhere(first, one):
            former, place = _named(first)
            yield _clash("plural", plural, former.text, name.text, span, place)


def _collected(context: Context) -> Iterator[_Collected]:
    yield from context.entities
    yield from context.projections


def _named(one: _Collected) -> tuple[Name, Span]:
    named = one if isinstance(one, Entity) else one.projection
    return named.name, named.span


def _buses(context: Context) -> Iterator[str]:
    """Yield the plurals that handlers have beside those of entities."""
    if context.commands or any(entity.commands for entity in context.entities):
        yield "commands"
    if next(_questions(context), None) is not None:
        yield "queries"


def _questions(context: Context) -> Iterator[Query]:
    yield from context.queries
    for one in _collected(context):
        yield from one.queries


def _clash_elsewhere(first: _Collected, one: _Collected) -> bool:
    """Tell whether two of equal plurals are reported already, for their tables or their paths."""
    if isinstance(first, Entity) and isinstance(one, Entity):
        return first.table.lower() == one.table.lower()
    return (
        first.resource is not None
        and one.resource is not None
        and first.resource.path == one.resource.path
    )


def _tables(system: System) -> Iterator[Diagnostic]:
    tables: dict[str, tuple[str, Span]] = {}
    for entity in system.entities.values():
        place = f"{entity.schema or ''}."
        yield from _claim(tables, place + entity.table, entity.name.text, entity.span)
        if entity.lifecycle is not None and entity.lifecycle.history:
            history = f"history of {entity.name.text}"
            yield from _claim(tables, f"{place}{entity.table}_history", history, entity.span)
        if entity.audit is not None:
            log = f"log of {entity.name.text}"
            yield from _claim(tables, f"{place}{entity.table}_changes", log, entity.span)
        if entity.logs_reads:
            log = f"reads of {entity.name.text}"
            yield from _claim(tables, f"{place}{entity.table}_reads", log, entity.span)
    for entity in system.entities.values():
        place = f"{entity.schema or ''}."
        for child in all_children(entity.children):
            yield from _claim(tables, place + child.table, child.class_name.text, child.span)
        for field in entity.fields:
            if field.join is not None and field.writes:
                yield from _claim(
                    tables,
                    place + field.join.table,
                    f"{entity.name.text}.{field.name.text}",
                    field.span,
                )


def _claim(
    taken: dict[str, tuple[str, Span]], table: str, name: str, span: Span
) -> Iterator[Diagnostic]:
    use = _OWN_TABLES.get(table.lower().removeprefix("."))
    if use is not None:
        yield Diagnostic(
            code="AG102",
            message=f"the table `{table.removeprefix('.')}` {use}",
            span=span,
            help=_HELP["table"],
        )
    first = taken.setdefault(table.lower(), (name, span))
    if first != (name, span):
        yield _clash("table", table.rpartition(".")[2], first[0], name, span, first[1])


def _clash(
    kind: str, derived: str, first: str, second: str, span: Span, first_span: Span
) -> Diagnostic:
    return Diagnostic(
        code="AG104",
        message=f"`{first}` and `{second}` both become the {kind} `{derived}`",
        span=span,
        labels=(Label(span=first_span, text="the other one"),),
        help=_HELP[kind],
    )
