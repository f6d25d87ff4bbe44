"""AG104: two declarations whose derived names, of classes, tables or plurals, are one.

AG102: a table that is of the migrations or the runtime.
"""

from collections.abc import Iterator

from apigen.check.class_names import ClassName, all_children, class_names
from apigen.diagnostics import Diagnostic, Label, Span
from apigen.ir.system import Context, Entity, System

_HELP = {
    "class": "rename one: generated code has a class of this name",
    "table": "set `table` or `plural`",
    "plural": "set `plural` on one of them: code names collections by it",
}

_OWN_TABLES = {
    "alembic_version": "is where migrations keep what they did",
    "migration_history": "is where migrations keep what they did",
    "outbox_events": "holds events until they are delivered",
    "processed_messages": "holds what has been done already",
    "idempotency_keys": "holds answers by `Idempotency-Key`",
}
"""What projects have, or may come to have, without an entity of it; outside of any schema."""


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
    """Yield a finding for entities of equal plurals, unless their tables are equal as well."""
    taken: dict[str, Entity] = {}
    for entity in context.entities:
        plural = entity.name.plural_snake
        first = taken.setdefault(plural, entity)
        if first is not entity and first.table.lower() != entity.table.lower():
            yield _clash(
                "plural", plural, first.name.text, entity.name.text, entity.span, first.span
            )


def _tables(system: System) -> Iterator[Diagnostic]:
    tables: dict[str, tuple[str, Span]] = {}
    for entity in system.entities.values():
        place = f"{entity.schema or ''}."
        yield from _claim(tables, place + entity.table, entity.name.text, entity.span)
        if entity.lifecycle is not None and entity.lifecycle.history:
            history = f"history of {entity.name.text}"
            yield from _claim(tables, f"{place}{entity.table}_history", history, entity.span)
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
