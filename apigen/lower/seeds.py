"""Seed rows (AG208, AG309): checked against the entities, in the order in which they refer."""

from apigen.diagnostics.near import did_you_mean, nearest
from apigen.ir.field import Field
from apigen.ir.system import Child, Entity, Seed
from apigen.ir.types import Json, RefTo
from apigen.lower.contexts import SHARED, Declarations
from apigen.lower.defaults import ValueChecker
from apigen.lower.ordering import targets_first
from apigen.lower.symbols import SymbolKind
from apigen.lower.workspace import Workspace
from apigen.source.node import Entry, MappingNode, ScalarNode, SequenceNode
from apigen.spec.document import SeedRows
from apigen.spec.located import Located


def seeds(context: Declarations, entities: dict[str, Entity], work: Workspace) -> tuple[Seed, ...]:
    """Return the seeds of a context in written order."""
    found: list[Seed] = []
    for seed_set, named in context.seeds:
        # Seeds beside `contexts` belong to none, so they name entities of all of them.
        symbol = work.symbols.of(named.name.value) if context.name == SHARED else None
        if symbol is None:
            symbol = work.symbols.find(named.name, context.name, SymbolKind.ENTITY, work.found)
        if symbol is None:
            continue
        entity = entities.get(symbol.qname)
        if entity is None:
            if symbol.kind is not SymbolKind.ENTITY:
                work.found.error(
                    "AG103",
                    f"no entity named `{named.name.value}`",
                    named.name.span,
                    help=f"`{named.name.value}` is a {symbol.kind.value}; rows belong to entities",
                )
            continue
        value = named.value
        rows: tuple[dict[str, Json], ...] = ()
        if isinstance(value, SeedRows):
            rows = tuple(
                _row(row, entity.fields, entity.children, entity, work) for row in value.rows
            )
        found.append(
            Seed(
                set=seed_set,
                entity=symbol.qname,
                rows=rows,
                file=value.value if isinstance(value, Located) else None,
                span=named.name.span,
            )
        )
    return tuple(found)


def _row(
    row: MappingNode,
    fields: tuple[Field, ...],
    children: tuple[Child, ...],
    holder: Entity | Child,
    work: Workspace,
) -> dict[str, Json]:
    checker = ValueChecker(work, noun="value")
    values: dict[str, Json] = {}
    for entry in row.entries:
        child = next((c for c in children if c.attribute == entry.key), None)
        if child is not None:
            values[entry.key] = _children(entry, child, work)
            continue
        field = next((f for f in fields if entry.key in (f.attribute, f.name.text)), None)
        if field is None or field.computed is not None:
            _unknown(entry, fields, children, holder, work, computed=field is not None)
            continue
        if field.file is not None:
            work.found.error(
                "AG208",
                f"`{entry.key}` is a file, which a seed has none of",
                entry.key_span,
                help="leave it out, and upload it",
            )
            continue
        if isinstance(entry.value, ScalarNode) and entry.value.value is None:
            if field.nullable:
                values[entry.key] = None
            else:
                work.found.error(
                    "AG208",
                    f"`{entry.key}` can not be null",
                    entry.value.span,
                    help="give it a value",
                )
            continue
        values[entry.key] = checker.json(entry.value, field.type)
    return values


def _children(entry: Entry, child: Child, work: Workspace) -> Json:
    nodes = entry.value.items if isinstance(entry.value, SequenceNode) else (entry.value,)
    rows: list[Json] = []
    for node in nodes:
        if isinstance(node, MappingNode):
            rows.append(_row(node, child.fields, child.children, child, work))
        else:
            work.found.error(
                "AG208",
                f"`{entry.key}` takes {'a mapping' if child.to_one else 'a list of mappings'}",
                node.span,
            )
    return rows[0] if child.to_one and rows else rows


def _unknown(
    entry: Entry,
    fields: tuple[Field, ...],
    children: tuple[Child, ...],
    holder: Entity | Child,
    work: Workspace,
    *,
    computed: bool,
) -> None:
    if work.is_poisoned(holder.qname, entry.key.removesuffix("_id")):
        return
    title = holder.name.text if isinstance(holder, Entity) else holder.class_name.text
    known = [f.name.text for f in fields] + [c.attribute for c in children]
    work.found.error(
        "AG208",
        f"`{title}` has no field `{entry.key}`" if not computed else f"`{entry.key}` is computed",
        entry.key_span,
        help=did_you_mean(nearest(entry.key, known)) if not computed else "leave it out",
    )


def in_dependency_order(found: tuple[Seed, ...], entities: dict[str, Entity]) -> tuple[Seed, ...]:
    """Return the seeds with referred-to entities first, as far as references have no circle."""
    order = targets_first(entities, lambda qname: _targets(entities[qname]))
    ranks = {qname: rank for rank, qname in enumerate(order.nodes)}
    return tuple(sorted(found, key=lambda seed: ranks.get(seed.entity, 0)))


def _targets(holder: Entity | Child) -> tuple[str, ...]:
    own = [field.type.target for field in holder.fields if isinstance(field.type, RefTo)]
    for child in holder.children:
        own += _targets(child)
    return tuple(own)
