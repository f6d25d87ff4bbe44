"""Files in an object store: a folder, S3, Azure Blob Storage, or memory.

One implementation for all of them, on obstore: contents are streamed both ways, in pieces of a few
megabytes at most, whatever their size. What fails on the way in leaves nothing behind.

Source: requirement 35.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import obstore
from obstore.exceptions import BaseError
from obstore.store import AzureStore, LocalStore, MemoryStore, ObjectStore, S3Store

from ..application.files import FileFacts, FileLink, StoredFile
from ..core.clock import Clock, utc_now
from ..core.errors import (
    ConfigurationError,
    NotFoundError,
    SharedModuleError,
    StorageUnavailableError,
)
from ..core.file_settings import FileSettings
from .file_links import LinkedFile, SignedLinks, secret_in

_PART_BYTES = 5 * 1024 * 1024
"""The least that S3 takes as a part of a larger content."""
_READ_BYTES = 256 * 1024
_LETTING_GO_S = 0.1
_HIDDEN = "."
"""What does not begin with a folder's name is no file of ours."""


class ObjectStorage:
    """A `StorageBackend`."""

    def __init__(
        self,
        store: ObjectStore,
        *,
        link_ttl: timedelta,
        links: SignedLinks | None = None,
        clock: Clock = utc_now,
    ) -> None:
        """Keep contents in `store`.

        Args:
            store: Of obstore.
            link_ttl: How long a link is good.
            links: Signs links that the project serves itself; None: the store signs.
            clock: Tells when a link is over.
        """
        self._store = store
        self._link_ttl = link_ttl
        self._links = links
        self._clock = clock
        self._takes_attributes = not isinstance(store, LocalStore)

    async def write(self, key: str, pieces: AsyncIterator[bytes], *, content_type: str) -> None:
        """Store a content as it comes; an upload in parts is given up when one fails."""
        source = _Source(pieces)
        # Two parts at a time: what is held is 10 MB at most, and not the file.
        with _available(source):
            await obstore.put_async(
                self._store,
                key,
                source,
                attributes={"Content-Type": content_type} if self._takes_attributes else None,
                chunk_size=_PART_BYTES,
                max_concurrency=2,
            )

    async def read(
        self, key: str, *, start: int = 0, end: int | None = None
    ) -> AsyncIterator[bytes]:
        """Return the bytes from `start` up to, not including, `end`, as they are read."""
        if end is not None and start >= end:
            return _nothing()
        options: Any = {}
        if end is not None:
            options = {"range": (start, end)}
        elif start:
            options = {"range": {"offset": start}}
        with _available():
            try:
                found = await obstore.get_async(self._store, key, options=options or None)
            except FileNotFoundError as error:
                raise NotFoundError("file", key) from error
        return _pieces(found)

    async def delete(self, key: str) -> None:
        """Delete what is stored under a key, if anything is."""
        with _available():
            try:
                await obstore.delete_async(self._store, key)
            except FileNotFoundError:
                return

    async def stored(self) -> AsyncIterator[Sequence[StoredFile]]:
        """Yield all that is stored, some at a time."""
        with _available():
            async for found in obstore.list(self._store):
                yield [
                    StoredFile(key=one["path"], size=one["size"], stored_at=one["last_modified"])
                    for one in found
                    if not one["path"].startswith(_HIDDEN)
                ]

    async def close(self) -> None:
        """Let what was begun end, before the process does."""
        # Threads of obstore let go of Python's objects a moment after their answer is there, and
        # before 3.14 (gh-87135) a thread that wants to when Python is gone ends the process.
        await asyncio.sleep(_LETTING_GO_S)

    async def link(self, file: FileFacts) -> FileLink:
        """Return where anybody may fetch the file from, for a while."""
        ends = self._clock() + self._link_ttl
        if self._links is not None:
            return FileLink(url=self._links.link(file, expires_at=ends), expires_at=ends)
        if not isinstance(self._store, S3Store | AzureStore):
            raise TypeError("this store can not sign links")
        with _available():
            url = await obstore.sign_async(self._store, "GET", file.key, self._link_ttl)
        return FileLink(url=url, expires_at=ends)

    def opened(self, token: str) -> LinkedFile | None:
        """Return the file that a link of its own leads to; None when it leads nowhere by now."""
        return None if self._links is None else self._links.opened(token)


