"""What the template of repositories is given: how aggregates become rows, and rows aggregates."""

from collections.abc import Iterable

from apigen.ir.field import Field
from apigen.ir.system import Child, Context, Entity, IdKind, System
from apigen.ir.types import ManyOf
from apigen.python import layout
from apigen.python.identifiers import spell, spell_module
from apigen.python.imports import ImportSet, Symbol
from apigen.python.literals import docstring, text
from apigen.values import dataclass
from apigen.views.infrastructure.change_logs import change_log_source
from apigen.views.infrastructure.exclusions import stored_check_source
from apigen.views.infrastructure.rows import history_constant
from apigen.views.tables.ciphers import Ciphers, blind_column, encrypted
from apigen.views.tables.columns import position_column
from apigen.views.tables.service_tables import has_history
from apigen.views.tables.storage import Stored, in_columns, join_class, row_class, stored_columns

_DRAWN = (IdKind.INT, IdKind.BIGINT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildMapping:
    """Functions that turn one kind of child into its row and back."""

    row_function: str
    """`_order_line_row`."""
    entity_function: str
    """`_order_line`."""
    settle_function: str | None
    """`_settle_order_line`, when storing decides something here or below."""
    entity: str
    row: str
    position: str | None
    """Keyword of the row for the place in the list."""
    row_arguments: tuple[str, ...]
    entity_arguments: tuple[str, ...]
    settling: tuple[str, ...]
    """Statements that hand what storing has decided from the row `row` to the entity `entity`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryClass:
    """The repository of one aggregate."""

    name: str
    base: str
    docstring: str
    entity: str
    row: str
    resource: str
    stored_check: str | None
    """Source of what its rows are held against."""
    row_rules: str | None
    """What its access asks of rows."""
    history: str | None
    """Where its moves are noted."""
    changes: str | None
    """Where its changes are noted."""
    row_arguments: tuple[str, ...]
    entity_arguments: tuple[str, ...]
    settling: tuple[str, ...]
    attribute: str
    """Its name on the unit of work."""
    children: tuple[ChildMapping, ...]
    """Innermost first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoriesModule:
    """The repositories and the unit of work of one context."""

    docstring: str
    imports: tuple[str, ...]
    repositories: tuple[RepositoryClass, ...]
    unit_of_work: str
    unit_of_work_base: str
    unit_of_work_docstring: str


def _base_of_work(system: System) -> Symbol:
    if system.has_tasks:
        return layout.support(system, "infrastructure.task_unit_of_work", "SqlTaskUnitOfWork")
    return layout.support(system, "infrastructure.unit_of_work", "SqlUnitOfWork")


def repositories_module(context: Context, system: System) -> RepositoriesModule:
    """Return the view of a context's repositories."""
    words = context.name.snake.replace("_", " ")
    unit_of_work = f"Sql{context.name.pascal}UnitOfWork"
    defined = [unit_of_work, *(f"Sql{entity.name.pascal}Repository" for entity in context.entities)]
    module = f"{layout.persistence(system, context.name.snake)}.repositories"
    imports = ImportSet(module, defined)
    writer = _Writer(context, system, imports)
    doc = f"Transactions of {words}, which has nothing of its own to store."
    if context.entities:
        doc = (
            f"Aggregates of {words} as rows, and rows as aggregates.\n\n"
            "Everything else about storing them is in the support package."
        )
    return RepositoriesModule(
        docstring=docstring(doc),
        repositories=tuple(writer.repository(entity) for entity in context.entities),
        unit_of_work=unit_of_work,
        unit_of_work_base=imports.use(_base_of_work(system)),
        unit_of_work_docstring=docstring(f"One transaction over {words}.", indent=4),
        imports=imports.render(),
    )


class _Writer:
    def __init__(self, context: Context, system: System, imports: ImportSet) -> None:
        self._rows = f"{layout.persistence(system, context.name.snake)}.rows"
        self._system = system
        self._imports = imports
        self._ciphers = Ciphers(context, system, imports)

    def repository(self, entity: Entity) -> RepositoryClass:
        """Return the repository of an aggregate."""
        name = self._imports.use(layout.entity_class(self._system, entity.qname))
        row = self._row(entity.qname)
        base = self._imports.use(
            layout.support(self._system, "infrastructure.repository", "SqlRepository")
        )
        identifier = self._imports.use(layout.id_type(self._system, entity.qname))
        words = entity.name.snake.replace("_", " ")
        return RepositoryClass(
            name=f"Sql{entity.name.pascal}Repository",
            base=f"{base}[{name}, {identifier}, {row}]",
            docstring=docstring(f"Each {words} as a row of the table {entity.table}.", indent=4),
            entity=name,
            row=row,
            resource=text(words),
            stored_check=stored_check_source(entity, self._system, self._imports),
            row_rules=self._row_rules(entity),
            history=self._history(entity),
            changes=change_log_source(entity, self._system, self._imports, rows=self._rows),
            row_arguments=self._to_row(entity),
            entity_arguments=self._to_entity(entity),
            settling=self._settling(entity),
            attribute=spell(entity.name.plural_snake),
            children=tuple(self._children(entity.children)),
        )

    def _row_rules(self, entity: Entity) -> str | None:
        if not entity.access.rules:
            return None
        return self._imports.use(layout.row_rules(self._system, entity))

    def _history(self, entity: Entity) -> str | None:
        if entity.lifecycle is None or not has_history(entity):
            return None
        table = self._imports.add(self._rows, history_constant(entity))
        kind = self._imports.use(
            layout.support(self._system, "infrastructure.history", "LifecycleHistory")
        )
        return f"{kind}(table={table}, state={text(spell(entity.lifecycle.field))})"

    def _children(self, children: Iterable[Child]) -> Iterable[ChildMapping]:
        for child in children:
            yield from self._children(child.children)
            settling = self._settling(child)
            has_place = child.order_by is None and not child.to_one
            yield ChildMapping(
                row_function=_function(child, suffix="_row"),
                entity_function=_function(child),
                settle_function=_function(child, prefix="settle_") if settling else None,
                entity=self._imports.use(layout.entity_class(self._system, child.qname)),
                row=self._row(child.qname),
                position=spell(position_column(child, self._system)) if has_place else None,
                row_arguments=self._to_row(child),
                entity_arguments=self._to_entity(child),
                settling=settling,
            )

    def _row(self, qname: str) -> str:
        return self._imports.add(self._rows, row_class(qname, self._system))

    def _to_row(self, owner: Entity | Child) -> tuple[str, ...]:
        arguments = []
        for field in owner.fields:
            for column in stored_columns(field, self._system):
                value = _read("entity", column)
                if field.attribute == "id" and owner.identity.kind in _DRAWN:
                    value = "entity.id or None"
                if column.cipher is not None:
                    arguments += self._sealed(column, column.cipher, owner, value)
                else:
                    arguments.append(f"{column.attribute}={value}")
            if isinstance(field.type, ManyOf):
                arguments.append(self._joins(owner, field))
        for child in owner.children:
            name, make = spell(child.attribute), _function(child, suffix="_row")
            value = f"entity.{name}"
            if child.to_one:
                source = f"{make}({value})"
                if not child.min:
                    source = f"None if {value} is None else {source}"
            elif child.order_by is not None:
                source = f"[{make}(child) for child in {value}]"
            else:
                source = f"[{make}(child, place) for place, child in enumerate({value})]"
            arguments.append(f"{name}={source}")
        return tuple(arguments)

    def _sealed(self, column: Stored, field: Field, owner: Entity | Child, value: str) -> list[str]:
        key = _key_of(owner, "entity")
        sealed = [f"{column.attribute}={self._ciphers.sealed(field, value, key)}"]
        if field.encrypted is not None and field.encrypted.blind_index:
            name = spell(blind_column(field, owner))
            sealed.append(f"{name}={self._ciphers.digested(field, value)}")
        return sealed

    def _joins(self, owner: Entity | Child, field: Field) -> str:
        assert field.join is not None
        kind = self._imports.add(self._rows, join_class(owner.qname, field, self._system))
        name = spell(field.attribute)
        column = spell(field.join.target_column)
        return f"{name}=[{kind}({column}=target) for target in entity.{name}]"

    def _to_entity(self, owner: Entity | Child) -> tuple[str, ...]:
        arguments = []
        for field in owner.fields:
            name = spell(field.attribute)
            if isinstance(field.type, ManyOf):
                assert field.join is not None
                column = spell(field.join.target_column)
                arguments.append(f"{name}=frozenset(joined.{column} for joined in row.{name})")
            elif field.computed is None:
                columns = stored_columns(field, self._system)
                value = self._value(columns, 1)
                if field.encrypted is not None:
                    value = self._ciphers.opened(field, value, _key_of(owner, "row"))
                arguments.append(f"{name}={value}")
        for child in owner.children:
            name, make = spell(child.attribute), _function(child)
            if not child.to_one:
                arguments.append(f"{name}=[{make}(child) for child in row.{name}]")
            elif child.min:
                needed = self._imports.use(
                    layout.support(self._system, "infrastructure.rows", "required")
                )
                arguments.append(f"{name}={make}({needed}(row.{name}))")
            else:
                arguments.append(f"{name}=None if row.{name} is None else {make}(row.{name})")
        return tuple(arguments)

    def _value(self, columns: tuple[Stored, ...], depth: int) -> str:
        """Return source of a value made of the columns that share a path of `depth` fields."""
        field = columns[0].path[depth - 1]
        object_ = in_columns(field.type, self._system)
        if object_ is None:
            return f"row.{columns[0].attribute}"
        groups: dict[str, list[Stored]] = {}
        for column in columns:
            groups.setdefault(column.path[depth].attribute, []).append(column)
        parts = ", ".join(
            f"{spell(name)}={self._value(tuple(group), depth + 1)}"
            for name, group in groups.items()
        )
        made = f"{self._imports.use(layout.value_type(self._system, object_.qname))}({parts})"
        if not field.nullable:
            return made
        required = [
            column for column in columns if not any(inner.nullable for inner in column.path[depth:])
        ]
        joint, tested = (" or ", required) if required else (" and ", list(columns))
        condition = joint.join(f"row.{column.attribute} is None" for column in tested)
        return f"None if {condition} else {made}"

    def _bound(self, owner: Entity | Child) -> Iterable[str]:
        """Yield the statements that bind encrypted values to a number that was drawn."""
        for field in encrypted(owner):
            name = spell(field.attribute)
            sealed = self._ciphers.sealed(field, f"entity.{name}", "entity.id")
            yield f"row.{name} = {sealed}"

    def _settling(self, owner: Entity | Child) -> tuple[str, ...]:
        statements = ["entity.id = row.id"] if owner.identity.kind in _DRAWN else []
        bound = [column for column in self._bound(owner) if statements]
        if bound:
            # Ciphertexts belong to the number of their row, which nobody knew before.
            statements = ["if entity.id != row.id:", *(f"    {one}" for one in statements + bound)]
        for child in owner.children:
            name, settle = spell(child.attribute), _function(child, prefix="settle_")
            if self._settling(child) and child.to_one:
                statements += [
                    f"if entity.{name} is not None and row.{name} is not None:",
                    f"    {settle}(entity.{name}, row.{name})",
                ]
            elif self._settling(child):
                statements += [
                    f"for child, child_row in zip(entity.{name}, row.{name}, strict=True):",
                    f"    {settle}(child, child_row)",
                ]
            if child.order_by is not None and not child.to_one:
                # Reading sorts them so, and what was stored is to look like what is read.
                statements.append(f"entity.{name}.sort(key=lambda child: {_sort_key(child)})")
        return tuple(statements)


def _key_of(owner: Entity | Child, variable: str) -> str:
    """Return source of the key of an aggregate or child, or of its row."""
    parts = [f"{variable}.{spell(name)}" for name in owner.identity.fields]
    return parts[0] if len(parts) == 1 else f"({', '.join(parts)})"


def _function(child: Child, *, prefix: str = "", suffix: str = "") -> str:
    return f"_{prefix}{spell_module(child.class_name.snake)}{suffix}"


def _sort_key(child: Child) -> str:
    by = next(field for field in child.fields if field.attribute == child.order_by)
    value = f"child.{spell(by.attribute)}"
    return f"({value} is None, {value}, child.id)" if by.nullable else f"({value}, child.id)"


def _read(variable: str, column: Stored) -> str:
    """Return source of a column's value, None where a value object on the way is."""
    path, guards = variable, []
    for place, field in enumerate(column.path):
        path = f"{path}.{spell(field.attribute)}"
        if field.nullable and place < len(column.path) - 1:
            guards.append(f"{path} is None")
    return f"None if {' or '.join(guards)} else {path}" if guards else path
