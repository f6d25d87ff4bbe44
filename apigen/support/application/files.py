"""Files that belong to aggregates: the port of their storage, and what is done with one of them.

A file is stored under a key of its own before the row names it, and is deleted only once no row
does: a row never names a file that is not there. What is left over when a process dies in between
nobody names, and is swept up later.

Source: requirement 35.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import uuid4

import structlog

from ..core.clock import Clock, utc_now
from ..core.errors import NotFoundError, PreconditionFailedError, ProblemError, SharedModuleError
from ..core.protocols import AsyncRepository, UnitOfWork
from ..core.result import Err, Ok
from ..domain.entity import AggregateRoot
from .access import UPDATE
from .results import ServiceError, ServiceResult
from .use_cases import Access, BaseUseCase, Validator

LINK_PATH = "/files"
"""Where links lead to that the project serves itself."""

_logger = structlog.get_logger("files")


class DescribedFile(Protocol):
    """A file, stored or on its way: what is told of it."""

    @property
    def name(self) -> str:
        """As its sender called it, made harmless."""
        ...

    @property
    def content_type(self) -> str:
        """Media type, without parameters."""
        ...

    @property
    def size(self) -> int:
        """Bytes."""
        ...

    @property
    def sha256(self) -> str:
        """Of the content, in lower-case hexadecimal digits."""
        ...


class FileFacts(DescribedFile, Protocol):
    """What is known of a stored file: the `FileRef` of a context."""

    @property
    def key(self) -> str:
        """What the storage knows it by."""
        ...


class LinkedFacts(FileFacts, Protocol):
    """What a link says of its file."""

    @property
    def expires_at_s(self) -> int:
        """When the link is over, in seconds since 1970."""
        ...


class Incoming(DescribedFile, Protocol):
    """A file on its way in, as far as it has come; what is wrong is raised while it is read."""

    def pieces(self) -> AsyncIterator[bytes]:
        """Yield the content, once.

        Raises:
            ProblemError: It is too large, or not what it is declared to be.
        """
        ...


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that a storage has."""

    key: str
    size: int
    stored_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLink:
    """Where a file may be fetched by anybody, and until when."""

    url: str
    expires_at: datetime


class StorageBackend(Protocol):
    """Keeps contents under keys."""

    async def write(self, key: str, pieces: AsyncIterator[bytes], *, content_type: str) -> None:
        """Store a content as it comes; nothing of it stays when that fails.

        Raises:
            StorageUnavailableError: The storage does not answer, or is full.
        """
        ...

    async def read(
        self, key: str, *, start: int = 0, end: int | None = None
    ) -> AsyncIterator[bytes]:
        """Return the bytes from `start` up to, not including, `end`, as they are read.

        Raises:
            NotFoundError: Nothing is stored under the key.
            StorageUnavailableError: The storage does not answer.
        """
        ...

    async def delete(self, key: str) -> None:
        """Delete what is stored under a key, if anything is."""
        ...

    def stored(self) -> AsyncIterator[Sequence[StoredFile]]:
        """Yield all that is stored, some at a time."""
        ...

    async def link(self, file: FileFacts) -> FileLink:
        """Return where anybody may fetch the file from, for a while."""
        ...

    def opened(self, token: str) -> LinkedFacts | None:
        """Return the file that a link of its own leads to; None when it leads nowhere by now."""
        ...


