"""The routes of one resource: which there are, what each is asked and may answer.

Chooses names, paths, annotations and statuses. How an answer is made is `support/interface`, how
a key stands in a path `path_keys`.
"""

from collections.abc import Callable, Iterator, Mapping

from apigen.ir.access import CREATE, DELETE, EXPORT, READ, RESTORE, UPDATE
from apigen.ir.field import Field
from apigen.ir.names import Name
from apigen.ir.system import Entity, IdKind, Operation, PageStyle, System
from apigen.python import layout
from apigen.python.identifiers import spell
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring, text
from apigen.views.interface.command_routes import CommandRoutes, command_function
from apigen.views.interface.compression import resource_marks
from apigen.views.interface.file_routes import FileRoutes, file_functions
from apigen.views.interface.path_keys import id_annotation, is_text, key_fields, path_key
from apigen.views.interface.query_routes import QueryRoutes
from apigen.views.interface.rate_limits import resource_limit
from apigen.views.interface.resources import (
    LOCALS,
    ResourceModule,
    Served,
    dependencies_name,
    dependency_alias,
    parent_of,
    parent_parameter,
    prefix_of,
    version_package,
)
from apigen.views.interface.routes import Asked, Route, RouteWriter, StatedRoute, routed
from apigen.views.localization import shows_localized
from apigen.views.read_entities import projection_of, with_projections
from apigen.views.tables.service_tables import has_history

_STATIC = {
    Operation.BULK_CREATE: "bulk",
    Operation.BULK_UPDATE: "bulk",
    Operation.BULK_DELETE: "bulk-delete",
    Operation.COUNT: "count",
    Operation.EXPORT: "export",
}
"""Segments that stand where a key may stand."""

_OF_THE_COLLECTION = frozenset({Operation.LIST, *_STATIC})
"""Operations named for many."""

_ACCESS: Mapping[str, str] = {
    "create": CREATE,
    "bulk_create": CREATE,
    "update": UPDATE,
    "replace": UPDATE,
    "bulk_update": UPDATE,
    "delete": DELETE,
    "bulk_delete": DELETE,
    "restore": RESTORE,
    "export": EXPORT,
}
"""Operation to its name in access rules; all others are READ."""


def resource_module(system: System, one: Served, versions: tuple[str, ...]) -> ResourceModule:
    """Return the view of interface/api/v1/<resource>.py.

    Args:
        system: As the versions have it.
        one: What is served.
        versions: That take the routes from here; the module is in the folder of the last.
    """
    return _ResourceBuilder(with_projections(system), one, versions).module()


_SILENT = frozenset({"delete", "bulk_delete", "restore"})
"""Writes that neither take nor show texts, or show them only."""


