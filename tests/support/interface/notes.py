"""A small project in memory, put together as a generated one is: one resource, all operations."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Annotated, Literal, NewType, Self
from uuid import UUID

from fastapi import Depends, Path
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from apigen.support.application.dtos import ApiResponse, Dto, PaginatedResponse
from apigen.support.application.fields import Text
from apigen.support.application.filter_types import TEXT
from apigen.support.application.mapper import GenericMapper
from apigen.support.application.queries import (
    Hidden,
    ListQuery,
    QueryField,
    Representation,
    ResourceQuery,
    ResourceReader,
    Scope,
)
from apigen.support.application.queries import (
    Path as WirePath,
)
from apigen.support.application.service import GenericService
from apigen.support.core.errors import ConflictError, SharedModuleError
from apigen.support.core.identifiers import uuid7
from apigen.support.core.json import dumps
from apigen.support.core.protocols import Criterion, QueryOptions
from apigen.support.domain.constraints import check_length
from apigen.support.domain.entity import AggregateRoot
from apigen.support.domain.specification import Operator
from apigen.support.interface.api import Api
from apigen.support.interface.authentication import Authenticate
from apigen.support.interface.bulk import BULK, BulkChange, BulkIds
from apigen.support.interface.cors import CrossOrigins
from apigen.support.interface.keys import require_usable
from apigen.support.interface.openapi import (
    IF_MATCH,
    answered,
    parameters_of_count,
    parameters_of_export,
    parameters_of_list,
    parameters_of_one,
)
from apigen.support.interface.problems import problems
from apigen.support.interface.replies import Count, Replies
from apigen.support.interface.request_context import AnswerFilter
from apigen.support.interface.routing import ResourceRouter

NoteId = NewType("NoteId", UUID)


@dataclass(kw_only=True, eq=False)
class Note(AggregateRoot[NoteId]):
    """Something worth keeping."""

    id: NoteId = field(default_factory=lambda: NoteId(uuid7()))
    text: str

    def check_invariants(self) -> None:
        check_length("text", self.text, maximum=20)


class NoteCreate(Dto):
    """What a client sends."""

    text: Annotated[str, Text(minimum=1, maximum=50)]


class NoteRead(Dto):
    """What a client gets."""

    id: NoteId
    text: str
    version: int


NOTES = ResourceQuery(
    resource="note",
    fields=(QueryField(path=("text",), type=TEXT, ops=(Operator.EQ, Operator.IN), sortable=True),),
    search=True,
    expand=(("author",),),
)
NOTE_READ = GenericMapper(source=Note, target=NoteRead)


@dataclass
class Shelf:
    """What is stored: repository, unit of work and reader at once."""

    notes: dict[NoteId, Note] = field(default_factory=dict)
    trouble: SharedModuleError | None = None
    """What there is with the database, if there is something."""
    is_broken: bool = False

    def deferring(self, *, reads_others: bool = False) -> Self:
        return self

    async def __aenter__(self) -> Self:
        if self.trouble is not None:
            raise self.trouble
        if self.is_broken:
            raise RuntimeError("postgresql://admin:hunter2@db is on fire")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Nothing is undone: a test looks at answers."""

    async def commit(self) -> None:
        """Everything is stored at once."""

    async def rollback(self) -> None:
        """Nothing is undone."""

    async def once(self, consumer: str, key: str) -> bool:
        return True

    def savepoint(self) -> AbstractAsyncContextManager[None]:
        @asynccontextmanager
        async def nothing() -> AsyncIterator[None]:
            yield

        return nothing()

    async def add(self, entity: Note) -> None:
        if any(note.text == entity.text for note in self.notes.values()):
            raise ConflictError("note", fields=("text",))
        self.notes[entity.id] = entity

    async def add_many(self, entities: Sequence[Note]) -> None:
        for entity in entities:
            await self.add(entity)

    async def get(
        self, id: NoteId, *, include_deleted: bool = False, lock: bool = False
    ) -> Note | None:
        return self.notes.get(id)

    async def get_many(self, ids: Iterable[NoteId]) -> list[Note]:
        return [self.notes[id] for id in ids if id in self.notes]

    async def save(self, entity: Note) -> None:
        entity.version += 1

    async def save_many(self, entities: Sequence[Note]) -> None:
        for entity in entities:
            await self.save(entity)

    async def remove(self, entity: Note) -> None:
        del self.notes[entity.id]

    async def remove_many(self, entities: Sequence[Note]) -> None:
        for entity in entities:
            await self.remove(entity)

    async def find(self, options: QueryOptions[Note]) -> Sequence[Note]:
        return list(self.notes.values())

    async def count(self, where: Criterion[Note] | None = None) -> int:
        return len(self.notes)


