"""What every use case can do, on a real database."""

from typing import assert_type

import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncEngine

from apigen.support.application.dtos import PaginatedResponse
from apigen.support.application.service import GenericService
from apigen.support.application.use_cases import BaseUseCase
from apigen.support.core.errors import DomainError, NotFoundError
from apigen.support.core.identifiers import uuid7
from apigen.support.core.protocols import QueryOptions
from apigen.support.core.result import Err
from apigen.support.domain.specification import AttributeSpecification, Operator

from .parcels import Parcel, ParcelId, Post, SqlPostUnitOfWork


class PackingService(GenericService[SqlPostUnitOfWork, Parcel, ParcelId, int, int]):
    """Packs parcels, none of them with an unlucky weight."""

    async def _validate_create(self, entity: Parcel, data: int) -> None:
        await super()._validate_create(entity, data)
        if data == 13:
            raise DomainError("unlucky")

    async def _validate_update(self, entity: Parcel, data: int) -> None:
        await super()._validate_update(entity, data)
        if data == -13:
            raise DomainError("unlucky as well")


@pytest_asyncio.fixture
async def post(engine: AsyncEngine) -> Post:
    """The post, on a database of the test's own."""
    post = Post(engine)
    await post.create_tables()
    return post


def service_of(post: Post) -> PackingService:
    """Return a service of parcels whose payloads are weights."""

    async def not_heavy(parcel: Parcel) -> None:
        if parcel.weight > 100:
            raise DomainError("too heavy")

    return PackingService(
        resource="parcel",
        unit_of_work=post.work,
        repository=lambda work: work.parcels,
        build=lambda weight: Parcel(weight=weight),
        change=Parcel.add_weight,
        validators=(not_heavy,),
    )


@pytest.mark.criterion("R9.1", "R9.2")
async def test_getting_raises_or_returns_nothing_as_it_is_told(post: Post) -> None:
    case: BaseUseCase[SqlPostUnitOfWork, Parcel, ParcelId, int, int] = service_of(post)
    parcel, missing = await post.packed(), ParcelId(uuid7())

    found = await case.get(parcel.id)
    perhaps = await case.get(missing, raise_on_missing=False)

    assert_type(found, Parcel)
    assert_type(perhaps, Parcel | None)
    assert (found, perhaps) == (parcel, None)
    with pytest.raises(NotFoundError):
        await case.get(missing)


@pytest.mark.criterion("R9.3")
async def test_listing_filters_sorts_and_pages(post: Post) -> None:
    for weight in (5, 1, 4, 2, 3):
        await post.packed(weight=weight)
    not_light = AttributeSpecification[Parcel](("weight",), Operator.GT, 1)
    options = QueryOptions(where=not_light, order_by=("-weight",))

    page = await service_of(post).list(options, page=2, size=3)

    assert_type(page, PaginatedResponse[Parcel])
    assert [parcel.weight for parcel in page.items] == [2]
    assert (page.total, page.pages, page.has_next, page.has_previous) == (4, 2, False, True)


@pytest.mark.criterion("R9.4", "R2.2")
async def test_a_subclass_and_validators_check_what_is_made_and_changed(post: Post) -> None:
    service, parcel = service_of(post), await post.packed(weight=20)

    refused = [
        await service.create(13),
        await service.create(101),
        await service.update(parcel.id, -13),
        await service.update(parcel.id, 100),
    ]

    assert [result.error.message for result in refused if isinstance(result, Err)] == [
        "unlucky",
        "too heavy",
        "unlucky as well",
        "too heavy",
    ]
    assert (await service.update(parcel.id, 1)).is_ok