class _ResourceBuilder:
    """Builds the view of one resource; holds the imports while it does."""

    def __init__(self, system: System, one: Served, versions: tuple[str, ...]) -> None:
        self.system = system
        self.one = one
        self.entity = one.entity
        self.resource = one.resource
        self.label = one.entity.name.snake.replace("_", " ")
        self.labels = one.entity.name.plural_snake.replace("_", " ")
        self.functions = self._functions()
        self.commands = routed(system, self.entity.commands, versions)
        self.queries = routed(system, self.entity.queries, versions)
        is_newest = versions[-1] == system.api.versions_with(one.entity.lifespan)[-1]
        self.where = "" if is_newest else f" in {' and '.join(versions)}"
        self.imports = ImportSet(
            f"{version_package(system, versions[-1])}.{one.module}",
            defined=(
                "router",
                "replies",
                *self.functions.values(),
                *(command_function(one) for one in self.commands),
                *(layout.query_snake(system, one) for one in self.queries),
                *file_functions(self.entity),
            ),
        )
        # The template spells these two, so they come before any name of the spec.
        self.imports.add("starlette.requests", "Request")
        self.imports.add("starlette.responses", "Response")
        handlers = self.imports.add(dependencies_name(system), dependency_alias(one.context))
        self.writer = _Writer(system, one, self.imports, handlers, versions)
        self.read = self._dto("Read")
        self.shown = self._dto("Expanded") if one.resource.expand else self.read
        self.query = self.imports.use(layout.query(system, one.entity))
        self.parent = parent_of(system, one)
        self.aliases: dict[str, str] = {}
        self.scope = ""
        self.above: tuple[str, ...] = ()
        if self.parent is not None:
            field, target = self.parent
            name = parent_parameter(field)
            self.scope = f", scope={{{text(field.wire)}: {name}}}"
            self.above = self._named((name, id_annotation(system, target, self.imports)))
        taken = LOCALS | {parameter.partition(":")[0] for parameter in self.above}
        self.key = path_key(system, one.entity, self.imports, taken)
        self.keys = self._named(*self.key.parameters)
        self.files = FileRoutes(
            self.writer,
            system,
            one.entity,
            self.imports,
            query=self.query,
            key=self.key,
            parameters=(*self.above, *self.keys),
            scope=self.scope,
            guard=self._guard(f"[{self.key.expression}]"),
        )

    def module(self) -> ResourceModule:
        """Return the view."""
        body = self.resource.body_limit_bytes
        marks = resource_marks(self.system, self.resource, self.imports)
        limit = resource_limit(self.system, self.entity)
        gate = f", gate={self.imports.use(limit)}" if limit is not None else ""
        marked = f", marks={{{', '.join(marks)}}}" if marks else ""
        tags = ", ".join(text(tag) for tag in self.resource.tags)
        router = f"prefix={text(prefix_of(self.system, self.one))}, tags=[{tags}]"
        is_shown_only = projection_of(self.system, self.entity) is not None
        replies = f"query={self.query}"
        if not is_shown_only:
            mapper = self.imports.use(layout.read_mapper(self.system, self.entity))
            replies = f"read={mapper}, {replies}, has_etag={self.entity.etag}"
        if shows_localized(self.entity):
            replies += f", language={self._support('core.languages', 'language_tag')}"
        return ResourceModule(
            doc=docstring(f"What can be asked of {self.labels} over HTTP{self.where}."),
            aliases=(*self.aliases.items(), *self.files.constants()),
            router_class=self._support("interface.routing", "ResourceRouter"),
            router=router + (f", max_body_size={body}" if body else "") + gate + marked,
            replies_class=self._support(
                "interface.replies", "ReadReplies" if is_shown_only else "Replies"
            ),
            replies=replies,
            service=f"handlers.{spell(self.entity.name.plural_snake)}",
            reader=f"handlers.{self.entity.name.snake}_reader",
            key=self.key.expression,
            scope=self.scope,
            has_etag=self.entity.etag,
            export_formats=repr(self.resource.export),
            list=self._when(Operation.LIST, self._list),
            create=self._when(Operation.CREATE, self._create),
            count=self._when(Operation.COUNT, self._count),
            export=self._when(Operation.EXPORT, self._export),
            bulk_create=self._when(Operation.BULK_CREATE, self._bulk_create),
            bulk_update=self._when(Operation.BULK_UPDATE, self._bulk_update),
            bulk_delete=self._when(Operation.BULK_DELETE, self._bulk_delete),
            get=self._when(Operation.GET, self._get),
            update=self._when(Operation.UPDATE, self._update),
            replace=self._when(Operation.REPLACE, self._replace),
            delete=self._when(Operation.DELETE, self._delete),
            restore=self._when(Operation.RESTORE, self._restore),
            history=self._when(Operation.HISTORY, self._history),
            questions=tuple(self._questions()),
            stated=tuple(self._stated()),
            imports=self.imports.render(),
        )

    def _functions(self) -> dict[str, str]:
        """Return the function of each operation: `create_order`, `bulk_create_orders`."""
        name = self.entity.name
        functions = {
            operation.value: f"{operation.value}_{name.plural_snake}"
            if operation in _OF_THE_COLLECTION
            else f"{operation.value}_{name.snake}"
            for operation in self.resource.operations
        }
        if Operation.HISTORY in self.resource.operations:
            functions["history"] = f"{name.snake}_history"
        return functions

    def _named(self, *parameters: tuple[str, str]) -> tuple[str, ...]:
        """Return `name: annotation` of parameters; an annotation with a check gets a name."""
        found: list[str] = []
        for name, annotation in parameters:
            if "[" in annotation:
                alias = f"{Name.of(name).pascal}Parameter"
                self.aliases[alias] = annotation
                annotation = alias
            found.append(f"{name}: {annotation}")
        return tuple(found)

    def _when(self, operation: Operation, make: Callable[[], Route]) -> Route | None:
        return make() if operation in self.resource.operations else None

    def _list(self) -> Route:
        envelope = {
            PageStyle.OFFSET: "PaginatedResponse",
            PageStyle.CURSOR: "CursorPage",
            PageStyle.NONE: "PaginatedResponse",
        }[self.resource.paging.style]
        return self._route(
            "list",
            settings=(
                f"response_model={self._support('application.dtos', envelope)}[{self.shown}]",
            ),
            extras=(f"{self._openapi('parameters_of_list')}({self.query})",),
            problems=(422,),
            doc=f"List {self.labels}.",
        )

    def _create(self) -> Route:
        return self._route(
            "create",
            settings=("status_code=201", f"response_model={self.read}"),
            body=self._dto("Create"),
            problems=(409,),
            answered=(201,),
            doc=f"Create one {self.label}.",
            checks=self._creation_checks("data", indent=""),
        )

    def _count(self) -> Route:
        return self._route(
            "count",
            path="/count",
            settings=(f"response_model={self._support('interface.replies', 'Count')}",),
            extras=(f"{self._openapi('parameters_of_count')}({self.query})",),
            problems=(422,),
            doc=f"Count {self.labels}.",
        )

    def _export(self) -> Route:
        formats = ", ".join(text(form) for form in self.resource.export)
        streaming = self.imports.add("starlette.responses", "StreamingResponse")
        return self._route(
            "export",
            path="/export",
            settings=(f"response_class={streaming}",),
            extras=(f"{self._openapi('parameters_of_export')}({self.query}, {formats})",),
            problems=(422,),
            doc=f"Export {self.labels} as a file.",
        )

    def _bulk_create(self) -> Route:
        return self._bulk(
            "bulk_create",
            "/bulk",
            settings=("status_code=201", f"response_model={self._bulk_answer(self.read)}"),
            body=self._bulk_body(self._dto("Create")),
            doc=f"Create several {self.labels}, all or none.",
            checks=self._creation_checks("item", indent="    "),
        )

    def _bulk_update(self) -> Route:
        change = self._support("interface.bulk", "BulkChange")
        item = f"{change}[{self._id_type(self.entity)}, {self._dto('Update')}]"
        return self._bulk(
            "bulk_update",
            "/bulk",
            settings=(f"response_model={self._bulk_answer(self.read)}",),
            body=self._bulk_body(item),
            doc=f"Change several {self.labels}, all or none.",
            checks=self._guard("[item.id for item in data]"),
        )

    def _bulk_delete(self) -> Route:
        ids = self._support("interface.bulk", "BulkIds")
        return self._bulk(
            "bulk_delete",
            "/bulk-delete",
            settings=(f"response_model={self._bulk_answer(self._id_type(self.entity))}",),
            body=f"{ids}[{self._id_type(self.entity)}]",
            doc=f"Delete several {self.labels}, all or none.",
            checks=self._guard("data.ids"),
        )

    def _bulk(
        self,
        verb: str,
        path: str,
        *,
        settings: tuple[str, ...],
        body: str,
        doc: str,
        checks: tuple[str, ...],
    ) -> Route:
        return self._route(
            verb,
            path=path,
            settings=settings,
            body=body,
            problems=(404, 409),
            doc=doc,
            checks=checks,
        )

    def _bulk_answer(self, item: str) -> str:
        return f"{self._support('application.dtos', 'ApiResponse')}[list[{item}]]"

    def _bulk_body(self, item: str) -> str:
        annotated = self.imports.add("typing", "Annotated")
        return f"{annotated}[list[{item}], {self._support('interface.bulk', 'BULK')}]"

    def _get(self) -> Route:
        answered = (200, 304) if self.entity.etag else ()
        has_etag = f", has_etag={self.entity.etag}"
        return self._item(
            "get",
            settings=(f"response_model={self.shown}",),
            extras=(f"{self._openapi('parameters_of_one')}({self.query}{has_etag})",),
            problems=(404, 422),
            answered=answered,
            doc=f"Read one {self.label}.",
        )

    def _update(self) -> Route:
        return self._changed("update", "Update", f"Change what is sent of one {self.label}.")

    def _replace(self) -> Route:
        return self._changed("replace", "Replace", f"Replace one {self.label}.")

    def _changed(self, operation: str, payload: str, doc: str) -> Route:
        return self._item(
            operation,
            settings=(f"response_model={self.read}",),
            extras=self._if_match(),
            body=self._dto(payload),
            problems=(404, 409, *self._stale()),
            answered=self._tagged(),
            doc=doc,
            checks=self._guard(f"[{self.key.expression}]"),
        )

    def _delete(self) -> Route:
        return self._item(
            "delete",
            settings=("status_code=204",),
            extras=self._if_match(),
            problems=(404, 409, *self._stale(), 422),
            doc=f"Delete one {self.label}.",
            checks=self._guard(f"[{self.key.expression}]"),
        )

    def _restore(self) -> Route:
        return self._item(
            "restore",
            path="/restore",
            settings=(f"response_model={self.read}",),
            extras=self._if_match(),
            problems=(404, 409, *self._stale(), 422),
            answered=self._tagged(),
            doc=f"Bring one deleted {self.label} back.",
            checks=self._guard(f"[{self.key.expression}]", include_deleted=True),
        )

    def _history(self) -> Route:
        has_moves, has_changes = has_history(self.entity), self.entity.audit is not None
        if has_changes:
            entry = self._support("interface.history", "MovingChange" if has_moves else "Change")
        else:
            entry = self._support("interface.replies", "Move")
        told = "moves and changes" if has_moves and has_changes else "changes"
        return self._item(
            "history",
            path="/history",
            settings=(f"response_model=list[{entry}]",),
            problems=(404, 422),
            doc=f"List the {told if has_changes else 'moves'} of one {self.label}, oldest first.",
        )

    def _questions(self) -> Iterator[StatedRoute]:
        """Yield the routes of questions, which come before those with a key in their path."""
        routes = QueryRoutes(self.writer, above=self.above, ends=self.entity.lifespan.deprecated)
        for query in self.queries:
            yield routes.route(query, self.system.entities[query.source])

    def _stated(self) -> Iterator[StatedRoute]:
        """Yield the routes of what the spec itself names."""
        routes = CommandRoutes(
            self.writer,
            self.entity,
            read=self.read,
            key=self.key,
            keys=self.keys,
            above=self.above,
            scope=self.scope,
        )
        for command in self.commands:
            yield routes.route(command)
        yield from self.files.routes()

    def _if_match(self) -> tuple[str, ...]:
        return (self._openapi("IF_MATCH"),) if self.entity.etag else ()

    def _stale(self) -> tuple[int, ...]:
        return (412,) if self.entity.etag else ()

    def _tagged(self) -> tuple[int, ...]:
        return (200,) if self.entity.etag else ()

    def _answered(self, status: int) -> str:
        """Return what declares the headers of an answer."""
        headers = ["Location"] if status == 201 else []
        headers += ["ETag"] if self.entity.etag else []
        names = "".join(f", {text(name)}" for name in headers)
        return f"{self._openapi('answered')}({status}{names})"

    def _item(
        self,
        verb: str,
        *,
        settings: tuple[str, ...],
        problems: tuple[int, ...],
        doc: str,
        path: str = "",
        extras: tuple[str, ...] = (),
        body: str | None = None,
        answered: tuple[int, ...] = (),
        checks: tuple[str, ...] = (),
    ) -> Route:
        return self._route(
            verb,
            path=self.key.path + path,
            settings=settings,
            extras=extras,
            keys=self.keys,
            body=body,
            problems=problems,
            answered=answered,
            doc=doc,
            checks=checks,
        )

    def _route(
        self,
        verb: str,
        *,
        settings: tuple[str, ...],
        problems: tuple[int, ...],
        doc: str,
        path: str = "",
        extras: tuple[str, ...] = (),
        keys: tuple[str, ...] = (),
        body: str | None = None,
        answered: tuple[int, ...] = (),
        checks: tuple[str, ...] = (),
    ) -> Route:
        operation = _ACCESS.get(verb, READ)
        is_write = operation not in (READ, EXPORT)
        return self.writer.route(
            Asked(
                function=self.functions[verb],
                path=path,
                doc=doc,
                settings=settings,
                extras=(*extras, *self._written_in(is_write=is_write and verb not in _SILENT)),
                parameters=(*self.above, *keys),
                body=body,
                problems=problems,
                codes=self._codes() if is_write and 409 in problems else None,
                answered=tuple(self._answered(status) for status in answered),
                checks=checks,
                operation=operation,
                idempotency=self._idempotency() if is_write else None,
                deprecation=self.entity.lifespan.deprecated,
            )
        )

    def _written_in(self, *, is_write: bool) -> tuple[str, ...]:
        """Return what declares the languages of a write and of its answer."""
        if not is_write or not shows_localized(self.entity):
            return ()
        return (f"{self._openapi('written_in')}({self.query})",)

    def _idempotency(self) -> bool | None:
        return self.resource.idempotency_required if self.resource.idempotency else None

    def _codes(self) -> Mapping[int, tuple[str, ...]] | None:
        names = tuple(exclusion.name for exclusion in self.entity.exclusions)
        return {409: names} if names else None

    def _creation_checks(self, source: str, *, indent: str) -> tuple[str, ...]:
        """Return the statements that look at a new resource before it is created."""
        checks: list[str] = []
        if self.parent is not None:
            field, _ = self.parent
            same = self._support("interface.keys", "require_same")
            checks.append(
                f"{same}({text(field.wire)}, {source}.{spell(field.attribute)}, "
                f"{parent_parameter(field)})"
            )
        reserved = sorted({_STATIC[one] for one in self.resource.operations if one in _STATIC})
        words = "".join(f"{text(word)}, " for word in reserved)
        for field in self._text_keys():
            usable = self._support("interface.keys", "require_usable")
            checks.append(
                f"{usable}({text(field.wire)}, {source}.{spell(field.attribute)}, ({words}))"
            )
        if indent and checks:
            return (f"for {source} in data:", *(indent + check for check in checks))
        return tuple(checks)

    def _text_keys(self) -> tuple[Field, ...]:
        """Return the parts of the key that are free text, chosen by whoever creates."""
        match self.entity.identity.kind:
            case IdKind.STR:
                return key_fields(self.entity)
            case IdKind.NATURAL | IdKind.COMPOSITE:
                return tuple(field for field in key_fields(self.entity) if is_text(field.type))
            case _:
                return ()

    def _guard(self, ids: str, *, include_deleted: bool = False) -> tuple[str, ...]:
        """Return the statement that refuses resources of another parent."""
        if not self.scope:
            return ()
        reader = f"handlers.{self.entity.name.snake}_reader"
        deleted = ", include_deleted=True" if include_deleted else ""
        return (f"await replies.require({reader}, {ids}{self.scope}{deleted})",)

    def _id_type(self, entity: Entity) -> str:
        return self.imports.use(layout.id_type(self.system, entity.qname))

    def _dto(self, suffix: str) -> str:
        return self.imports.use(layout.dto(self.system, self.entity.qname, suffix))

    def _support(self, module: str, name: str) -> str:
        return self.writer.support(module, name)

    def _openapi(self, name: str) -> str:
        return self.writer.openapi(name)


class _Writer(RouteWriter):
    """Tells operations of equally named entities apart."""

    def __init__(
        self,
        system: System,
        one: Served,
        imports: ImportSet,
        handlers: str,
        versions: tuple[str, ...],
    ) -> None:
        super().__init__(
            system,
            one.context,
            one.entity.access,
            imports,
            handlers,
            control=layout.access_control(system, one.entity),
            versions=versions,
            is_limited=one.resource.rate_limit is not None,
        )
        name = one.entity.name.text
        self._has_twin = sum(other.name.text == name for other in system.entities.values()) > 1

    def operation_id(self, function: str) -> str:
        """Return the function's name, with the context when two contexts have such an entity."""
        return f"{function}_of_{self.context.name.snake}" if self._has_twin else function
