"""The data that tests work on: one case an entity, one a resource, as plain values.

A project's tests state what is particular to an entity (samples, constraints, filters); the
contracts of this package know what every entity and every resource has to do with it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from ..core.actor import Actor
from ..core.context import ExecutionContext, bound_context
from ..core.json import Json
from ..core.protocols import AsyncRepository, UnitOfWork

_somebody = count(1)


@dataclass(frozen=True, slots=True)
class Ref:
    """Stands in a sample for the key of row `n` of another entity."""

    entity: str
    n: int = 0


@dataclass(frozen=True, slots=True)
class Copies:
    """Stands in a sample for an array of one item, many times."""

    item: "Sample"
    count: int


type Sample = (
    bool | int | float | str | Ref | Copies | Sequence[Sample] | Mapping[str, Sample] | None
)
"""JSON with references in it."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A value to try in one place of a payload."""

    path: str
    """The field as error messages name it: `lines.0.quantity`."""
    value: Sample
    why: str

    @property
    def field(self) -> str:
        """The field of the payload itself: `lines`."""
        return self.path.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Normal:
    """A value that is changed into its normal form before it is looked at."""

    field: str
    attribute: str
    """Of the aggregate: what is shown may have been changed once more."""
    sent: str
    stored: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """Values that are fine alone and break an invariant together."""

    code: str
    values: Mapping[str, Sample]
    """What to change in sample 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Values with which an invariant just holds."""

    code: str
    values: Mapping[str, Sample]
    """What to change in sample 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unique:
    """Fields that no two rows may share."""

    fields: tuple[str, ...]
    deleted_rows_count: bool = True


@dataclass(frozen=True, kw_only=True)
class EntityCase[EntityT, WorkT: UnitOfWork, IdT]:
    """An entity: how to make, change, show and store one, and sample values of it."""

    name: str
    """Qualified: `sales.Customer`."""
    make: Callable[[bytes], EntityT] | None = None
    """Make one from the JSON of all that is stored of it, whatever clients may send."""
    create: Callable[[bytes], EntityT] | None = None
    """Make one from the JSON of a create request; None: no request makes one."""
    change: Callable[[EntityT, bytes], None]
    """Apply the JSON of a PATCH request."""
    show: Callable[[EntityT], bytes]
    """Return the JSON that a GET request answers with."""
    unit_of_work: Callable[[AsyncEngine], WorkT]
    repository: Callable[[WorkT], AsyncRepository[EntityT, IdT]]
    samples: tuple[Mapping[str, Sample], ...]
    """Complete create payloads that differ from each other in every field that can differ."""
    keys: tuple[Json, ...]
    """Keys of the right form, one a sample, for tests without a database."""
    key: tuple[str, ...] = ("id",)
    """Names of the fields that make up the key."""
    required: tuple[str, ...] = ()
    defaults: Mapping[str, Json] = field(default_factory=dict)
    """What the fields become that a minimal payload leaves out; empty: there is no such payload."""
    made: tuple[str, ...] = ()
    """Fields that are filled with something when left out: the time, an identifier."""
    computed: Mapping[str, Sequence[Sample]] = field(default_factory=dict)
    """Derived field to its value in each sample."""
    derived: frozenset[str] = frozenset()
    """All derived fields, those without a known value too."""
    changes: Mapping[str, Sample] = field(default_factory=dict)
    """Field to another value that PATCH may give it in sample 0."""
    nullable: tuple[str, ...] = ()
    """Fields that PATCH may set to null in sample 0."""
    fixed: tuple[str, ...] = ()
    """Fields that PATCH refuses."""
    closed: tuple[str, ...] = ()
    """Fields that POST refuses."""
    unseen: frozenset[str] = frozenset()
    """Fields that no response shows."""
    unordered: frozenset[str] = frozenset()
    """Arrays whose order is not the client's."""
    references: Mapping[str, str] = field(default_factory=dict)
    """Field to the entity that its value is a key of."""
    accepted: tuple[Probe, ...] = ()
    """Values at the edge of a constraint, on its inner side."""
    refused: tuple[Probe, ...] = ()
    normal: tuple[Normal, ...] = ()
    omitted: tuple[Probe, ...] = ()
    """Fields of children that may be left out, and what they become."""
    broken: tuple[Broken, ...] = ()
    kept: tuple[Kept, ...] = ()
    unique: tuple[Unique, ...] = ()
    soft_delete: bool = False
    versioned: bool = True
    timestamps: bool = True
    names: Mapping[str, str] = field(default_factory=dict)
    """What responses call `updated_at` and other fields of every entity, where it is not that."""

    def new(self, data: bytes, *, by: str = "") -> EntityT:
        """Make one from the JSON of a create request, as `by`: without it, as somebody else."""
        actor = Actor(id=by or f"somebody-{next(_somebody)}", is_system=True)
        with bound_context(ExecutionContext(actor=actor)):
            return self.create(data) if self.create is not None else self.stored(data)

    def stored(self, data: bytes) -> EntityT:
        """Make one from the JSON of all that is stored of it."""
        assert self.make is not None
        return self.make(data)

    def called(self, *fields: str) -> tuple[str, ...]:
        """Return what responses call fields that every entity has."""
        return tuple(self.names.get(name, name) for name in fields)


