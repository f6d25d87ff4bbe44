"""A schema as lists of plain values, one a table, column, constraint and index, and back.

The first two items of a list are its kind and its id within the schema. Lines know nothing of
each other's order, so that two branches that add parts unite.
"""

from collections.abc import Iterable, Mapping

from apigen.ir.schema import (
    CheckShape,
    ColumnShape,
    ColumnType,
    Condition,
    ExclusionShape,
    ForeignKeyShape,
    IndexShape,
    KeyShape,
    Schema,
    TableShape,
)
from apigen.ir.types import Json


def schema_lines(schema: Schema) -> tuple[list[Json], ...]:
    """Return one list a part, sorted by kind and id."""
    found: list[list[Json]] = []
    for table in schema.tables:
        key: dict[str, Json] = {"name": table.key.name, "columns": [*table.key.columns]}
        found.append(
            [
                "table",
                table.id,
                {"name": table.name, "schema": table.schema, "symbol": table.symbol, "key": key},
            ]
        )
        found += (["column", f"{table.id}/{one.id}", _column(one)] for one in table.columns)
        found += (["key", f"{table.id}/{one.id}", _foreign_key(one)] for one in table.foreign_keys)
        found += (["check", f"{table.id}/{one.id}", _check(one)] for one in table.checks)
        found += (["index", f"{table.id}/{one.id}", _index(one)] for one in table.indexes)
        found += (["exclude", f"{table.id}/{one.id}", _exclusion(one)] for one in table.exclusions)
    return tuple(sorted(found, key=lambda line: (str(line[0]), str(line[1]))))


def schema_of_lines(lines: Iterable[list[Json]]) -> Schema:
    """Return the schema of its lines, tables and parts by id.

    Raises:
        ValueError: The lines are not those of a schema.
    """
    try:
        return _schema(lines)
    except (KeyError, TypeError, IndexError, AttributeError) as error:
        raise ValueError(f"not the lines of a schema: {error}") from error


def _schema(lines: Iterable[list[Json]]) -> Schema:
    parts: dict[str, dict[str, dict[str, _Facts]]] = {}
    tables: dict[str, _Facts] = {}
    for line in lines:
        kind, id_, facts = str(line[0]), str(line[1]), line[2]
        assert isinstance(facts, dict)
        if kind == "table":
            tables[id_] = facts
        else:
            table, _, part = id_.partition("/")
            parts.setdefault(table, {}).setdefault(kind, {})[part] = facts
    return Schema(
        tables=tuple(_table(id_, tables[id_], parts.get(id_, {})) for id_ in sorted(tables))
    )


type _Facts = Mapping[str, Json]


def _table(id_: str, facts: _Facts, parts: Mapping[str, Mapping[str, _Facts]]) -> TableShape:
    key = _object(facts["key"])
    columns = [_read_column(id_, found) for id_, found in parts.get("column", {}).items()]
    keys = _texts(key["columns"])
    # The lock keeps no order: the key first, then by name, as good as any.
    columns.sort(key=lambda column: (column.id not in keys, column.name))
    return TableShape(
        id=id_,
        name=str(facts["name"]),
        schema=_optional(facts["schema"]),
        symbol=str(facts["symbol"]),
        columns=tuple(columns),
        key=KeyShape(name=str(key["name"]), columns=keys),
        foreign_keys=tuple(
            _read_key(id_, one) for id_, one in sorted(parts.get("key", {}).items())
        ),
        checks=tuple(_read_check(id_, one) for id_, one in sorted(parts.get("check", {}).items())),
        indexes=tuple(_read_index(id_, one) for id_, one in sorted(parts.get("index", {}).items())),
        exclusions=tuple(
            _read_exclusion(id_, one) for id_, one in sorted(parts.get("exclude", {}).items())
        ),
    )


def _column(column: ColumnShape) -> dict[str, Json]:
    facts: dict[str, Json] = {
        "name": column.name,
        "symbol": column.symbol,
        "type": [column.type.name, *column.type.arguments],
        "nullable": column.nullable,
    }
    if column.drawn:
        facts["drawn"] = True
    if column.fill is not None:
        facts["fill"] = _condition(column.fill)
    if column.beside is not None:
        facts["beside"] = [*column.beside]
    if column.joined is not None:
        facts["joined"] = _condition(column.joined)
    if column.members:
        facts["members"] = dict(column.members)
    if column.derived:
        facts["derived"] = True
    for name in ("sealed", "digests"):
        if getattr(column, name):
            facts[name] = getattr(column, name)
    return facts


