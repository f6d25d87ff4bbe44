"""Exclusions as parts of a table: which columns, and the range type that PostgreSQL has of them."""

from collections.abc import Callable

from apigen.ir.expr import TypedExpr
from apigen.ir.system import Entity
from apigen.ir.types import Scalar, ScalarKind
from apigen.values import dataclass
from apigen.views.tables.storage import shortened

_RANGES = {
    ScalarKind.DATE: "daterange",
    ScalarKind.DATETIME: "tstzrange",
    ScalarKind.INT: "int4range",
    ScalarKind.BIGINT: "int8range",
    ScalarKind.DECIMAL: "numrange",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """Rows of which no two may overlap: EXCLUDE on PostgreSQL, looked for by writers on SQLite."""

    name: str
    rule: str
    """Name in the spec: the code of the error."""
    equal: tuple[str, ...]
    """Columns."""
    begin: str
    end: str
    range: str
    """The function of PostgreSQL that makes a range of both ends."""
    where: TypedExpr | None = None
    live_only: bool = False


def table_exclusions(
    entity: Entity, columns: Callable[[tuple[str, ...]], tuple[str, ...]]
) -> tuple[Exclusion, ...]:
    """Return the exclusions of an entity's table.

    Args:
        entity: The entity.
        columns: Gives the columns of attributes, one each.
    """
    kinds = {field.attribute: field.type for field in entity.fields}
    made: list[Exclusion] = []
    for one in entity.exclusions:
        begin, end = columns(one.overlap)
        kind = kinds[one.overlap[0]]
        assert isinstance(kind, Scalar)
        made.append(
            Exclusion(
                name=shortened(f"ex_{entity.table}_{one.name}"),
                rule=one.name,
                equal=columns(one.equal),
                begin=begin,
                end=end,
                range=_RANGES[kind.kind],
                where=one.where,
                live_only=entity.soft_delete is not None,
            )
        )
    return tuple(made)