class FileUploadService[
    WorkT: UnitOfWork,
    EntityT: AggregateRoot[Any],
    IdT,
    FileT: FileFacts,
](BaseUseCase[WorkT, EntityT, IdT, Any, Any]):
    """One file of each aggregate of a kind.

    Changing it is an update of the aggregate, to those who may and in the version that they mean.
    """

    def __init__(
        self,
        *,
        resource: str,
        attribute: str,
        file: Callable[..., FileT],
        unit_of_work: Callable[[], WorkT],
        repository: Callable[[WorkT], AsyncRepository[EntityT, IdT]],
        storage: StorageBackend,
        validators: Sequence[Validator[EntityT]] = (),
        access: Access[WorkT, IdT] | None = None,
        clock: Clock = utc_now,
    ) -> None:
        """Put the parts together.

        Args:
            resource: What messages call the aggregate: `product`.
            attribute: Of the aggregate, that describes the file: `image`.
            file: Makes the description, of the facts by name.
            unit_of_work: Opens a transaction.
            repository: Finds the aggregate's repository in it.
            storage: Has the content.
            validators: What is checked beside the aggregate's own invariants before it is stored.
            access: Who may do what; None lets everybody.
            clock: Dates what is changed.
        """
        super().__init__(
            resource=resource,
            unit_of_work=unit_of_work,
            repository=repository,
            validators=validators,
            access=access,
            clock=clock,
        )
        self._attribute = attribute
        self._file = file
        self.storage = storage

    async def permit(self, id: IdT, *, expected_version: int | None = None) -> ServiceResult[None]:
        """Tell whether an upload can come to anything, before a byte of it is read."""
        try:
            self._require(UPDATE)
            async with self._unit_of_work().deferring() as work:
                await self._found(work, id, expected_version)
        except SharedModuleError as error:
            return Err(self._answer(error, expected_version))
        return Ok(None)

    async def store(self, incoming: Incoming) -> FileT:
        """Store a content that no row names yet.

        Raises:
            ProblemError: It is refused; nothing of it is stored.
            StorageUnavailableError: It can not be stored.
        """
        key = f"{self._resource.replace(' ', '-')}/{self._attribute}/{uuid4().hex}"
        await self.storage.write(key, incoming.pieces(), content_type=incoming.content_type)
        return self._file(
            name=incoming.name,
            content_type=incoming.content_type,
            size=incoming.size,
            sha256=incoming.sha256,
            key=key,
        )

    async def attach(
        self, id: IdT, file: FileT, *, expected_version: int | None = None
    ) -> ServiceResult[EntityT]:
        """Let a stored file be the aggregate's; the one it had is deleted once that is committed.

        What is raised leaves open whether it was committed; an error in the result does not.
        """
        return await self._change(id, file, expected_version)

    async def detach(
        self, id: IdT, *, expected_version: int | None = None
    ) -> ServiceResult[EntityT]:
        """Take the file from the aggregate, and delete it once that is committed."""
        return await self._change(id, None, expected_version)

    async def discard(self, file: FileFacts) -> None:
        """Delete a file that no row names; when that fails, it is left to be swept up."""
        try:
            await self.storage.delete(file.key)
        except SharedModuleError as error:
            _logger.warning("file_not_deleted", key=file.key, error=error.message)

    async def release(self, entities: Sequence[EntityT]) -> None:
        """Delete the files of aggregates whose rows are gone."""
        for entity in entities:
            file: FileFacts | None = getattr(entity, self._attribute)
            if file is not None:
                await self.discard(file)

    async def _change(
        self, id: IdT, file: FileT | None, expected_version: int | None
    ) -> ServiceResult[EntityT]:
        try:
            self._require(UPDATE)
            async with self._unit_of_work().deferring() as work:
                entity = await self._found(work, id, expected_version)
                former: FileFacts | None = getattr(entity, self._attribute)
                if file is None and former is None:
                    raise ProblemError(
                        "no_file", 404, f"This {self._resource} has no {self._attribute}."
                    )
                setattr(entity, self._attribute, file)
                entity.mark_updated(self._clock())
                await self._validate(entity)
                await self._repository(work).save(entity)
                if self._access is not None:
                    await self._access.after(UPDATE, work, [id])
                await work.commit()
        except SharedModuleError as error:
            return Err(self._answer(error, expected_version))
        if former is not None:
            await self.discard(former)
        return Ok(entity)

    async def _found(self, work: WorkT, id: IdT, expected_version: int | None) -> EntityT:
        entity = await self._repository(work).get(id)
        if entity is None:
            raise NotFoundError(self._resource, id)
        if self._access is not None:
            await self._access.before(UPDATE, work, [id])
        self._require_version(entity, expected_version)
        return entity

    def _answer(self, error: SharedModuleError, expected_version: int | None) -> ServiceError:
        """Return the answer to an error; a caller who expected no version is told of no version."""
        if isinstance(error, PreconditionFailedError) and expected_version is None:
            error = self._lost_race()
        return ServiceError.of(error)
