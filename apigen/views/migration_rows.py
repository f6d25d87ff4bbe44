"""How a migration spells changes of rows."""

from apigen.evolve.operation import FillColumn, RefuseValues, ReplaceValues
from apigen.python.literals import literal, text
from apigen.views.migration_source import Spelling, in_own_schema


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
