"""How a migration spells changes of rows."""

from apigen.evolve.operation import (
    DigestColumn,
    FillColumn,
    OpenColumn,
    RefuseValues,
    ReplaceValues,
    SealColumn,
)
from apigen.python.literals import literal, text, tuple_of
from apigen.views.migrations.source import Spelling, in_own_schema


def refused_values(operation: RefuseValues, spelling: Spelling) -> str:
    """Return the call that stops a migration while rows hold what must not be there."""
    module = f"{spelling.package}.support.infrastructure.migration_environment"
    spelling.imports.add(module, "refuse_values")
    values = literal([*operation.values], spelling.imports)
    arguments = [
        text(operation.table.name),
        text(operation.column),
        values,
        *in_own_schema(operation.table),
        *(["inside=True"] if operation.inside else []),
    ]
    return f"refuse_values({', '.join(arguments)})"


def sealed_rows(operation: SealColumn | OpenColumn | DigestColumn, spelling: Spelling) -> str:
    """Return the call that encrypts, decrypts or digests the values of a column, row by row."""
    sa, sealing = spelling.sa, operation.sealing
    nullable = not isinstance(operation, OpenColumn) or operation.nullable
    kind = spelling.type(operation.type, nullable=nullable)
    keys = [
        f"{sa}.column({text(one.name)}, {spelling.type(one.type, nullable=False)})"
        for one in sealing.key
    ]
    arguments = [text(operation.table.name), text(operation.column)]
    more: list[str] = []
    match operation:
        case SealColumn(value=value, only_null=only_null):
            name, source = "seal_column", spelling.condition(value)
            if value.sql:
                source = f"{sa}.literal_column({source}, {kind})"
            arguments.append(f"{sa}.type_coerce({source}, {kind})")
            more = [] if only_null else ["again=True"]
        case OpenColumn(source=column):
            name = "open_column"
            arguments += [text(column), kind]
        case DigestColumn(source=column):
            name = "digest_column"
            arguments += [text(column), kind]
    module = f"{spelling.package}.support.infrastructure.encrypted_migrations"
    called = spelling.imports.add(module, name)
    kind_ = spelling.imports.add(module, "Sealing")
    bound = f"{kind_}({text(sealing.name)}, {text(sealing.column)}, key={tuple_of(keys)})"
    place = in_own_schema(operation.table)
    return f"{called}({', '.join([*arguments, bound, *place, *more])})"


def changed_rows(operation: FillColumn | ReplaceValues, spelling: Spelling) -> str:
    """Return the call that writes values into a column."""
    sa, table, name = spelling.sa, operation.table, operation.column
    match operation:
        case FillColumn(type=type_, value=value, only_null=only_null):
            kind = spelling.type(type_, nullable=True)
            column = f"{sa}.column({text(name)}, {kind})"
            source = spelling.condition(value)
            if value.sql:
                source = f"{sa}.literal_column({source})"
            where = f".where({sa}.column({text(name)}).is_(None))" if only_null else ""
        case ReplaceValues(values=values):
            column = f"{sa}.column({text(name)}, {sa}.Text())"
            changed = literal(dict(values), spelling.imports)
            source = f"{sa}.case({changed}, value={column})"
            olds = literal([old for old, _ in values], spelling.imports)
            where = f".where({column}.in_({olds}))"
    place = ", ".join([text(table.name), column, *in_own_schema(table)])
    values_ = f".values({{{text(name)}: {source}}})"
    return f"op.execute({sa}.update({sa}.table({place})){where}{values_})"