@dataclass
class ShelfReader:
    """The read side of a shelf; remembers what it was asked for."""

    shelf: Shelf
    asked: list[object] = field(default_factory=list)

    async def page(self, query: ListQuery) -> Representation:
        self.asked.append(query)
        items = [NOTE_READ.to_dto(note) for note in self.shelf.notes.values()]
        page = PaginatedResponse[NoteRead](items=items, total=len(items), page=1, size=query.size)
        return Representation(body=page.to_json())

    async def one(
        self,
        id: NoteId,
        *,
        expand: tuple[WirePath, ...] = (),
        scope: Scope | None = None,
        hidden: Hidden = (),
        known: int | None = None,
    ) -> Representation | None:
        self.asked.append((id, expand, scope, hidden))
        note = self.shelf.notes.get(id)
        if note is None:
            return None
        if note.version == known:
            return Representation(body=b"", version=known)
        return Representation(body=NOTE_READ.to_dto(note).to_json(), version=note.version)

    async def missing(
        self,
        ids: Sequence[NoteId],
        *,
        scope: Scope | None = None,
        include_deleted: bool = False,
    ) -> NoteId | None:
        return next((id for id in ids if id not in self.shelf.notes), None)

    async def version(self, id: NoteId) -> int | None:
        note = self.shelf.notes.get(id)
        return None if note is None else note.version

    async def history(
        self, id: NoteId, *, scope: Scope | None = None, hidden: Hidden = ()
    ) -> bytes | None:
        return None

    async def count(self, query: ListQuery) -> int:
        return len(self.shelf.notes)

    async def export(
        self, query: ListQuery, *, format: Literal["csv", "json"]
    ) -> AsyncGenerator[bytes, None]:
        self.asked.append(query)
        if self.shelf.trouble is not None:
            raise self.shelf.trouble
        if format == "json":
            yield dumps([note.text for note in self.shelf.notes.values()])
            return
        yield b"text\r\n"
        for note in self.shelf.notes.values():
            yield f"{note.text}\r\n".encode()


@dataclass(frozen=True, kw_only=True)
class NoteHandlers:
    """What routes may call."""

    notes: GenericService[Shelf, Note, NoteId, NoteCreate, NoteCreate]
    note_reader: ResourceReader[NoteId]


async def note_handlers(request: Request) -> NoteHandlers:
    handlers: NoteHandlers = request.app.state.note_handlers
    return handlers


Handlers = Annotated[NoteHandlers, Depends(note_handlers)]
router = ResourceRouter(prefix="/notes", tags=["Notes"])
replies = Replies(read=NOTE_READ, query=NOTES, has_etag=True)


@router.get(
    "",
    response_model=PaginatedResponse[NoteRead],
    openapi_extra=parameters_of_list(NOTES),
    operation_id="list_notes",
    responses=problems(422),
)
async def list_notes(request: Request, handlers: Handlers) -> Response:
    """List notes."""
    return await replies.page(request, handlers.note_reader)


@router.post(
    "",
    status_code=201,
    response_model=NoteRead,
    operation_id="create_note",
    responses=answered(201, "Location", "ETag") | problems(409, 413, 415, 422),
)
async def create_note(request: Request, data: NoteCreate, handlers: Handlers) -> Response:
    """Create one note."""
    require_usable("text", data.text, ("bulk",))
    return replies.created(request, await handlers.notes.create(data))


@router.get(
    "/count",
    response_model=Count,
    openapi_extra=parameters_of_count(NOTES),
    operation_id="count_notes",
    responses=problems(422),
)
async def count_notes(request: Request, handlers: Handlers) -> Response:
    """Count notes."""
    return await replies.count(request, handlers.note_reader)


@router.get(
    "/export",
    response_class=StreamingResponse,
    openapi_extra=parameters_of_export(NOTES, "csv", "json"),
    operation_id="export_notes",
    responses=problems(422),
)
async def export_notes(request: Request, handlers: Handlers) -> Response:
    """Export notes as a file."""
    return await replies.export(request, handlers.note_reader, ("csv", "json"))


@router.post(
    "/bulk",
    status_code=201,
    response_model=ApiResponse[list[NoteRead]],
    operation_id="bulk_create_notes",
    responses=problems(404, 409, 413, 415, 422),
    max_body_size=300,
)
async def bulk_create_notes(
    request: Request, data: Annotated[list[NoteCreate], BULK], handlers: Handlers
) -> Response:
    """Create several notes, all or none."""
    return replies.many(request, await handlers.notes.create_many(data), status=201)