def file_storage(settings: FileSettings) -> ObjectStorage:
    """Return the storage that the settings name; nothing is connected yet.

    Raises:
        ConfigurationError: The settings do not say where it is.
    """
    ttl = timedelta(seconds=settings.link_ttl_s)
    match settings.storage:
        case "local":
            links = SignedLinks(_secret(settings) or secret_in(settings.folder))
            return ObjectStorage(LocalStore(settings.folder, mkdir=True), links=links, link_ttl=ttl)
        case "memory":
            links = SignedLinks(_secret(settings) or secrets.token_bytes(32))
            return ObjectStorage(MemoryStore(), links=links, link_ttl=ttl)
        case "s3":
            return ObjectStorage(_s3(settings), link_ttl=ttl)
        case "azure":
            return ObjectStorage(_azure(settings), link_ttl=ttl)


def _secret(settings: FileSettings) -> bytes | None:
    secret = settings.link_secret
    return None if secret is None else secret.get_secret_value().encode()


def _named(value: str | None, variable: str, settings: FileSettings) -> str:
    if not value:
        raise ConfigurationError(f"{variable} is needed when FILES__STORAGE is {settings.storage}.")
    return value


def _s3(settings: FileSettings) -> S3Store:
    # Any: the options of obstore are a typed dictionary of dozens of keys.
    bucket = _named(settings.bucket, "FILES__BUCKET", settings)
    options: dict[str, Any] = {}
    if settings.endpoint is not None:
        options["endpoint"] = settings.endpoint
        options["virtual_hosted_style_request"] = False
    if settings.region is not None:
        options["region"] = settings.region
    if settings.access_key_id is not None:
        options["access_key_id"] = settings.access_key_id
    if settings.secret_access_key is not None:
        options["secret_access_key"] = settings.secret_access_key.get_secret_value()
    return S3Store(bucket, client_options=_client(settings), **options)


def _azure(settings: FileSettings) -> AzureStore:
    bucket = _named(settings.bucket, "FILES__BUCKET", settings)
    options: dict[str, Any] = {"account_name": _named(settings.account, "FILES__ACCOUNT", settings)}
    if settings.endpoint is not None:
        options["endpoint"] = settings.endpoint
    if settings.account_key is not None:
        options["account_key"] = settings.account_key.get_secret_value()
    return AzureStore(bucket, client_options=_client(settings), **options)


def _client(settings: FileSettings) -> Any:
    # Plain http only to a server that was named so.
    return {"allow_http": (settings.endpoint or "").startswith("http://")}


class _Source:
    """An iterator that remembers what its source raised: obstore may wrap it."""

    def __init__(self, pieces: AsyncIterator[bytes]) -> None:
        self._pieces = pieces
        self.raised: Exception | None = None

    def __aiter__(self) -> "_Source":
        return self

    async def __anext__(self) -> bytes:
        try:
            return await anext(self._pieces)
        except StopAsyncIteration:
            raise
        except Exception as error:
            self.raised = error
            raise


@contextmanager
def _available(source: _Source | None = None) -> Iterator[None]:
    """Turn what a store raises into our error, but for what its source raised itself.

    Raises:
        StorageUnavailableError: The store does not answer, refuses, or is full.
    """
    try:
        yield
    except SharedModuleError:
        raise
    except (BaseError, OSError, RuntimeError, ValueError) as error:
        if source is not None and source.raised is not None:
            if source.raised is error:
                raise
            raise source.raised from None
        raise StorageUnavailableError(str(error).partition("\n")[0]) from error


async def _pieces(found: "obstore.GetResult") -> AsyncIterator[bytes]:
    with _available():
        async for piece in found.stream(min_chunk_size=_READ_BYTES):
            yield bytes(piece)


async def _nothing() -> AsyncIterator[bytes]:
    if False:
        yield b""
