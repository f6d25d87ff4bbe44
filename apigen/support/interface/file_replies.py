"""What the routes of a file answer: put, get, link and delete, the same for every field.

Source: requirement 35.
"""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..application.dtos import Dto
from ..application.files import LINK_PATH, FileFacts, FileUploadService, StorageBackend
from ..application.queries import ResourceQuery, ResourceReader, Scope
from ..application.results import ServiceResult
from ..core.clock import Clock, utc_now
from ..core.json import loads
from ..core.result import Err
from .downloads import file_response
from .etag import etag
from .keys import segments
from .openapi import Extra
from .problems import not_found, problem, service_problem
from .replies import done
from .uploads import UploadRules, received

_JSON = "application/json"
_KEPT = "private, no-cache, no-transform"
"""By whoever may read it, and asked for again; its ranges and its tag are of these very bytes."""


class LinkedFileRead(Dto):
    """A stored file, and where anybody may fetch it for a while."""

    name: str
    content_type: str
    size: int = Field(description="Bytes.")
    sha256: str
    url: str = Field(
        description="Of the file; relative to the server unless its storage is another."
    )
    expires_at: datetime = Field(description="When the address is over.")


class Once(Protocol):
    """Carries a request out, or answers it as it was answered before: `carried_out_once`."""

    async def __call__(
        self, request: Request, carry_out: Callable[[], Awaitable[Response]], /, *, fingerprint: str
    ) -> Response:
        """Answer the request; `fingerprint` is a hash of what was sent."""
        ...


# Any in its methods: what a file belongs to makes no difference here.
class FileReplies:
    """The answers of one field."""

    def __init__(
        self,
        *,
        field: str,
        read: type[Dto],
        query: ResourceQuery,
        rules: UploadRules,
        has_etag: bool,
        once: Once | None = None,
    ) -> None:
        """Answer about a field.

        Args:
            field: Its name in documents.
            read: What describes a file there.
            query: Of the resource.
            rules: What may be uploaded.
            has_etag: Whether answers name the version of the resource.
            once: Honours `Idempotency-Key`; None where keys mean nothing.
        """
        self._field = field
        self._read = read
        self._query = query
        self._rules = rules
        self._has_etag = has_etag
        self._once = once

    async def put[IdT](
        self,
        request: Request,
        files: FileUploadService[Any, Any, IdT, Any],
        id: IdT,
        *,
        expected_version: int | None = None,
    ) -> Response:
        """Store what is sent while it comes, let the resource have it, and say where it is."""
        # A request that is sent again means the version that was there the first time.
        is_keyed = self._once is not None and "idempotency-key" in request.headers
        allowed = await files.permit(id, expected_version=None if is_keyed else expected_version)
        if isinstance(allowed, Err):
            return service_problem(request, allowed.error)
        file = await files.store(await received(request, self._rules, field=self._field))
        is_named: bool | None = False

        async def attach() -> Response:
            nonlocal is_named
            # Until there is a result, the row may name it or not.
            is_named = None
            result = await files.attach(id, file, expected_version=expected_version)
            is_named = not isinstance(result, Err)
            return await self._attached(request, files.storage, file, result)

        try:
            if self._once is None:
                return await attach()
            return await self._once(request, attach, fingerprint=_fingerprint(file))
        finally:
            if is_named is False:
                await files.discard(file)

    async def get[IdT](
        self,
        request: Request,
        reader: ResourceReader[IdT],
        storage: StorageBackend,
        id: IdT,
        *,
        scope: Scope | None = None,
    ) -> Response:
        """Answer with the content."""
        file = await self._file(request, reader, id, scope)
        if isinstance(file, Response):
            return file
        # What one caller may see another may not, and what is there may be another file soon.
        return await file_response(request, storage, file, cache_control=_KEPT)

    async def link[IdT](
        self,
        request: Request,
        reader: ResourceReader[IdT],
        storage: StorageBackend,
        id: IdT,
        *,
        scope: Scope | None = None,
    ) -> Response:
        """Answer with what the file is, and an address of it for a while."""
        file = await self._file(request, reader, id, scope)
        if isinstance(file, Response):
            return file
        return await self._linked(request, storage, file, {"Cache-Control": "no-store"})

    async def delete[IdT](
        self,
        request: Request,
        files: FileUploadService[Any, Any, IdT, Any],
        id: IdT,
        *,
        expected_version: int | None = None,
    ) -> Response:
        """Answer 204 once the resource has no file."""
        return done(request, await files.detach(id, expected_version=expected_version))

    async def _attached(
        self,
        request: Request,
        storage: StorageBackend,
        file: FileFacts,
        result: ServiceResult[Any],
    ) -> Response:
        if isinstance(result, Err):
            return service_problem(request, result.error)
        headers = {"ETag": etag(result.value.version)} if self._has_etag else {}
        return await self._linked(request, storage, file, headers)

    async def _linked(
        self,
        request: Request,
        storage: StorageBackend,
        file: FileFacts,
        headers: dict[str, str],
    ) -> Response:
        link = await storage.link(file)
        root = request.scope.get("root_path", "") if link.url.startswith("/") else ""
        body = LinkedFileRead(
            name=file.name,
            content_type=file.content_type,
            size=file.size,
            sha256=file.sha256,
            url=f"{root}{link.url}",
            expires_at=link.expires_at,
        )
        return Response(body.to_json(), headers=headers, media_type=_JSON)

    # Any: the description is of a class of the project's, with the attributes of `FileFacts`.
    async def _file[IdT](
        self, request: Request, reader: ResourceReader[IdT], id: IdT, scope: Scope | None
    ) -> Any:
        """Return what the resource says of its file, or the answer when it says nothing."""
        resource = self._query.resource
        found = await reader.one(id, scope=scope, hidden=self._query.hidden)
        if found is None:
            return not_found(request, resource, segments(id))
        document = loads(found.body)
        described = document.get(self._field) if isinstance(document, dict) else None
        if described is None:
            detail = f"This {resource} has no {self._field}."
            return problem(request, 404, code="no_file", detail=detail)
        return self._read.model_validate(described)


