"""The routes of a file: upload, download, link and removal, below the row that has it."""

from collections.abc import Iterator

from apigen.ir.access import READ, UPDATE
from apigen.ir.field import Field
from apigen.ir.system import Entity, System
from apigen.ir.types import ObjectRef
from apigen.python import layout
from apigen.python.annotations import dto_suffix
from apigen.python.imports import ImportSet
from apigen.python.literals import text
from apigen.views.application.files import file_fields, file_service_attribute, may_download
from apigen.views.interface.path_keys import PathKey
from apigen.views.interface.routes import Asked, RouteWriter, StatedRoute

_VERBS = ("upload", "download", "link", "remove")


def file_functions(entity: Entity) -> Iterator[str]:
    """Yield the names of the functions and constants that a module has for files."""
    for field in file_fields(entity):
        yield from (_function(verb, entity, field) for verb in _VERBS)
        yield from _constants(field)


class FileRoutes:
    """Writes the routes of one entity's files."""

    def __init__(
        self,
        writer: RouteWriter,
        system: System,
        entity: Entity,
        imports: ImportSet,
        *,
        query: str,
        key: PathKey,
        parameters: tuple[str, ...],
        scope: str,
        guard: tuple[str, ...],
    ) -> None:
        """Write for an entity.

        Args:
            writer: Of the module.
            system: As the versions have it.
            entity: Whose files they are.
            imports: Of the module.
            query: What lists of the entity may ask for.
            key: Of a row, in the path.
            parameters: Of every function, keys of parents included.
            scope: Argument that names the parent; empty without one.
            guard: Statements that refuse rows of another parent.
        """
        self._writer = writer
        self._system = system
        self._entity = entity
        self._imports = imports
        self._query = query
        self._key = key
        self._parameters = parameters
        self._scope = scope
        self._guard = guard
        self._label = entity.name.snake.replace("_", " ")
        resource = entity.resource
        assert resource is not None
        self._idempotency = resource.idempotency_required if resource.idempotency else None

    def constants(self) -> Iterator[tuple[str, str]]:
        """Yield name and source of what the routes of each file share."""
        for field in file_fields(self._entity):
            limits = field.file
            assert limits is not None
            assert isinstance(field.type, ObjectRef)
            rules, replies = _constants(field)
            types = f", types={limits.types!r}".replace("'", '"') if limits.types else ""
            made = self._support("interface.uploads", "UploadRules")
            yield rules, f"{made}(max_bytes={limits.max_bytes}{types})"
            suffix = dto_suffix(self._system, field.type.target, reading=True)
            read = self._imports.use(layout.dto(self._system, field.type.target, suffix))
            made = self._support("interface.file_replies", "FileReplies")
            arguments = [
                f"field={text(field.wire)}",
                f"read={read}",
                f"query={self._query}",
                f"rules={rules}",
                f"has_etag={self._entity.etag}",
                *self._once(),
            ]
            yield replies, f"{made}({', '.join(arguments)})"

    def routes(self) -> Iterator[StatedRoute]:
        """Yield the routes of each file."""
        for field in file_fields(self._entity):
            yield self._upload(field)
            if may_download(self._entity):
                yield self._download(field)
                yield self._link(field)
            yield self._remove(field)

    def _once(self) -> Iterator[str]:
        if self._idempotency is None:
            return
        once = self._support("interface.idempotency", "carried_out_once")
        if self._idempotency:
            once = f"{self._imports.add('functools', 'partial')}({once}, required=True)"
        yield f"once={once}"

    def _upload(self, field: Field) -> StatedRoute:
        rules, replies = _constants(field)
        extras = [
            *self._if_match(),
            f"{self._support('interface.file_replies', 'upload')}({rules})",
        ]
        keyed: tuple[int, ...] = ()
        if self._idempotency is not None:
            required = "required=True" if self._idempotency else ""
            extras.insert(0, f"{self._writer.openapi('idempotency_key')}({required})")
            keyed = (400, 422)
        asked = self._asked(
            field,
            "upload",
            doc=f"Put the {_label(field)} of one {self._label}, as a form or as the body itself.",
            settings=(f"response_model={self._linked()}", f"max_body_size={rules}.max_body_bytes"),
            extras=tuple(extras),
            problems=(400, 404, 409, *self._stale(), 413, 415, 422, 503, *keyed),
            operation=UPDATE,
            answered=self._tagged(),
        )
        return self._stated("put", asked, f"{replies}.put", self._write_arguments(field))

    def _download(self, field: Field) -> StatedRoute:
        rules, replies = _constants(field)
        answer = self._imports.add("starlette.responses", "Response")
        asked = self._asked(
            field,
            "download",
            doc=f"Fetch the {_label(field)} of one {self._label}, or a range of it.",
            settings=(f"response_class={answer}",),
            extras=(f"{self._support('interface.file_replies', 'content_of')}({rules})",),
            problems=(404, 416, 422, 503),
            operation=READ,
        )
        return self._stated("get", asked, f"{replies}.get", self._read_arguments(field))

    def _link(self, field: Field) -> StatedRoute:
        replies = _constants(field)[1]
        asked = self._asked(
            field,
            "link",
            path="/link",
            doc=f"Read about the {_label(field)} of one {self._label}, with an address of it.",
            settings=(f"response_model={self._linked()}",),
            problems=(404, 422, 503),
            operation=READ,
        )
        return self._stated("get", asked, f"{replies}.link", self._read_arguments(field))

    def _remove(self, field: Field) -> StatedRoute:
        replies = _constants(field)[1]
        asked = self._asked(
            field,
            "remove",
            doc=f"Delete the {_label(field)} of one {self._label}.",
            settings=("status_code=204",),
            extras=self._if_match(),
            problems=(404, 409, *self._stale(), 422, 503),
            operation=UPDATE,
            idempotency=self._idempotency,
        )
        return self._stated("delete", asked, f"{replies}.delete", self._write_arguments(field))

    def _asked(
        self,
        field: Field,
        verb: str,
        *,
        doc: str,
        settings: tuple[str, ...],
        problems: tuple[int, ...],
        operation: str,
        path: str = "",
        extras: tuple[str, ...] = (),
        answered: tuple[str, ...] = (),
        idempotency: bool | None = None,
    ) -> Asked:
        assert field.file is not None
        return Asked(
            function=_function(verb, self._entity, field),
            path=f"{self._key.path}/{field.file.segment}{path}",
            doc=doc,
            settings=settings,
            extras=extras,
            parameters=self._parameters,
            problems=problems,
            answered=answered,
            checks=self._guard if operation == UPDATE else (),
            operation=operation,
            idempotency=idempotency,
            deprecation=field.lifespan.deprecated or self._entity.lifespan.deprecated,
            lifespan=field.lifespan,
        )

    def _stated(self, verb: str, asked: Asked, reply: str, arguments: str) -> StatedRoute:
        return StatedRoute(
            verb=verb,
            route=self._writer.route(asked),
            statements=(
                *(self._expected() if asked.operation == UPDATE else ()),
                f"return await {reply}(request, {arguments})",
            ),
        )

    def _expected(self) -> tuple[str, ...]:
        if not self._entity.etag:
            return ()
        reader = f"handlers.{self._entity.name.snake}_reader"
        return (
            f"expected = await replies.expected_version(request, {reader}, {self._key.expression})",
        )

    def _write_arguments(self, field: Field) -> str:
        expected = ", expected_version=expected" if self._entity.etag else ""
        return f"{self._service(field)}, {self._key.expression}{expected}"

    def _read_arguments(self, field: Field) -> str:
        reader = f"handlers.{self._entity.name.snake}_reader"
        return f"{reader}, {self._service(field)}.storage, {self._key.expression}{self._scope}"

    def _service(self, field: Field) -> str:
        return f"handlers.{file_service_attribute(self._entity, field)}"

    def _linked(self) -> str:
        return self._support("interface.file_replies", "LinkedFileRead")

    def _if_match(self) -> tuple[str, ...]:
        return (self._writer.openapi("IF_MATCH"),) if self._entity.etag else ()

    def _stale(self) -> tuple[int, ...]:
        return (412,) if self._entity.etag else ()

    def _tagged(self) -> tuple[str, ...]:
        if not self._entity.etag:
            return ()
        return (f'{self._writer.openapi("answered")}(200, "ETag")',)

    def _support(self, module: str, name: str) -> str:
        return self._writer.support(module, name)


def _function(verb: str, entity: Entity, field: Field) -> str:
    return f"{verb}_{entity.name.snake}_{field.attribute}"


def _constants(field: Field) -> tuple[str, str]:
    """Return the names of the rules of uploads, and of what makes the answers."""
    name = field.attribute.upper()
    return f"{name}_RULES", f"{name}_REPLIES"


def _label(field: Field) -> str:
    return field.attribute.replace("_", " ")
