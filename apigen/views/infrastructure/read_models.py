"""What the template of read models is given: columns, collections and paths of each resource."""

import ast
from collections.abc import Iterator
from dataclasses import replace

import apigen.views.paths as wire_paths
from apigen.expr.sql_printer import print_sql, print_sql_columns
from apigen.ir.behaviour import Projection, ProjectionField
from apigen.ir.expr import Path, Root, SqlSupport
from apigen.ir.field import Field, Surface
from apigen.ir.system import Child, Context, Entity, System
from apigen.ir.types import (
    EnumRef,
    IdOf,
    ManyOf,
    ObjectRef,
    RefTo,
    TypeRef,
)
from apigen.python import layout
from apigen.python.identifiers import spell
from apigen.python.imports import ImportSet
from apigen.python.literals import argument, docstring, text, tuple_of
from apigen.values import dataclass
from apigen.views.infrastructure.cached_reads import cached_reader, keeps_reads
from apigen.views.infrastructure.change_logs import read_log_source, shown_fields
from apigen.views.infrastructure.rows import changes_constant, history_constant
from apigen.views.localization import is_localized, reads_localized
from apigen.views.read_entities import (
    projection_entities,
    projection_of,
    queries_of,
    read_entities,
    sort_path,
    with_projections,
)
from apigen.views.tables.ciphers import Ciphers, blind_column
from apigen.views.tables.columns import key_column, position_column, stored_fields
from apigen.views.tables.service_tables import has_history
from apigen.views.tables.storage import (
    Stored,
    column_type,
    has_columns,
    in_columns,
    stored_columns,
)
from apigen.views.tables.variables import TableVariable, TableVariables, column_of
from apigen.views.tables.wire_names import wire_names
from apigen.views.versions.systems import complete, context_in

_MODULE = "infrastructure.read_model"


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """A function that adds values which only the aggregate can work out."""

    name: str
    entity: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadModelConstant:
    """One read model, of a resource or of a child."""

    name: str
    kind: str
    """Its class."""
    derivation: Derivation | None
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderArgument:
    """One reader of the context."""

    attribute: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadModelsModule:
    """The read models of one context, and the function that makes its readers."""

    docstring: str
    imports: tuple[str, ...]
    tables: tuple[TableVariable, ...]
    models: tuple[ReadModelConstant, ...]
    function: str
    readers_class: str
    signature: str
    """What the readers are made of."""
    readers: tuple[ReaderArgument, ...]


def model_name(owner: Entity | Child) -> str:
    """Return the constant of a read model: `ORDER_READ_MODEL`."""
    name = owner.name if isinstance(owner, Entity) else owner.class_name
    return f"{name.snake.upper()}_READ_MODEL"


def read_models_module(context: Context, system: System) -> ReadModelsModule:
    """Return the view of a context's read models, which have what any version shows."""
    system = with_projections(complete(system))
    context = context_in(system, context)
    module = f"{layout.persistence(system, context.name.snake)}.read_models"
    shown = projection_entities(system, context)
    owners = [owner for entity in (*context.entities, *shown) for owner in _innermost_first(entity)]
    function = f"{context.name.snake}_readers"
    imports = ImportSet(module, [*(model_name(owner) for owner in owners), function])
    writer = _Writer(context, system, imports)
    models = tuple(writer.model(owner) for owner in owners)
    readers = tuple(writer.reader(entity) for entity in read_entities(system, context))
    readers_class = ""
    signature = "engine: AsyncEngine"
    if readers:
        imports.add("sqlalchemy.ext.asyncio", "AsyncEngine")
        readers_class = imports.use(layout.handlers(system, context.name.snake, "Readers"))
    if keeps_reads(system, context):
        cache = imports.use(layout.support(system, "core.protocols", "CacheProvider"))
        signature = f"{signature}, cache: {cache}"
    words = context.name.snake.replace("_", " ")
    return ReadModelsModule(
        docstring=docstring(
            f"What the resources of {words} look like in JSON, and where it comes from."
        ),
        tables=writer.tables.lines(),
        models=models,
        function=function,
        readers_class=readers_class,
        signature=signature,
        readers=readers,
        imports=imports.render(),
    )


def _innermost_first(owner: Entity | Child) -> Iterator[Entity | Child]:
    for child in owner.children:
        yield from _innermost_first(child)
    yield owner


def _shown(field: Field) -> bool:
    return Surface.RESPONSE in field.reads