def _read_column(id_: str, facts: _Facts) -> ColumnShape:
    name, *arguments = _texts(facts["type"])
    return ColumnShape(
        id=id_,
        name=str(facts["name"]),
        symbol=str(facts["symbol"]),
        type=ColumnType(name=name, arguments=tuple(arguments)),
        nullable=bool(facts["nullable"]),
        drawn=bool(facts.get("drawn", False)),
        fill=_read_condition(facts["fill"]) if "fill" in facts else None,
        beside=_texts(facts["beside"]) if "beside" in facts else None,
        joined=_read_condition(facts["joined"]) if "joined" in facts else None,
        members=_members(facts["members"]) if "members" in facts else (),
        derived=bool(facts.get("derived", False)),
        sealed=str(facts.get("sealed", "")),
        digests=str(facts.get("digests", "")),
    )


def _foreign_key(key: ForeignKeyShape) -> dict[str, Json]:
    return {
        "name": key.name,
        "column": key.column,
        "target": key.target,
        "target_column": key.target_column,
        "on_delete": key.on_delete,
        "deferred": key.deferred,
    }


def _read_key(id_: str, facts: _Facts) -> ForeignKeyShape:
    return ForeignKeyShape(
        id=id_,
        name=str(facts["name"]),
        column=str(facts["column"]),
        target=str(facts["target"]),
        target_column=str(facts["target_column"]),
        on_delete=_optional(facts["on_delete"]),
        deferred=bool(facts["deferred"]),
    )


def _check(check: CheckShape) -> dict[str, Json]:
    facts: dict[str, Json] = {"name": check.name, "columns": [*check.columns]}
    if check.values:
        facts["values"] = dict(check.values)
    else:
        facts["condition"] = _condition(check.condition)
    return facts


def _read_check(id_: str, facts: _Facts) -> CheckShape:
    return CheckShape(
        id=id_,
        name=str(facts["name"]),
        columns=_texts(facts["columns"]),
        condition=_read_condition(facts["condition"]) if "condition" in facts else Condition(),
        values=_members(facts["values"]) if "values" in facts else (),
    )


def _members(facts: Json) -> tuple[tuple[str, str], ...]:
    return tuple((member, str(value)) for member, value in _object(facts).items())


def _index(index: IndexShape) -> dict[str, Json]:
    facts: dict[str, Json] = {"name": index.name, "columns": [*index.columns]}
    for name in ("descending", "include", "trigrams", "localized", "locales"):
        if getattr(index, name):
            facts[name] = [*getattr(index, name)]
    for name in ("unique", "live_only", "method"):
        if getattr(index, name):
            facts[name] = getattr(index, name)
    if index.where is not None:
        facts["where"] = _condition(index.where)
    return facts


def _read_index(id_: str, facts: _Facts) -> IndexShape:
    return IndexShape(
        id=id_,
        name=str(facts["name"]),
        columns=_texts(facts["columns"]),
        descending=_texts(facts.get("descending", [])),
        include=_texts(facts.get("include", [])),
        unique=bool(facts.get("unique", False)),
        live_only=bool(facts.get("live_only", False)),
        where=_read_condition(facts["where"]) if "where" in facts else None,
        method=str(facts.get("method", "")),
        trigrams=_texts(facts.get("trigrams", [])),
        localized=_texts(facts.get("localized", [])),
        locales=_texts(facts.get("locales", [])),
    )


def _exclusion(exclusion: ExclusionShape) -> dict[str, Json]:
    facts: dict[str, Json] = {
        "name": exclusion.name,
        "equal": [*exclusion.equal],
        "overlap": [exclusion.begin, exclusion.end],
        "range": exclusion.range,
    }
    if exclusion.live_only:
        facts["live_only"] = True
    if exclusion.where is not None:
        facts["where"] = _condition(exclusion.where)
    return facts


def _read_exclusion(id_: str, facts: _Facts) -> ExclusionShape:
    begin, end = _texts(facts["overlap"])
    return ExclusionShape(
        id=id_,
        name=str(facts["name"]),
        equal=_texts(facts["equal"]),
        begin=begin,
        end=end,
        range=str(facts["range"]),
        live_only=bool(facts.get("live_only", False)),
        where=_read_condition(facts["where"]) if "where" in facts else None,
    )


def _condition(condition: Condition) -> dict[str, Json]:
    if condition.sql:
        return {"sql": condition.sql}
    return {"expression": condition.expression, "imports": [*condition.imports]}


def _read_condition(facts: Json) -> Condition:
    found = _object(facts)
    return Condition(
        sql=str(found.get("sql", "")),
        expression=str(found.get("expression", "")),
        imports=_texts(found.get("imports", [])),
    )


def _object(facts: Json) -> _Facts:
    if not isinstance(facts, dict):
        raise TypeError("an object is missing")
    return facts


def _texts(facts: Json) -> tuple[str, ...]:
    if not isinstance(facts, list):
        raise TypeError("a list is missing")
    return tuple(str(fact) for fact in facts)


def _optional(facts: Json) -> str | None:
    return None if facts is None else str(facts)
