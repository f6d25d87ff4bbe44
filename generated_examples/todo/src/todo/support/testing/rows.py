"""Make rows for tests: samples with their references, through the project's own repositories."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncEngine

from ..core.json import Json, dumps, loads
from ..core.protocols import QueryOptions
from .cases import AnyCase, Copies, Ref, Sample


class Rows:
    """Stores samples, each with what it refers to, and remembers them."""

    def __init__(
        self,
        engine: AsyncEngine,
        cases: Mapping[str, AnyCase],
        *,
        forget: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Store into the database of `engine`; `cases` has every entity by qualified name.

        `forget` drops what the application under test has kept: it is not asked to store rows.
        """
        self._engine = engine
        self._cases = cases
        self._forget = forget
        self._stored: dict[tuple[str, int], dict[str, Json]] = {}

    async def payload(self, case: AnyCase, n: int = 0, /, **changes: Sample) -> dict[str, Json]:
        """Return the create payload of sample `n`; what it refers to is stored."""
        return await self.resolved({**case.samples[n], **changes})

    async def resolved(self, sample: Mapping[str, Sample]) -> dict[str, Json]:
        """Return a sample with keys for its references."""
        return {name: await self._value(value) for name, value in sample.items()}

    async def key(self, ref: Ref) -> Json:
        """Return the key of a stored sample."""
        case = self._cases[ref.entity]
        row = await self.stored(case, ref.n)
        return row[case.key[0]]

    async def stored(self, case: AnyCase, n: int = 0) -> dict[str, Json]:
        """Return sample `n` as responses show it, stored if it was not yet."""
        if (case.name, n) not in self._stored:
            payload = await self.payload(case, n)
            made = case.new(dumps(payload), by=owner_of(case.name, n))
            self._stored[case.name, n] = await self.put(case, made)
        return self._stored[case.name, n]

    async def add(self, case: AnyCase, payload: Mapping[str, Json]) -> dict[str, Json]:
        """Store one more row, as somebody of its own, and return it as responses show it."""
        return await self.put(case, case.new(dumps(payload)))

    async def put(self, case: AnyCase, entity: object) -> dict[str, Json]:
        """Store an aggregate and return it as responses show it."""
        work = case.unit_of_work(self._engine)
        async with work:
            await case.repository(work).add(entity)
            await work.commit()
        await self._changed()
        return shown(case, entity)

    async def remove(self, case: AnyCase, entity: object) -> None:
        """Delete a stored aggregate, or mark it as deleted."""
        work = case.unit_of_work(self._engine)
        async with work:
            await case.repository(work).remove(entity)
            await work.commit()
        await self._changed()

    async def _changed(self) -> None:
        if self._forget is not None:
            await self._forget()

    async def read(self, case: AnyCase, row: Mapping[str, Json]) -> dict[str, Json] | None:
        """Return what is stored under the key of `row`, as responses show it, or None."""
        return next((found for found in await self.all(case) if same_key(case, found, row)), None)

    async def all(self, case: AnyCase) -> list[dict[str, Json]]:
        """Return every row of an entity as responses show it."""
        async with case.unit_of_work(self._engine) as work:
            entities = await case.repository(work).find(QueryOptions())
        return [shown(case, entity) for entity in entities]

    def known(self, entity: str, key: Json) -> Mapping[str, Json]:
        """Return the stored row with this key."""
        name = self._cases[entity].key[0]
        return next(
            row for (owner, _), row in self._stored.items() if owner == entity and row[name] == key
        )

    def case(self, entity: str) -> AnyCase:
        """Return the case of an entity."""
        return self._cases[entity]

    async def _value(self, value: Sample) -> Json:
        if isinstance(value, Ref):
            return await self.key(value)
        if isinstance(value, Copies):
            return [await self._value(value.item)] * value.count
        if isinstance(value, Mapping):
            return {name: await self._value(item) for name, item in value.items()}
        if isinstance(value, Sequence) and not isinstance(value, str):
            return [await self._value(item) for item in value]
        return value


def owner_of(entity: str, n: int) -> str:
    """Return who has created sample `n` of an entity, given by qualified name."""
    return f"{entity.rpartition('.')[2]}-{n}"


def offline(cases: Mapping[str, AnyCase], sample: Sample) -> Json:
    """Return a sample with keys of the right form for its references; nothing is stored."""
    if isinstance(sample, Ref):
        return cases[sample.entity].keys[sample.n]
    if isinstance(sample, Copies):
        return [offline(cases, sample.item)] * sample.count
    if isinstance(sample, Mapping):
        return {name: offline(cases, item) for name, item in sample.items()}
    if isinstance(sample, Sequence) and not isinstance(sample, str):
        return [offline(cases, item) for item in sample]
    return sample


def same_key(case: AnyCase, first: Mapping[str, Json], second: Mapping[str, Json]) -> bool:
    """Whether two rows have one key."""
    return all(first[name] == second[name] for name in case.key)


def shown(case: AnyCase, entity: object) -> dict[str, Json]:
    """Return an aggregate as responses show it."""
    body = loads(case.show(entity))
    assert isinstance(body, dict)
    return body


def assert_holds(case: AnyCase, body: Json, expected: Mapping[str, Json]) -> None:
    """Assert that `body` has every value of `expected` that responses show."""
    assert isinstance(body, dict)
    for name, value in expected.items():
        if name in case.unseen:
            assert name not in body
        elif name in case.unordered and isinstance(value, list):
            found = body[name]
            assert isinstance(found, list)
            assert len(found) == len(value), name
            assert all(any(_covers(item, wanted) for item in found) for wanted in value), name
        else:
            assert _covers(body[name], value), f"{name}: {body[name]!r}, not {value!r}"


def _covers(found: Json, wanted: Json) -> bool:
    """Whether `found` is `wanted`, objects with more keys allowed (children get identifiers)."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        return all(name in found and _covers(found[name], wanted[name]) for name in wanted)
    if isinstance(found, list) and isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(_covers, found, wanted))
    return found == wanted