# Tables hold cases of different entities; what an entity is matters only inside its own case.
type AnyCase = EntityCase[Any, Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A path that a list can be filtered or sorted by."""

    name: str
    """The path as the client writes it: `artist.name`."""
    steps: tuple[tuple[str, str], ...] = ()
    """Field of the row and the entity it refers to, `""` for a plain one; none: the path's names
    are plain fields, each inside the one before."""
    kind: str = "text"
    """How its values compare: text, number, moment, duration or flag."""
    ops: tuple[str, ...] = ()

    @property
    def way(self) -> tuple[tuple[str, str], ...]:
        """The steps, those of plain fields too."""
        return self.steps or tuple((name, "") for name in self.name.split("."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Expansion:
    """A path that a client may ask to be embedded."""

    name: str
    """The path as the client writes it: `lines.product`."""
    field: str = ""
    """Field of the row that holds the key, or keys, of what is embedded; empty: look only."""
    entity: str = ""
    collections: tuple[str, ...] = ()
    """Children that the path leads through first, as rows have them; `field` is a field of the
    last ones."""

    @property
    def embedded(self) -> str:
        """Under which name it is embedded where it is."""
        return self.name.split(".")[len(self.collections)]

    @property
    def is_last(self) -> bool:
        """Whether what is embedded first is all that the path leads to."""
        return len(self.name.split(".")) == len(self.collections) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A reference from another entity to this one, and what deleting this one does to it."""

    entity: str
    field: str
    action: str
    """restrict, cascade or set_null."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceCase:
    """The REST surface of an entity."""

    entity: AnyCase
    path: str
    """From the root, the parent's key as a placeholder: `/api/v1/users/{user_id}/orders`."""
    operations: frozenset[str]
    paging: str = "offset"
    """offset, cursor or none."""
    page_size: int = 20
    max_page_size: int = 100
    etag: bool = True
    parent: str = ""
    """Field of a nested resource that the path settles."""
    filters: tuple[Column, ...] = ()
    filter_syntax: tuple[str, ...] = ("params", "json")
    sorts: tuple[Column, ...] = ()
    search: tuple[str, ...] = ()
    expand: tuple[Expansion, ...] = ()
    export: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    localized: tuple[str, ...] = ()
    """Fields whose texts are in several languages."""
    locales: tuple[str, ...] = ()
    """The default one first; none where texts are in one language."""

    def tag(self, version: object) -> str:
        """Return the ETag of a version, in the default language."""
        return f'"{version}.{self.locales[0]}"' if self.locales else f'"{version}"'

    def collection(self, row: Mapping[str, Json]) -> str:
        """Return the path of the collection that `row` is, or will be, in."""
        return self.path.format_map(row)

    def item(self, row: Mapping[str, Json]) -> str:
        """Return the path of one row."""
        return "/".join((self.collection(row), *(_segment(row[key]) for key in self.entity.key)))


def columns(table: Mapping[str, Sequence[Sample]]) -> tuple[dict[str, Sample], ...]:
    """Turn field to values, one value a sample, into samples."""
    return tuple(
        dict(zip(table, values, strict=True)) for values in zip(*table.values(), strict=True)
    )


def replaced(payload: Mapping[str, Sample], path: str, value: Sample) -> dict[str, Sample]:
    """Return a payload with one value, however deep, replaced."""
    first, _, rest = path.partition(".")
    return {**payload, first: _set(payload.get(first), rest, value)}


def without(payload: Mapping[str, Sample], path: str) -> dict[str, Sample]:
    """Return a payload that lacks one field of a child: `lines.0.quantity`."""
    place, _, name = path.rpartition(".")
    child = at(payload, place)
    assert isinstance(child, Mapping)
    return replaced(payload, place, {key: item for key, item in child.items() if key != name})


def at(target: Sample, path: str) -> Sample:
    """Return what stands at a path of a payload."""
    for step in path.split("."):
        if isinstance(target, Mapping):
            target = target[step]
        elif isinstance(target, Sequence) and not isinstance(target, str):
            target = target[int(step)]
    return target


def _set(target: Sample, path: str, value: Sample) -> Sample:
    if not path:
        return value
    if isinstance(target, Mapping):
        return replaced(target, path, value)
    if not isinstance(target, Sequence) or isinstance(target, str):
        raise TypeError(f"nothing at {path}")
    first, _, rest = path.partition(".")
    items = list(target)
    items[int(first)] = _set(items[int(first)], rest, value)
    return items


def _segment(value: Json) -> str:
    from urllib.parse import quote

    return quote(str(value), safe="")


def case_parameters(name: str, case: object) -> Iterator[tuple[object, str]]:
    """Yield the rows of a case's table that a test takes by that name, and what to call each."""
    resource = case if isinstance(case, ResourceCase) else None
    entity = resource.entity if resource else case
    if not isinstance(entity, EntityCase):
        return
    match name:
        case "refused" | "accepted":
            for refused in getattr(entity, name):
                yield refused, f"{refused.path}-{refused.why}"
        case "normal":
            for normal in entity.normal:
                yield normal, normal.field
        case "omitted":
            for omitted in entity.omitted:
                yield omitted, omitted.path
        case "broken":
            for broken in entity.broken:
                yield broken, broken.code
        case "kept":
            for kept in entity.kept:
                yield kept, kept.code
        case "unique":
            for unique in entity.unique:
                yield unique, "-".join(unique.fields)
        case "changed":
            for changed in entity.changes:
                yield changed, changed
        case "filter" | "sort" if resource is not None:
            for column in resource.filters if name == "filter" else resource.sorts:
                yield column, column.name
        case "expansion" if resource is not None:
            for expansion in resource.expand:
                yield expansion, expansion.name
        case "link" if resource is not None:
            for link in resource.links:
                yield link, f"{link.entity}.{link.field}"
        case _:
            return


TABLES = (
    *("refused", "accepted", "normal", "omitted", "broken", "kept", "unique", "changed"),
    *("filter", "sort", "expansion", "link"),
)
"""Names of arguments that stand for a row of the table."""
