"""What the template of a context's ports is given: its repositories and its unit of work."""

from apigen.ir.system import Context, Entity, System
from apigen.python import layout
from apigen.python.identifiers import spell
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring
from apigen.values import dataclass
from apigen.views.nouns import noun, noun_plural


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryProtocol:
    """The repository of one aggregate."""

    name: str
    bases: str
    doc: str
    attribute: str
    """Its name on the unit of work."""
    attribute_doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryModule:
    """repositories.py of a context."""

    doc: str
    imports: tuple[str, ...]
    repositories: tuple[RepositoryProtocol, ...]
    unit_of_work: str
    unit_of_work_doc: str
    publishes: bool
    enqueues: bool
    """Whether commands that no aggregate is asked for tell events."""


def repository_module(system: System, context: Context) -> RepositoryModule:
    """Return the view of repositories.py: the ports of a context."""
    module = layout.domain(system, context.name.snake, "repositories")
    unit = layout.unit_of_work(system, context.name.snake).name
    names = [layout.repository(system, entity).name for entity in context.entities]
    imports = ImportSet(module, [unit, *names])
    ports = ["UnitOfWork"]
    if context.entities:
        ports.append("AsyncRepository")
        if system.security is not None:
            ports.append("PermittedRows")
    for name in ports:
        imports.add(f"{system.app.package}.core.protocols", name)
    imports.add("typing", "Protocol")
    repositories = tuple(
        RepositoryProtocol(
            name=layout.repository(system, entity).name,
            bases=_repository_bases(system, entity, imports),
            doc=docstring(f"Where {noun_plural(entity.name)} are kept.", indent=4),
            attribute=spell(entity.name.plural_snake),
            attribute_doc=docstring(f"The {noun_plural(entity.name)}.", indent=8),
        )
        for entity in context.entities
    )
    publishes = any(command.emits for command in context.commands)
    if publishes:
        imports.add("collections.abc", "Sequence")
        imports.use(layout.support(system, "domain.events", "AnyEvent"))
    if system.has_tasks:
        imports.add("datetime", "timedelta")
        imports.add("uuid", "UUID")
        imports.use(layout.support(system, "core.tasks", "BackgroundTask"))
    return RepositoryModule(
        publishes=publishes,
        enqueues=system.has_tasks,
        doc=docstring(f"The ports of {noun(context.name)}: what its infrastructure provides."),
        imports=imports.render(),
        repositories=repositories,
        unit_of_work=unit,
        unit_of_work_doc=docstring(
            f"One transaction over the aggregates of {noun(context.name)}."
            if context.entities
            else f"One transaction of {noun(context.name)}.",
            indent=4,
        ),
    )


def _repository_bases(system: System, entity: Entity, imports: ImportSet) -> str:
    root = imports.use(layout.entity_class(system, entity.qname))
    id_type = imports.use(layout.id_type(system, entity.qname))
    # Checks of access ask which rows a rule allows.
    permitted = f"PermittedRows[{id_type}], " if system.security is not None else ""
    return f"AsyncRepository[{root}, {id_type}], {permitted}Protocol"