def file_routes(storage: StorageBackend, *, clock: Clock = utc_now) -> list[Route]:
    """Return the route of the links that the project serves itself."""

    async def fetch(request: Request) -> Response:
        """Answer with the file that a link leads to."""
        file = storage.opened(request.query_params.get("token", ""))
        if file is None:
            return problem(
                request, 404, code="link_over", detail="This link leads nowhere, or is over."
            )
        left = max(0, file.expires_at_s - int(clock().timestamp()))
        return await file_response(
            request, storage, file, cache_control=f"private, max-age={left}, no-transform"
        )

    return [Route(LINK_PATH, fetch, methods=["GET"], include_in_schema=False)]


def upload(rules: UploadRules) -> Extra:
    """Declare the body of an upload: a form with one file, or the file itself."""
    part: Extra = {"type": "string", "contentMediaType": "application/octet-stream"}
    if rules.types:
        part["contentMediaType"] = ", ".join(rules.types)
    form: Extra = {"schema": {"type": "object", "properties": {"file": part}, "required": ["file"]}}
    whole: Extra = {"schema": {"type": "string", "contentEncoding": "binary"}}
    content = {"multipart/form-data": form}
    content |= dict.fromkeys(rules.types or ("*/*",), whole)
    description = f"The file; {rules.max_bytes} bytes at most."
    return {"requestBody": {"required": True, "description": description, "content": content}}


def content_of(rules: UploadRules) -> Extra:
    """Declare the answers of a download."""
    kinds = rules.types or ("*/*",)
    content = {kind: {"schema": {"type": "string", "contentEncoding": "binary"}} for kind in kinds}
    tag = {"ETag": {"description": "Hash of the file.", "schema": {"type": "string"}}}
    names = ("Range", "If-Range", "If-None-Match")
    return {
        "parameters": [
            {"name": name, "in": "header", "required": False, "schema": {"type": "string"}}
            for name in names
        ],
        "responses": {
            "200": {"description": "The file", "content": content, "headers": tag},
            "206": {"description": "The range of it that was asked for", "content": content},
            "304": {"description": "The client has this file"},
        },
    }


def _fingerprint(file: FileFacts) -> str:
    said = "\0".join((file.sha256, file.content_type, file.name))
    return hashlib.sha256(said.encode()).hexdigest()
