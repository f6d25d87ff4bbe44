"""What the operations of one resource answer, from the results of the application.

Routes call the application and hand its result over; status, headers and body are decided here,
the same for every resource. Bodies are bytes already, or become bytes once: no response model is
built on the way out.

Source: requirements 3, 7, 84.1.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Any, Literal
from urllib.parse import quote

import structlog
from pydantic import Field, TypeAdapter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Receive, Send
from starlette.types import Scope as AsgiScope

from ..application.dtos import ApiResponse, Dto
from ..application.mapper import GenericMapper
from ..application.queries import Representation, ResourceQuery, ResourceReader, Scope
from ..application.query_parsing import (
    parse_count_query,
    parse_expand,
    parse_export_query,
    parse_list_query,
)
from ..application.results import ServiceResult
from ..core.errors import FieldError, NotFoundError
from ..core.result import Err
from ..domain.entity import AggregateRoot
from .etag import FORM, etag, expected_version, is_not_modified, known_version
from .keys import segments
from .problems import invalid, not_found, problem, service_problem
from .public_path import public_path

_JSON = "application/json"
_TAKEN_WITHIN_S = 60.0
"""A client takes a piece of an answer in this time, or does without the rest."""

_logger = structlog.get_logger("exports")

type ExportFormat = Literal["csv", "json"]

_MEDIA_TYPES: Mapping[ExportFormat, str] = {"csv": "text/csv; charset=utf-8", "json": _JSON}


class Count(Dto):
    """How many there are."""

    count: int


class Exists(Dto):
    """Whether there is one."""

    exists: bool


class Move(Dto):
    """One move of a lifecycle."""

    from_state: str | None = Field(description="None for the state that it began in.")
    to_state: str
    actor_id: str | None = Field(description="Who moved it; None where nobody was asked.")
    occurred_at: datetime


class ReadReplies:
    """The answers to reading one resource."""

    def __init__(
        self,
        *,
        query: ResourceQuery,
        has_etag: bool = False,
        language: Callable[[], str] | None = None,
    ) -> None:
        """Answer about a resource.

        Args:
            query: What its lists may ask for.
            has_etag: Whether answers have a tag.
            language: Tells what the running request is answered in; None where texts are in one
                language.
        """
        self._query = query
        self._has_etag = has_etag
        self._language = language

    async def one[IdT](
        self, request: Request, reader: ResourceReader[IdT], id: IdT, *, scope: Scope | None = None
    ) -> Response:
        """Answer with the resource, 304 when the client has this version, or 404."""
        asked = parse_expand(self._query, request.query_params.multi_items())
        if isinstance(asked, Err):
            return invalid(request, asked.error)
        # A tag tells the version of the resource alone, not of what is embedded in it.
        has_etag = self._has_etag and not asked.value
        found = await reader.one(
            id,
            expand=asked.value,
            scope=scope,
            hidden=self._query.hidden,
            known=known_version(request, self._form(request)) if has_etag else None,
        )
        if found is None:
            return not_found(request, self._query.resource, segments(id))
        headers = _of_sharing(found)
        if has_etag and found.version is not None:
            form = self._form(request)
            headers["ETag"] = etag(found.version, form)
            if is_not_modified(request, found.version, form):
                return Response(status_code=304, headers=headers)
        return Response(found.body, headers=headers, media_type=_JSON)

    def _form(self, request: Request) -> str:
        """Return what tells an answer from others that its address has for the same version."""
        form: str = request.scope["state"].get(FORM, "")
        if self._language is None:
            return form
        return f"{form}.{self._language()}" if form else self._language()

    async def page[IdT](
        self, request: Request, reader: ResourceReader[IdT], *, scope: Scope | None = None
    ) -> Response:
        """Answer with the part of the list that the query asks for."""
        asked = parse_list_query(self._query, request.query_params.multi_items(), scope=scope)
        if isinstance(asked, Err):
            return invalid(request, asked.error)
        found = await reader.page(asked.value)
        return Response(found.body, headers=_of_sharing(found), media_type=_JSON)

    async def count[IdT](
        self, request: Request, reader: ResourceReader[IdT], *, scope: Scope | None = None
    ) -> Response:
        """Answer with the number of resources that match."""
        asked = parse_count_query(self._query, request.query_params.multi_items(), scope=scope)
        if isinstance(asked, Err):
            return invalid(request, asked.error)
        counted = Count(count=await reader.count(asked.value))
        return Response(counted.to_json(), media_type=_JSON)

    async def export[IdT](
        self,
        request: Request,
        reader: ResourceReader[IdT],
        formats: tuple[ExportFormat, ...],
        *,
        scope: Scope | None = None,
    ) -> Response:
        """Answer with all resources that match, as a file that is sent while it is read."""
        asked = parse_export_query(self._query, request.query_params.multi_items(), scope=scope)
        if isinstance(asked, Err):
            return invalid(request, asked.error)
        wanted = request.query_params.get("format", formats[0])
        form = next((form for form in formats if form == wanted), None)
        if form is None:
            message = f"must be one of {', '.join(formats)}"
            return invalid(request, [FieldError("format", message, "format")])
        name = self._query.resource.replace(" ", "_")
        pieces = reader.export(asked.value, format=form)
        # Before the response begins, so that what goes wrong here is still answered properly.
        first = await anext(pieces)
        return _Streamed(
            _all(first, pieces),
            headers={"Content-Disposition": f'attachment; filename="{name}.{form}"'},
            media_type=_MEDIA_TYPES[form],
        )

    async def history[IdT](
        self, request: Request, reader: ResourceReader[IdT], id: IdT, *, scope: Scope | None = None
    ) -> Response:
        """Answer with the moves and changes of the resource, or 404."""
        found = await reader.history(id, scope=scope, hidden=self._query.hidden)
        if found is None:
            return not_found(request, self._query.resource, segments(id))
        return Response(found, media_type=_JSON)

    async def expected_version[IdT](
        self, request: Request, reader: ResourceReader[IdT], id: IdT
    ) -> int | None:
        """Return the version that If-Match asks for, or None when any will do.

        Raises:
            PreconditionFailedError: It can not be the stored one.
        """
        return await expected_version(request, self._query.resource, lambda: reader.version(id))

    async def require[IdT](
        self,
        reader: ResourceReader[IdT],
        ids: Sequence[IdT],
        *,
        scope: Scope,
        include_deleted: bool = False,
    ) -> None:
        """Make sure that the resources are under the parent that the path names.

        Raises:
            NotFoundError: One of them is not.
        """
        id = await reader.missing(ids, scope=scope, include_deleted=include_deleted)
        if id is not None:
            raise NotFoundError(self._query.resource, segments(id))


class Replies[EntityT: AggregateRoot[Any], ReadT: Dto](ReadReplies):
    """The answers of one resource."""

    def __init__(
        self,
        *,
        read: GenericMapper[EntityT, ReadT],
        query: ResourceQuery,
        has_etag: bool,
        language: Callable[[], str] | None = None,
    ) -> None:
        """Answer with what `read` makes of an aggregate; the rest as above."""
        super().__init__(query=query, has_etag=has_etag, language=language)
        self._read = read

    def created(
        self,
        request: Request,
        result: ServiceResult[EntityT],
        *,
        status: int = 201,
        levels: int = 0,
    ) -> Response:
        """Answer with the new resource and where it is.

        Args:
            request: The request.
            result: What was made.
            status: Of the answer.
            levels: How many segments the request's path has below that of the collection.
        """
        if isinstance(result, Err):
            return service_problem(request, result.error)
        entity = result.value
        collection = "/".join(public_path(request).split("/")[: -levels or None])
        location = f"{quote(collection)}/{segments(entity.id)}"
        return self._response(request, entity, status, {"Location": location})

    def changed(
        self, request: Request, result: ServiceResult[EntityT], *, status: int = 200
    ) -> Response:
        """Answer with the resource as it is after the change."""
        if isinstance(result, Err):
            return service_problem(request, result.error)
        return self._response(request, result.value, status, {})

    def deleted(self, request: Request, result: ServiceResult[Any]) -> Response:
        """Answer 204."""
        return done(request, result)

    def many(
        self, request: Request, result: ServiceResult[Sequence[EntityT]], *, status: int = 200
    ) -> Response:
        """Answer a bulk operation with its resources, in the order of the request."""
        if isinstance(result, Err):
            return service_problem(request, result.error)
        return _enveloped(request, status, self._read.to_dto_list(result.value))

    def many_deleted(self, request: Request, result: ServiceResult[Sequence[EntityT]]) -> Response:
        """Answer a bulk deletion with the identifiers of what is gone."""
        if isinstance(result, Err):
            return service_problem(request, result.error)
        return _enveloped(request, 200, [entity.id for entity in result.value])

    def _response(
        self, request: Request, entity: EntityT, status: int, headers: dict[str, str]
    ) -> Response:
        if self._has_etag:
            headers["ETag"] = etag(entity.version, self._form(request))
        return Response(
            self._read.to_dto(entity).to_json(),
            status_code=status,
            headers=headers,
            media_type=_JSON,
        )


def done(request: Request, result: ServiceResult[Any], *, status: int = 204) -> Response:
    """Answer with nothing but that it is done."""
    if isinstance(result, Err):
        return service_problem(request, result.error)
    return Response(status_code=status)


def document(request: Request, result: ServiceResult[bytes]) -> Response:
    """Answer with JSON that is made already."""
    if isinstance(result, Err):
        return service_problem(request, result.error)
    return Response(result.value, media_type=_JSON)


def first_document(
    request: Request, result: ServiceResult[bytes | None], resource: str
) -> Response:
    """Answer with JSON that is made already, or 404 when nothing was found."""
    if isinstance(result, Err):
        return service_problem(request, result.error)
    if result.value is None:
        return problem(request, 404, code="not_found", detail=f"There is no such {resource}.")
    return Response(result.value, media_type=_JSON)


def counted(request: Request, result: ServiceResult[int]) -> Response:
    """Answer with a number of resources."""
    if isinstance(result, Err):
        return service_problem(request, result.error)
    return Response(Count(count=result.value).to_json(), media_type=_JSON)


def existing(request: Request, result: ServiceResult[bool]) -> Response:
    """Answer whether there is a resource."""
    if isinstance(result, Err):
        return service_problem(request, result.error)
    return Response(Exists(exists=result.value).to_json(), media_type=_JSON)


def returned[ValueT](
    request: Request,
    result: ServiceResult[Any],
    shape: TypeAdapter[ValueT],
    *,
    status: int = 200,
) -> Response:
    """Answer with a value that is no resource, in the shape that clients know."""
    if isinstance(result, Err):
        return service_problem(request, result.error)
    # Aliases are for clients; what is shown has the names of the domain.
    shown = shape.validate_python(
        result.value, strict=False, from_attributes=True, by_alias=False, by_name=True
    )
    return Response(shape.dump_json(shown, by_alias=True), status_code=status, media_type=_JSON)


def _of_sharing(found: Representation) -> dict[str, str]:
    """Return what clients are told of an answer that is kept: it is asked for again each time.

    It is kept here, where every change drops it; a copy elsewhere would not know of them.
    """
    sharing = found.sharing
    if sharing is None:
        return {}
    told = {"Cache-Control": f"{'public' if sharing.is_public else 'private'}, no-cache"}
    if sharing.age_s is not None:
        told["Age"] = str(int(sharing.age_s))
    return told


class _Streamed(StreamingResponse):
    """An answer in pieces; with it ends what makes them, even when nobody waits for the rest."""

    def __init__(
        self, pieces: AsyncGenerator[bytes, None], *, headers: Mapping[str, str], media_type: str
    ) -> None:
        super().__init__(pieces, headers=headers, media_type=media_type)
        self._pieces = pieces

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        async def send_in_time(message: Message) -> None:
            try:
                async with asyncio.timeout(_TAKEN_WITHIN_S):
                    await send(message)
            except TimeoutError as error:
                raise _NotTakenError from error

        # Left to the garbage collector, it would have its connection until then.
        async with aclosing(self._pieces):
            try:
                await super().__call__(scope, receive, send_in_time)
            except _NotTakenError:
                # The server closes a connection whose answer has no end.
                _logger.warning("export_not_taken", path=scope["path"], within_s=_TAKEN_WITHIN_S)


class _NotTakenError(Exception):
    """The client does not read, and does not leave either."""


async def _all(first: bytes, pieces: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(pieces):
        yield first
        async for piece in pieces:
            yield piece


# Any: read DTOs or identifiers, of any resource.
def _enveloped(request: Request, status: int, data: list[Any]) -> Response:
    envelope = ApiResponse[list[Any]](
        message=f"{len(data)} processed",
        status_code=status,
        request_id=request.state.request_id,
        data=data,
    )
    return Response(envelope.to_json(), status_code=status, media_type=_JSON)