def _is_derived(field: Field) -> bool:
    """Whether only the aggregate can work the field out."""
    return (
        field.computed is not None
        and not field.stored
        and _shown(field)
        and field.computed.sql is SqlSupport.NONE
    )


class _Writer:
    def __init__(self, context: Context, system: System, imports: ImportSet) -> None:
        self._context = context
        self._system = system
        self._imports = imports
        self._ciphers = Ciphers(context, system, imports)
        rows = f"{layout.persistence(system, context.name.snake)}.rows"
        self.tables = TableVariables(rows, system, imports)

    def reader(self, entity: Entity) -> ReaderArgument:
        """Return the reader of a resource."""
        kind = self._support("infrastructure.reader", "SqlResourceReader")
        query = self._imports.use(layout.query(self._system, entity))
        source = f"{kind}(engine, {model_name(entity)}, {query}.paging)"
        if entity.resource is not None and entity.resource.cache is not None:
            source = cached_reader(self._system, entity, source, model_name(entity), self._imports)
        return ReaderArgument(attribute=spell(entity.name.plural_snake), source=source)

    def model(self, owner: Entity | Child) -> ReadModelConstant:
        """Return the read model of an entity or child."""
        self._support(_MODULE, "ReadModel")
        name = owner.name if isinstance(owner, Entity) else owner.class_name
        projection = projection_of(self._system, owner) if isinstance(owner, Entity) else None
        if isinstance(owner, Entity) and projection is not None:
            return self._projection(owner, projection)
        table = self.tables.table(owner.qname)
        arguments = [
            f"resource={text(name.snake.replace('_', ' '))}",
            f"table={table}",
            f"key={tuple_of([column_of(table, c.column) for c in self._key(owner)])}",
            f"outputs={tuple_of(self._outputs(owner))}",
        ]
        collections = list(self._collections(owner))
        if collections:
            arguments.append(f"collections={tuple_of(collections)}")
        expansions = list(self._expansions(owner))
        if expansions:
            arguments.append(f"expansions={{{', '.join(expansions)}}}")
        derivation = None
        if isinstance(owner, Entity):
            derivation = self._derivation(owner)
            arguments += self._of_entity(owner, table)
            if derivation is not None:
                repository = self._imports.add(
                    f"{layout.persistence(self._system, self._context.name.snake)}.repositories",
                    f"Sql{owner.name.pascal}Repository",
                )
                arguments += [f"repository={repository}", f"derive={derivation.name}"]
                derived = [text(field.wire) for field in owner.fields if _is_derived(field)]
                if derived:
                    arguments.append(f"derived={tuple_of(derived)}")
        kind = self._kind(reads_localized(self._system, owner), arguments)
        return ReadModelConstant(
            name=model_name(owner), kind=kind, derivation=derivation, arguments=tuple(arguments)
        )

    def _kind(self, is_localized: bool, arguments: list[str]) -> str:
        """Return the class of a read model; one with texts in several languages knows these."""
        if not is_localized:
            return "ReadModel"
        arguments.append(f"locales={self._imports.use(layout.locales(self._system))}")
        return self._support("infrastructure.localized_reading", "LocalizedReadModel")

    def _projection(self, entity: Entity, projection: Projection) -> ReadModelConstant:
        """Return the read model of a projection: rows of its source, shown otherwise."""
        source = self._system.entities[projection.source]
        table = self.tables.table(source.qname)
        outputs = [self._projected(source, field) for field in projection.fields]
        arguments = [
            f"resource={text(entity.name.snake.replace('_', ' '))}",
            f"table={table}",
            f"key={tuple_of([self.tables.key(source.qname)])}",
            f"outputs={tuple_of(outputs)}",
            *self._rows_of(entity, table),
        ]
        shown = {one.field.wire: one.value.reads for one in projection.fields}
        log = read_log_source(source, shown, self._system, self._imports)
        if log is not None:
            arguments.append(f"reads={log}")
        kind = self._kind(reads_localized(self._system, entity), arguments)
        return ReadModelConstant(
            name=model_name(entity), kind=kind, derivation=None, arguments=tuple(arguments)
        )

    def _projected(self, source: Entity, shown: ProjectionField) -> str:
        """Return source of a field of a projection: a column, or what is worked out of several."""
        field, tree = shown.field, shown.value.tree
        if isinstance(tree, Path) and tree.root is Root.SELF and len(tree.steps) == 1:
            known = next((f for f in source.fields if f.attribute == tree.steps[0].attribute), None)
            # A plain field shows the text in the default locale, as rules read it.
            as_it_is = known is not None and is_localized(known) is is_localized(field)
            if known is not None and has_columns(known) and as_it_is:
                columns = stored_columns(known, self._system)
                return self._output(source, columns, (known,), wire=field.wire)
        return self._computed(source, replace(field, computed=shown.value), ())

    def _rows_of(self, entity: Entity, table: str) -> Iterator[str]:
        """Yield which rows there are, and for whom."""
        if entity.soft_delete is not None:
            sa = self._imports.module("sqlalchemy", "sa")
            yield f"live={column_of(table, 'is_deleted')}.is_({sa}.false())"
        if self._system.security is not None:
            yield f"access={self._imports.use(layout.reading(self._system, entity))}"

    def _of_entity(self, entity: Entity, table: str) -> Iterator[str]:
        paths = self._paths(entity)
        if paths:
            entries = ", ".join(f"{text(name)}: {source}" for name, source in paths.items())
            yield f"paths={{{entries}}}"
        searched = entity.resource.search if entity.resource else ()
        if searched:
            by_attribute = {c.path[0].attribute: c for c in stored_fields(entity, self._system)}
            yield f"search={tuple_of([column_of(table, by_attribute[n].column) for n in searched])}"
        yield from self._rows_of(entity, table)
        if has_history(entity):
            rows = f"{layout.persistence(self._system, self._context.name.snake)}.rows"
            yield f"history={self._imports.add(rows, history_constant(entity))}"
        if entity.audit is not None:
            rows = f"{layout.persistence(self._system, self._context.name.snake)}.rows"
            yield f"changes={self._imports.add(rows, changes_constant(entity))}"
        log = read_log_source(entity, shown_fields(entity), self._system, self._imports)
        if log is not None:
            yield f"reads={log}"
        if entity.versioned:
            yield f"version={column_of(table, 'version')}"

    def _support(self, module: str, name: str) -> str:
        return self._imports.use(layout.support(self._system, module, name))

    def _key(self, owner: Entity | Child) -> list[Stored]:
        by_attribute = {c.path[0].attribute: c for c in stored_fields(owner, self._system)}
        return [by_attribute[name] for name in owner.identity.fields]

    def _outputs(self, owner: Entity | Child) -> Iterator[str]:
        for field in owner.fields:
            if not _shown(field) or isinstance(field.type, ManyOf):
                continue
            if field.computed is not None and not field.stored:
                if field.computed.sql is not SqlSupport.NONE:
                    yield self._computed(owner, field, ())
            else:
                yield self._output(owner, stored_columns(field, self._system), (field,))

    def _output(
        self,
        owner: Entity | Child,
        columns: tuple[Stored, ...],
        path: tuple[Field, ...],
        *,
        wire: str | None = None,
    ) -> str:
        field = path[-1] if wire is None else replace(path[-1], wire=wire)
        if field.encrypted is not None:
            return self._opened(owner, field, columns[0].column)
        object_ = in_columns(field.type, self._system)
        if object_ is None:
            column = columns[0].column
            source = column_of(self.tables.table(owner.qname), column)
            names = wire_names(field.type, self._system)
            if names == "{}":
                return _labelled(source, column, field.wire)
            sa = self._imports.module("sqlalchemy", "sa")
            kind = self._support("infrastructure.json_columns", "RenamedJson")
            return f"{sa}.type_coerce({source}, {kind}({names})).label({argument(field.wire)})"
        parts = []
        for inner in object_.fields:
            if not _shown(inner):
                continue
            if inner.computed is not None:
                if inner.computed.sql is not SqlSupport.NONE:
                    parts.append(self._computed(owner, inner, path))
                continue
            below = (*path, inner)
            parts.append(
                self._output(
                    owner, tuple(c for c in columns if c.path[: len(below)] == below), below
                )
            )
        return self._composite(field, parts)

    def _opened(self, owner: Entity | Child, field: Field, column: str) -> str:
        """Return source of an encrypted value, read with the key of its row."""
        table = self.tables.table(owner.qname)
        key = [column_of(table, one.column) for one in self._key(owner)]
        arguments = [
            f"name={text(field.wire)}",
            f"column={column_of(table, column)}",
            f"key={tuple_of(key)}",
            f"open={self._ciphers.constant(field)}.shown",
        ]
        if field.encrypted is not None and field.encrypted.blind_index:
            arguments.append(f"found_by={column_of(table, blind_column(field, owner))}")
        return f"{self._support(_MODULE, 'Opened')}({', '.join(arguments)})"

    def _composite(self, field: Field, parts: list[str]) -> str:
        nullable = ", nullable=True" if field.nullable else ""
        kind = self._support(_MODULE, "Composite")
        return f"{kind}(name={text(field.wire)}, parts={tuple_of(parts)}{nullable})"

    def _computed(self, owner: Entity | Child, field: Field, inside: tuple[Field, ...]) -> str:
        """Return source of a computed field; `inside` leads to the value object that has it."""
        assert field.computed is not None
        names, spelled = self.tables.names(inside), self.tables.spelling
        if isinstance(field.computed.type, ObjectRef):
            printed = print_sql_columns(
                field.computed, owner=owner.qname, names=names, spelling=spelled
            )
            sources = {path: part.text for path, part in printed.columns}
            return self._computed_object(field, sources, ())
        kinds = EnumRef | IdOf | RefTo

        def as_type(type_: TypeRef) -> str:
            return column_type(type_, nullable=True, system=self._system, imports=self._imports)

        source = print_sql(
            field.computed,
            owner=owner.qname,
            names=names,
            as_type=as_type if isinstance(field.computed.type, kinds) else None,
            spelling=spelled,
        ).text
        if not isinstance(ast.parse(source, mode="eval").body, ast.Call | ast.Attribute):
            source = f"({source})"
        return f"{source}.label({argument(field.wire)})"

    def _computed_object(
        self, field: Field, sources: dict[tuple[str, ...], str], prefix: tuple[str, ...]
    ) -> str:
        declared = in_columns(field.type, self._system)
        assert declared is not None
        parts = []
        for inner in declared.fields:
            path = (*prefix, inner.attribute)
            if inner.computed is not None or not _shown(inner):
                continue
            if in_columns(inner.type, self._system) is not None:
                parts.append(self._computed_object(inner, sources, path))
            else:
                kind = column_type(
                    inner.type, nullable=True, system=self._system, imports=self._imports
                )
                sa = self._imports.module("sqlalchemy", "sa")
                parts.append(
                    f"{sa}.type_coerce({sources[path]}, {kind}).label({argument(inner.wire)})"
                )
        return self._composite(field, parts)

    def _collections(self, owner: Entity | Child) -> Iterator[str]:
        for field in owner.fields:
            if isinstance(field.type, ManyOf) and _shown(field):
                assert field.join is not None
                table = self.tables.join(owner.qname, field)
                kind = self._support(_MODULE, "Identifiers")
                yield (
                    f"{kind}(name={text(field.wire)}, "
                    f"owner={column_of(table, field.join.owner_column)}, "
                    f"target={column_of(table, field.join.target_column)})"
                )
        for child in owner.children:
            table = self.tables.table(child.qname)
            kind = self._support(_MODULE, "Children")
            order = []
            if child.order_by is not None:
                by_attribute = {c.path[0].attribute: c for c in stored_fields(child, self._system)}
                column = column_of(table, by_attribute[child.order_by].column)
                order += [column, column_of(table, key_column(child.qname, self._system))]
            elif not child.to_one:
                order.append(column_of(table, position_column(child, self._system)))
            to_one = ", to_one=True" if child.to_one else ""
            yield (
                f"{kind}(name={text(child.attribute)}, model={model_name(child)}, "
                f"parent={column_of(table, child.parent_column)}, "
                f"order_by={tuple_of(order)}{to_one})"
            )

    # What may be embedded.

    def _expansions(self, owner: Entity | Child) -> Iterator[str]:
        root = self._root(owner)
        if root.resource is None and not isinstance(owner, Entity):
            return
        for name in sorted(self._wanted(owner)):
            source = self._expansion(owner, name)
            if source is not None:
                yield f"{text(name)}: {source}"

    def _root(self, owner: Entity | Child) -> Entity:
        if isinstance(owner, Entity):
            return owner
        return next(
            entity
            for entity in self._system.entities.values()
            if any(found is owner for found in _innermost_first(entity))
        )

    def _wanted(self, owner: Entity | Child) -> set[str]:
        """Return the names that some resource's expand paths follow from here."""
        wanted: set[str] = set()
        for entity in self._system.entities.values():
            for path in entity.resource.expand if entity.resource else ():
                here: Entity | Child = entity
                for name in path:
                    if here is owner:
                        wanted.add(name)
                    target = wire_paths.relation(self._system, here, name).target
                    here = layout.owner(self._system, target)
        return wanted

    def _expansion(self, owner: Entity | Child, name: str) -> str | None:
        """Return source of an expansion, None for a collection of children: always embedded."""
        for field in owner.fields:
            if field.name.text != name:
                continue
            match field.type:
                case RefTo(target=target):
                    local = column_of(
                        self.tables.table(owner.qname),
                        stored_columns(field, self._system)[0].column,
                    )
                    match_ = column_of(self.tables.table(target), key_column(target, self._system))
                    return self._expand(target, local, match_)
                case ManyOf(target=target):
                    assert field.join is not None
                    table = self.tables.join(owner.qname, field)
                    return self._expand(
                        target,
                        self.tables.key(owner.qname),
                        column_of(table, field.join.owner_column),
                        f"{column_of(table, field.join.target_column)} == "
                        f"{self.tables.key(target)}",
                        many=True,
                    )
                case _:
                    continue
        for inverse in owner.inverses if isinstance(owner, Entity) else ():
            if inverse.attribute == name:
                source = self._system.entities[inverse.source]
                field = next(f for f in source.fields if f.attribute == inverse.field)
                own = self.tables.key(owner.qname)
                if field.join is None:
                    column = stored_columns(field, self._system)[0].column
                    match_ = column_of(self.tables.table(source.qname), column)
                    return self._expand(source.qname, own, match_, many=not inverse.to_one)
                table = self.tables.join(source.qname, field)
                return self._expand(
                    source.qname,
                    own,
                    column_of(table, field.join.target_column),
                    f"{column_of(table, field.join.owner_column)} == "
                    f"{self.tables.key(source.qname)}",
                    many=True,
                )
        return None

    def _expand(self, target: str, local: str, match_: str, *joins: str, many: bool = False) -> str:
        model = model_name(layout.owner(self._system, target))
        arguments = [f"model=lambda: {model}", f"local={local}", f"match={match_}"]
        if joins:
            arguments.append(f"joins={tuple_of(joins)}")
        if many:
            arguments.append("many=True")
        return f"{self._support(_MODULE, 'Embedded')}({', '.join(arguments)})"

    # What may be filtered and sorted by.

    def _paths(self, entity: Entity) -> dict[str, str]:
        found: dict[str, str] = {}
        resource = entity.resource
        if resource is None:
            return found
        shown = self._shown_paths(entity)
        asked = [
            sort_path(self._system, entity, step.attribute)
            for query in queries_of(self._context)
            if query.source == entity.qname
            for step in query.sort
        ]
        for path in (*(f.path for f in resource.filters), *resource.sorts, *asked):
            wire = wire_paths.resolve(self._system, entity, path).wire
            name = ".".join(wire)
            if name not in shown and name not in found:
                found[name] = self._path(entity, path)
        if resource.nested_under is not None and resource.nested_under not in shown:
            found[resource.nested_under] = self._path(entity, (resource.nested_under,))
        return found

    def _shown_paths(self, entity: Entity) -> set[str]:
        """Return the paths that a read model knows by its outputs."""
        shown = set()
        for field in entity.fields:
            if field.computed is not None and _shown(field):
                shown.add(field.wire)
            for column in stored_columns(field, self._system):
                if all(_shown(part) for part in column.path):
                    shown.add(".".join(column.wire))
        return shown

    def _path(self, entity: Entity, path: tuple[str, ...]) -> str:
        """Return source of a column, or of a path over other tables."""
        table = self.tables.table(entity.qname)
        used = {table}
        owner: Entity | Child = entity
        joins: list[str] = []
        crossed: list[str] = []
        to_one = True
        fields: tuple[Field, ...] = ()
        for place, step in enumerate(path):
            is_last = place == len(path) - 1
            child = next((c for c in owner.children if c.attribute == step and not fields), None)
            if child is not None:
                key = column_of(table, key_column(owner.qname, self._system))
                owner, to_one = child, to_one and child.to_one
                table = self._other(child.qname, used, entity, path[: place + 1])
                joins.append(f"{column_of(table, child.parent_column)} == {key}")
                continue
            here = fields[-1] if fields else None
            field = _field(self._fields(owner, here), step, prefer_column=is_last)
            if isinstance(field.type, ManyOf):
                assert field.join is not None
                key = column_of(table, key_column(owner.qname, self._system))
                join, to_one = self.tables.join(owner.qname, field), False
                joins.append(f"{column_of(join, field.join.owner_column)} == {key}")
                if is_last:
                    column = column_of(join, field.join.target_column)
                    return self._joined(column, joins, crossed, to_one)
                target = field.type.target
                crossed.append(target)
                owner, fields = self._system.entities[target], ()
                table = self._other(target, used, entity, path[: place + 1])
                target_key = column_of(table, key_column(target, self._system))
                joins.append(f"{column_of(join, field.join.target_column)} == {target_key}")
            elif isinstance(field.type, RefTo) and not is_last:
                local = column_of(table, self._stored(owner, (*fields, field)).column)
                target = field.type.target
                crossed.append(target)
                owner, fields = self._system.entities[target], ()
                table = self._other(target, used, entity, path[: place + 1])
                joins.append(f"{column_of(table, key_column(target, self._system))} == {local}")
            else:
                fields = (*fields, field)
        stored = self._stored(owner, fields).column
        if fields[0].encrypted is not None and fields[0].encrypted.blind_index:
            stored = blind_column(fields[0], owner)
        column = column_of(table, stored)
        return self._joined(column, joins, crossed, to_one) if joins else column

    def _fields(self, owner: Entity | Child, inside: Field | None) -> tuple[Field, ...]:
        if inside is None:
            return owner.fields
        declared = in_columns(inside.type, self._system)
        return declared.fields if declared is not None else ()

    def _stored(self, owner: Entity | Child, path: tuple[Field, ...]) -> Stored:
        return next(c for c in stored_columns(path[0], self._system) if c.path == path)

    def _other(self, qname: str, used: set[str], entity: Entity, path: tuple[str, ...]) -> str:
        """Return the variable of a table on a path; another name for one used before."""
        name = self.tables.table(qname)
        if name in used:
            name = self.tables.alias(f"{entity.name.snake}_{'_'.join(path)}", name)
        used.add(name)
        return name

    def _joined(self, column: str, joins: list[str], crossed: list[str], to_one: bool) -> str:
        kind = self._support(_MODULE, "Path")
        arguments = [f"column={column}", f"joins={tuple_of(joins)}", f"to_one={to_one}"]
        if crossed and self._system.security is not None:
            entities = [self._system.entities[target] for target in dict.fromkeys(crossed)]
            access = [self._imports.use(layout.reading(self._system, one)) for one in entities]
            arguments.append(f"access={tuple_of(access)}")
        return f"{kind}({', '.join(arguments)})"

    # What only the aggregate can work out.

    def _derivation(self, entity: Entity) -> Derivation | None:
        statements = list(self._derived(entity, "entity", "body"))
        if not statements:
            return None
        self._support(_MODULE, "Document")
        return Derivation(
            name=f"_derive_{entity.name.snake}",
            entity=self._imports.use(layout.entity_class(self._system, entity.qname)),
            statements=tuple(statements),
        )

    def _derived(self, owner: Entity | Child, value: str, body: str) -> Iterator[str]:
        for field in owner.fields:
            if _is_derived(field):
                yield f"{body}[{text(field.wire)}] = {value}.{spell(field.attribute)}"
        for child in owner.children:
            item, item_body = f"{value}_{child.attribute}", f"{body}_{child.attribute}"
            inner = list(self._derived(child, item, item_body))
            if not inner:
                continue
            source, name = f"{value}.{spell(child.attribute)}", text(child.attribute)
            if child.to_one:
                yield f"{item}, {item_body} = {source}, {body}[{name}]"
                yield f"if {item} is not None and {item_body} is not None:"
            else:
                yield f"for {item}, {item_body} in zip({source}, {body}[{name}], strict=True):"
            yield from (f"    {line}" for line in inner)


def _field(fields: tuple[Field, ...], name: str, *, prefer_column: bool) -> Field:
    """Return the field of that attribute, or of that name: `customer` for `customer_id`."""
    by_attribute = {field.attribute: field for field in fields}
    by_name = {field.name.text: field for field in fields}
    first, second = (by_attribute, by_name) if prefer_column else (by_name, by_attribute)
    return first[name] if name in first else second[name]


def _labelled(source: str, column: str, wire: str) -> str:
    return source if column == wire else f"{source}.label({argument(wire)})"