@router.patch(
    "/bulk",
    response_model=ApiResponse[list[NoteRead]],
    operation_id="bulk_update_notes",
    responses=problems(404, 409, 413, 415, 422),
)
async def bulk_update_notes(
    request: Request,
    data: Annotated[list[BulkChange[NoteId, NoteCreate]], BULK],
    handlers: Handlers,
) -> Response:
    """Change several notes, all or none."""
    changes = [(item.id, item.changes) for item in data]
    return replies.many(request, await handlers.notes.update_many(changes))


@router.post(
    "/bulk-delete",
    response_model=ApiResponse[list[NoteId]],
    operation_id="bulk_delete_notes",
    responses=problems(404, 409, 413, 415, 422),
)
async def bulk_delete_notes(
    request: Request, data: BulkIds[NoteId], handlers: Handlers
) -> Response:
    """Delete several notes, all or none."""
    return replies.many_deleted(request, await handlers.notes.delete_many(data.ids))


@router.get(
    "/{note_id}",
    response_model=NoteRead,
    openapi_extra=parameters_of_one(NOTES, has_etag=True),
    operation_id="get_note",
    responses=answered(200, "ETag") | answered(304, "ETag") | problems(404, 422),
)
async def get_note(request: Request, note_id: NoteId, handlers: Handlers) -> Response:
    """Read one note."""
    return await replies.one(request, handlers.note_reader, note_id)


@router.patch(
    "/{note_id}",
    response_model=NoteRead,
    openapi_extra=IF_MATCH,
    operation_id="update_note",
    responses=answered(200, "ETag") | problems(404, 409, 412, 413, 415, 422),
)
async def update_note(
    request: Request, note_id: NoteId, data: NoteCreate, handlers: Handlers
) -> Response:
    """Change what is sent of one note."""
    expected = await replies.expected_version(request, handlers.note_reader, note_id)
    return replies.changed(
        request, await handlers.notes.update(note_id, data, expected_version=expected)
    )


@router.delete(
    "/{note_id}",
    status_code=204,
    openapi_extra=IF_MATCH,
    operation_id="delete_note",
    responses=problems(404, 409, 412, 422),
)
async def delete_note(request: Request, note_id: NoteId, handlers: Handlers) -> Response:
    """Delete one note."""
    await replies.require(handlers.note_reader, [note_id], scope={})
    expected = await replies.expected_version(request, handlers.note_reader, note_id)
    return replies.deleted(request, await handlers.notes.delete(note_id, expected_version=expected))


numbered = ResourceRouter(prefix="/shelves/{shelf}/numbers", tags=["Numbers"])


@numbered.get("/{number}", operation_id="get_number", responses=problems(404, 422))
async def get_number(
    shelf: str, number: Annotated[int, Path(ge=-(2**31), le=2**31 - 1)]
) -> dict[str, object]:
    """Return plain values."""
    return {"shelf": shelf, "number": number}


def note_app(
    shelf: Shelf,
    *,
    reader: ShelfReader | None = None,
    title: str = "Notes",
    cors: CrossOrigins | None = None,
    readers: tuple[str, ...] = ("swagger", "redoc"),
    on_close: Callable[[], None] = lambda: None,
    access_sample: float = 1.0,
    authenticate: Authenticate | None = None,
    routers: Sequence[ResourceRouter] = (),
    compression: AnswerFilter | None = None,
) -> Api:
    """Make the application, as a generated `main.py` does."""

    async def close() -> None:
        on_close()

    app = Api(
        title=title,
        version="1.2.3",
        description="Keeps *notes*.",
        tags=[{"name": "Notes", "description": "Short ones."}],
        contact={"name": "Me", "email": "me@example.com"},
        license_name="MIT",
        max_body_bytes=500,
        readers=readers,
        health_checks={},
        close=close,
        access_log=True,
        access_sample=access_sample,
        cors=cors,
        authenticate=authenticate,
        compression=compression,
    )

    def change(note: Note, data: NoteCreate) -> None:
        note.text = data.text

    app.state.note_handlers = NoteHandlers(
        notes=GenericService(
            resource="note",
            unit_of_work=lambda: shelf,
            repository=lambda work: work,
            build=lambda data: Note(text=data.text),
            change=change,
        ),
        note_reader=reader or ShelfReader(shelf),
    )
    for one in (router, numbered, *routers):
        app.include_router(one, prefix="/api/v1")
    return app
