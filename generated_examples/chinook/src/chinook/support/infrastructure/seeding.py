"""Load seed rows: JSON files that hold aggregates, checked as any other and stored at once.

Keys are the fields' names; ids and read-only fields may be given. Running a set again changes
nothing: rows whose key exists are skipped, and rows without a key only go into an empty table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import GenericAlias
from typing import Any

import orjson
import pydantic
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from ..core.errors import SharedModuleError
from ..core.text import normalize
from ..domain.entity import AggregateRoot
from .repository import SqlRepository
from .unit_of_work import SqlUnitOfWork

_CHUNK = 1_000
"""How many aggregates are stored with one flush."""

type Names = Mapping[str, tuple[str, "Names"]]
"""Key of a row to the attribute's name, and the same for what is inside the value."""

type Normal = Mapping[str, tuple[str, ...] | Normal]
"""Attribute to the normalizers of its text or texts, or to the same of what is inside the value."""


class SeedError(Exception):
    """A seed file cannot be loaded; the message names the file and the row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """The rows of one entity."""

    file: str
    """Below the folder of seeds."""
    aggregate: type[AggregateRoot[Any]]
    repository: type[SqlRepository[Any, Any, Any]]
    names: Names = field(default_factory=dict)
    """Keys that are called otherwise in the domain."""
    normal: Normal = field(default_factory=dict)
    context: Mapping[str, str] | None = None
    """What types ask for to read a value: the default locale of plain texts."""


async def load_seeds(
    engine: AsyncEngine, seeds: Sequence[Seed], directory: Path
) -> Mapping[str, int]:
    """Load several files in one transaction.

    Args:
        engine: The database.
        seeds: The files, those that others refer to first.
        directory: The folder of seeds.

    Returns:
        File to number of rows stored.

    Raises:
        SeedError: A file is missing, or a row is not valid or clashes with a stored one.
    """
    stored: dict[str, int] = {}
    async with SqlUnitOfWork(engine) as work:
        for seed in seeds:
            aggregates = _read(seed, directory / seed.file)
            try:
                stored[seed.file] = await _store(seed, aggregates, work.session)
            except SharedModuleError as error:
                raise SeedError(f"{seed.file}: {error.message}") from error
        await work.commit()
    return stored


async def _store(seed: Seed, aggregates: list[AggregateRoot[Any]], session: AsyncSession) -> int:
    repository = seed.repository(session)
    keyed = [aggregate for aggregate in aggregates if aggregate.id]
    existing = await repository.existing([aggregate.id for aggregate in keyed])
    new = [aggregate for aggregate in keyed if aggregate.id not in existing]
    if len(keyed) < len(aggregates) and not await repository.any_stored():
        new += [aggregate for aggregate in aggregates if not aggregate.id]
    for start in range(0, len(new), _CHUNK):
        await repository.add_many(new[start : start + _CHUNK])
        # Stored rows are not needed again, and thousands of them would slow every flush.
        session.expunge_all()
        session.info.clear()
    return len(new)


def _read(seed: Seed, path: Path) -> list[AggregateRoot[Any]]:
    """Return the aggregates of a file, each checked."""
    try:
        rows = orjson.loads(path.read_bytes())
    except OSError as error:
        raise SeedError(f"{path}: cannot be read: {error.strerror}") from error
    except orjson.JSONDecodeError as error:
        raise SeedError(f"{path}: is not JSON: {error}") from error
    rows = normalized(renamed(rows, seed.names), seed.normal)
    # `Any`: a list of a class that is only known now.
    kind: Any = GenericAlias(list, (seed.aggregate,))
    adapter: pydantic.TypeAdapter[list[AggregateRoot[Any]]] = pydantic.TypeAdapter(
        kind,
        config=pydantic.ConfigDict(extra="forbid", val_json_bytes="base64"),
    )
    try:
        aggregates = adapter.validate_json(orjson.dumps(rows), context=seed.context)
    except pydantic.ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise SeedError(f"{path}: row {place}: {first['msg']}") from error
    except SharedModuleError as error:
        raise SeedError(f"{path}: {error.message}") from error
    for number, aggregate in enumerate(aggregates):
        try:
            aggregate.check_invariants()
        except SharedModuleError as error:
            raise SeedError(f"{path}: row {number}: {error.message}") from error
    return aggregates


def normalized(value: Any, normal: Normal | tuple[str, ...]) -> Any:
    """Return JSON with the texts as a request for the same would leave them."""
    match value:
        case list():
            return [normalized(item, normal) for item in value]
        case str() if isinstance(normal, tuple):
            return normalize(value, *normal)
        case dict() if isinstance(normal, tuple):
            return {key: normalized(item, normal) for key, item in value.items()}
        case dict() if not isinstance(normal, tuple):
            return {key: normalized(item, normal.get(key, {})) for key, item in value.items()}
        case _:
            return value


def renamed(value: Any, names: Names) -> Any:
    """Return JSON with the keys that the domain has."""
    if not names:
        return value
    if isinstance(value, list):
        return [renamed(item, names) for item in value]
    if isinstance(value, dict):
        found = {}
        for key, item in value.items():
            name, below = names.get(key, (key, {}))
            found[name] = renamed(item, below)
        return found
    return value
