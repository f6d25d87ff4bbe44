"""What the templates of removal are given: which deleted rows go for good, and after how long."""

from apigen.ir.system import Entity, System
from apigen.python import layout
from apigen.python.imports import ImportSet
from apigen.python.literals import text
from apigen.values import dataclass
from apigen.views.tables.storage import row_class


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgeConstant:
    """How rows of one entity are removed."""

    name: str
    """`CUSTOMER_PURGE`."""
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PurgingModule:
    """infrastructure/persistence/purging.py."""

    imports: tuple[str, ...]
    purges: tuple[PurgeConstant, ...]


def purged_entities(system: System) -> tuple[Entity, ...]:
    """Return the entities whose deleted rows are removed for good some day."""
    return tuple(
        entity
        for context in system.contexts
        for entity in context.entities
        if entity.soft_delete is not None and entity.soft_delete.purge_after_s is not None
    )


def purging_path(system: System) -> str:
    """Return the module that says what is removed."""
    return f"{system.app.package}.infrastructure.persistence.purging"


def purge_constant(system: System, entity: Entity) -> str:
    """Return the name of what says how rows of an entity are removed: `CUSTOMER_PURGE`."""
    same = [one for one in purged_entities(system) if one.name.snake == entity.name.snake]
    name = entity.name.snake if len(same) == 1 else f"{entity.context}_{entity.name.snake}"
    return f"{name.upper()}_PURGE"


def purging_module(system: System) -> PurgingModule:
    """Return the view of infrastructure/persistence/purging.py."""
    names = [purge_constant(system, entity) for entity in purged_entities(system)]
    imports = ImportSet(purging_path(system), ["PURGES", *names])
    kind = imports.use(layout.support(system, "infrastructure.purging", "Purge"))
    duration = imports.add("datetime", "timedelta")
    purges = []
    for name, entity in zip(names, purged_entities(system), strict=True):
        assert entity.soft_delete is not None
        assert entity.soft_delete.purge_after_s is not None
        package = layout.persistence(system, layout.context_of(entity.qname))
        row = imports.add(f"{package}.rows", row_class(entity.qname, system))
        arguments = [
            f"row_type={row}",
            f"resource={text(entity.name.snake.replace('_', ' '))}",
            f"after={duration}({_duration(entity.soft_delete.purge_after_s)})",
        ]
        if entity.audit is not None:
            repository = f"Sql{entity.name.pascal}Repository"
            arguments.append(f"log={imports.add(f'{package}.repositories', repository)}.changes")
        purges.append(PurgeConstant(name=name, source=f"{kind}({', '.join(arguments)})"))
    return PurgingModule(imports=imports.render(), purges=tuple(purges))


def _duration(seconds: float) -> str:
    """Return the arguments of a timedelta, in days where it is some."""
    days, rest = divmod(seconds, 86_400)
    return f"days={days:.0f}" if not rest else f"seconds={seconds:g}"
