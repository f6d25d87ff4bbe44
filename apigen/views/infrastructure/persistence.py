"""What the small templates of persistence are given: the session, a context's package, seeds."""

import json

from apigen.ir.field import Field
from apigen.ir.system import Child, Context, Entity, ObjectType, Seed, System
from apigen.ir.types import ListOf, ObjectRef, SetOf, TypeRef
from apigen.python import layout
from apigen.python.identifiers import spell
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring, text
from apigen.values import dataclass
from apigen.views.encryption import ring_arguments
from apigen.views.infrastructure.normal_forms import normal_forms
from apigen.views.localization import reading_context
from apigen.views.read_entities import queries_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionModule:
    """infrastructure/persistence/session.py."""

    package: str
    schemas: str
    """Source of a tuple of names."""
    has_outbox: bool
    has_inbox: bool
    has_idempotency: bool
    has_tasks: bool
    zero_downtime: bool
    ring_arguments: str
    """Source of what the key ring is made of; empty where nothing is encrypted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersistencePackage:
    """What a context's package of persistence offers."""

    docstring: str
    imports: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedRows:
    """Rows of one entity, written in the spec itself."""

    json: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedSet:
    """A seed set: its name and the source of its parts."""

    name: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedsModule:
    """infrastructure/persistence/seeds.py."""

    imports: tuple[str, ...]
    sets: tuple[SeedSet, ...]


def session_module(system: System) -> SessionModule:
    """Return the view of the session module."""
    schemas = sorted({context.schema for context in system.contexts if context.schema})
    source = "(" + "".join(f"{text(schema)}, " for schema in schemas) + ")"
    return SessionModule(
        package=system.app.package,
        schemas=source,
        has_outbox=system.has_outbox,
        has_inbox=system.has_inbox,
        has_idempotency=system.has_idempotency,
        has_tasks=system.has_tasks,
        zero_downtime=system.database.migrations.zero_downtime,
        ring_arguments=ring_arguments(system),
    )


def has_readers(context: Context) -> bool:
    """Whether anything in the context is read over HTTP as a resource."""
    return any(entity.resource is not None for entity in context.entities) or any(
        one.resource is not None for one in context.projections
    )


def has_read_models(context: Context) -> bool:
    """Whether anything in the context is read: as a resource, or by questions."""
    return has_readers(context) or bool(queries_of(context))


def persistence_package(context: Context, system: System) -> PersistencePackage:
    """Return the view of a context's `__init__.py`."""
    package = layout.persistence(system, context.name.snake)
    imports = ImportSet(package)
    names = [imports.add(f"{package}.repositories", f"Sql{context.name.pascal}UnitOfWork")]
    if has_readers(context):
        names.append(imports.add(f"{package}.read_models", f"{context.name.snake}_readers"))
    words = context.name.snake.replace("_", " ")
    return PersistencePackage(
        docstring=docstring(
            f"Where {words} is stored: transactions to write, readers to read."
            if context.entities
            else f"The transactions of {words}."
        ),
        imports=imports.render(),
        names=tuple(text(name) for name in sorted(names)),
    )


def seed_path(seed: Seed, number: int, system: System) -> str:
    """Return the file of a seed's rows, inside the project: `seeds/demo/02_order.json`."""
    if seed.file is not None:
        return f"seeds/{seed.set}/{seed.file.rpartition('/')[2]}"
    return f"seeds/{seed.set}/{number:02d}_{system.entities[seed.entity].name.snake}.json"


def numbered(seeds: tuple[Seed, ...]) -> tuple[tuple[int, Seed], ...]:
    """Return each seed with its place in its set, from 1."""
    counts: dict[str, int] = {}
    found = []
    for seed in seeds:
        counts[seed.set] = counts.get(seed.set, 0) + 1
        found.append((counts[seed.set], seed))
    return tuple(found)


def seed_rows(seed: Seed) -> SeedRows:
    """Return the view of a file of rows."""
    lines = ",\n".join(json.dumps(dict(row), ensure_ascii=False) for row in seed.rows)
    return SeedRows(json=f"[\n{lines}\n]")


def seeds_module(system: System) -> SeedsModule:
    """Return the view of the seed sets."""
    module = f"{system.app.package}.infrastructure.persistence.seeds"
    imports = ImportSet(module, ["SEEDS", "seed"])
    imports.use(layout.support(system, "infrastructure.seeding", "load_seeds"))
    sets: dict[str, list[str]] = {}
    for number, seed in numbered(system.seeds):
        sets.setdefault(seed.set, []).append(_part(seed, number, system, imports))
    return SeedsModule(
        sets=tuple(SeedSet(name=text(name), parts=tuple(parts)) for name, parts in sets.items()),
        imports=imports.render(),
    )


def _part(seed: Seed, number: int, system: System, imports: ImportSet) -> str:
    entity = system.entities[seed.entity]
    kind = imports.use(layout.support(system, "infrastructure.seeding", "Seed"))
    repository = imports.add(
        f"{layout.persistence(system, entity.context)}.repositories",
        f"Sql{entity.name.pascal}Repository",
    )
    arguments = [
        f"file={text(seed_path(seed, number, system).removeprefix('seeds/'))}",
        f"aggregate={imports.use(layout.entity_class(system, entity.qname))}",
        f"repository={repository}",
    ]
    names = names_in_domain(entity, system)
    if names != "{}":
        arguments.append(f"names={names}")
    normal = normal_forms(entity, system)
    if normal:
        arguments.append(f"normal={normal}")
    context = reading_context(entity, system, imports)
    return f"{kind}({', '.join(arguments)}{context})"


def names_in_domain(
    owner: Entity | Child | ObjectType, system: System, inside: frozenset[str] = frozenset()
) -> str:
    """Return source of the keys that are called otherwise in the domain, and what is below."""
    entries: list[str] = []
    for field in owner.fields:
        attribute = spell(field.attribute)
        below = _names_of_type(field.type, system, inside)
        entries += (
            f"{text(key)}: ({text(attribute)}, {below})"
            for key in dict.fromkeys(_keys(field))
            if key != attribute or below != "{}"
        )
    for child in owner.children if isinstance(owner, Entity | Child) else ():
        below = names_in_domain(child, system, inside)
        attribute = spell(child.attribute)
        if attribute != child.attribute or below != "{}":
            entries.append(f"{text(child.attribute)}: ({text(attribute)}, {below})")
    return "{" + ", ".join(entries) + "}"


def _keys(field: Field) -> tuple[str, ...]:
    return (field.attribute, field.wire, field.name.text)


def _names_of_type(type_: TypeRef, system: System, inside: frozenset[str]) -> str:
    match type_:
        case ObjectRef(target=target) if target not in inside:
            declared = system.types[target]
            assert isinstance(declared, ObjectType)
            return names_in_domain(declared, system, inside | {target})
        case ListOf(item=item) | SetOf(item=item):
            return _names_of_type(item, system, inside)
        case _:
            return "{}"
