"""How a migration spells changes of rows."""

from apigen.evolve.operation import FillColumn, ReplaceValues
from apigen.python.literals import literal, text
from apigen.views.migration_source import Spelling, in_schema


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
    place = ", ".join([text(table.name), column, *in_schema(table)])
    values_ = f".values({{{text(name)}: {source}}})"
    return f"op.execute({sa}.update({sa}.table({place})){where}{values_})"
