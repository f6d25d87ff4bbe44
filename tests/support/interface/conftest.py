"""A client of the project in memory."""

from collections.abc import AsyncIterator, Iterator

import httpx2
import pytest
import structlog

from tests.support.interface.notes import Shelf, ShelfReader, note_app


@pytest.fixture(autouse=True)
def _plain_logs() -> Iterator[None]:
    """Structlog's own tracebacks show local variables, which takes seconds."""
    renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.contextvars.merge_contextvars, renderer])
    yield
    structlog.reset_defaults()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def reader(shelf: Shelf) -> ShelfReader:
    return ShelfReader(shelf)


@pytest.fixture
async def client(shelf: Shelf, reader: ShelfReader) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(note_app(shelf, reader=reader))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client
