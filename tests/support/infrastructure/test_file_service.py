"""A row never names a file that is not there, whatever goes wrong between the two."""

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from apigen.support.application.files import FileUploadService
from apigen.support.application.results import ErrorKind
from apigen.support.application.service import GenericService
from apigen.support.core.errors import (
    DatabaseConnectionError,
    DomainError,
    NotFoundError,
    StorageUnavailableError,
)
from apigen.support.core.file_settings import FileSettings
from apigen.support.core.identifiers import uuid7
from apigen.support.core.result import Err
from apigen.support.infrastructure.file_sweep import orphans
from apigen.support.infrastructure.object_storage import ObjectStorage, file_storage

from .photos import Photo, PhotoFile, PhotoId, PhotoRow, Row, SqlPhotoUnitOfWork


class Incoming:
    """Some bytes on their way in."""

    name = "a.png"
    content_type = "image/png"

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.size = len(content)
        self.sha256 = hashlib.sha256(content).hexdigest()

    async def pieces(self) -> AsyncIterator[bytes]:
        yield self.content


class Album:
    """Photos, with their files in memory."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.storage = file_storage(FileSettings(storage="memory"))
        self.files = FileUploadService(
            resource="photo",
            attribute="image",
            file=PhotoFile,
            unit_of_work=self.work,
            repository=lambda work: work.photos,
            storage=self.storage,
            validators=(self.not_bad,),
        )
        self.photos = GenericService[SqlPhotoUnitOfWork, Photo, PhotoId, str, str](
            resource="photo",
            unit_of_work=self.work,
            repository=lambda work: work.photos,
            build=lambda title: Photo(title=title),
            change=lambda photo, title: setattr(photo, "title", title),
            removed=(self.files.release,),
        )

    def work(self) -> SqlPhotoUnitOfWork:
        return SqlPhotoUnitOfWork(self.engine)

    async def not_bad(self, photo: Photo) -> None:
        if photo.image is not None and photo.image.size == 13:
            raise DomainError("an unlucky size")

    async def add(self) -> PhotoId:
        made = await self.photos.create("a photo")
        assert not isinstance(made, Err)
        return made.value.id

    async def put(self, id: PhotoId, content: bytes) -> PhotoFile:
        file = await self.files.store(Incoming(content))
        assert not isinstance(await self.files.attach(id, file), Err)
        return file

    async def named(self, id: PhotoId) -> PhotoFile | None:
        return (await self.photos.get(id)).image

    async def keys(self) -> set[str]:
        return await keys_of(self.storage)


async def keys_of(storage: ObjectStorage) -> set[str]:
    return {one.key async for found in storage.stored() for one in found}


@pytest_asyncio.fixture
async def album(engine: AsyncEngine) -> Album:
    async with engine.begin() as connection:
        await connection.run_sync(Row.metadata.create_all)
    return Album(engine)


async def test_a_file_takes_the_place_of_another(album: Album) -> None:
    id = await album.add()
    await album.put(id, b"one")

    second = await album.put(id, b"two")

    assert await album.named(id) == second
    assert await album.keys() == {second.key}
    assert (await album.photos.get(id)).version == 3


async def test_a_file_goes_alone(album: Album) -> None:
    id = await album.add()
    await album.put(id, b"one")

    gone = await album.files.detach(id)
    again = await album.files.detach(id)

    assert not isinstance(gone, Err)
    assert await album.named(id) is None
    assert await album.keys() == set()
    assert isinstance(again, Err)
    assert (again.error.kind, again.error.status) == (ErrorKind.PROBLEM, 404)


async def test_a_file_goes_with_its_row(album: Album) -> None:
    id = await album.add()
    await album.put(id, b"one")

    await album.photos.delete(id)

    assert await album.keys() == set()


async def test_what_a_rule_refuses_changes_nothing(album: Album) -> None:
    id = await album.add()
    first = await album.put(id, b"one")
    file = await album.files.store(Incoming(b"x" * 13))

    refused = await album.files.attach(id, file)

    assert isinstance(refused, Err)
    assert await album.named(id) == first
    # Whoever has stored it gives it up.
    await album.files.discard(file)
    assert await album.keys() == {first.key}


async def test_another_version_is_refused(album: Album) -> None:
    id = await album.add()
    file = await album.files.store(Incoming(b"one"))

    early = await album.files.permit(id, expected_version=7)
    late = await album.files.attach(id, file, expected_version=7)

    assert isinstance(early, Err)
    assert isinstance(late, Err)
    assert {early.error.kind, late.error.kind} == {ErrorKind.PRECONDITION_FAILED}
    assert await album.named(id) is None


async def test_a_row_that_is_not_there_has_no_file(album: Album) -> None:
    nobody = PhotoId(uuid7())

    results = [
        await album.files.permit(nobody),
        await album.files.attach(nobody, await album.files.store(Incoming(b"one"))),
        await album.files.detach(nobody),
    ]

    assert [one.error.kind for one in results if isinstance(one, Err)] == [ErrorKind.NOT_FOUND] * 3


async def test_a_lost_connection_leaves_both_files(
    album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows whether the row names the new one, so none is deleted."""
    id = await album.add()
    first = await album.put(id, b"one")
    file = await album.files.store(Incoming(b"two"))

    async def lost(self: SqlPhotoUnitOfWork) -> None:
        raise DatabaseConnectionError("gone")

    monkeypatch.setattr(SqlPhotoUnitOfWork, "commit", lost)
    with pytest.raises(DatabaseConnectionError):
        await album.files.attach(id, file)

    assert await album.keys() == {first.key, file.key}


async def test_a_file_that_can_not_be_deleted_is_left_to_be_swept(
    album: Album, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = await album.add()
    first = await album.put(id, b"one")

    async def unavailable(key: str) -> None:
        raise StorageUnavailableError("down")

    monkeypatch.setattr(album.storage, "delete", unavailable)
    second = await album.put(id, b"two")

    assert await album.named(id) == second
    assert await album.keys() == {first.key, second.key}


async def test_a_sweep_finds_what_no_row_names(album: Album) -> None:
    named = await album.put(await album.add(), b"one")
    await album.add()
    orphan = await album.files.store(Incoming(b"two"))
    tomorrow = datetime.now(UTC) + timedelta(days=1)

    found = await orphans(
        album.engine,
        album.storage,
        (PhotoRow.image,),
        older_than=timedelta(hours=1),
        clock=lambda: tomorrow,
    )
    early = await orphans(
        album.engine, album.storage, (PhotoRow.image,), older_than=timedelta(hours=1)
    )

    assert [one.key for one in found.orphans] == [orphan.key]
    assert found.files == 2
    assert early.orphans == ()
    assert named.key in await album.keys()


async def test_a_file_that_is_gone_is_said_to_be(album: Album) -> None:
    with pytest.raises(NotFoundError):
        await album.storage.read("photo/image/none")
