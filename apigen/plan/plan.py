"""Put the layers' files together into one plan, and see that nothing is forgotten.

Knows the order of the layers, not what is in them. Planning has two halves: the files a system
becomes, those of each context by themselves, and, once these are rendered and their imports known,
the support modules they need and the files that list dependencies.
"""

from collections.abc import Iterator, Mapping, Sequence

from apigen.diagnostics.internal_error import InternalError
from apigen.evolve.revision import Revision
from apigen.ir.system import Context, System
from apigen.plan import (
    application,
    composition,
    domain,
    interface,
    persistence,
    project,
    shared,
    tests,
)
from apigen.plan.dependencies import dependencies
from apigen.plan.file import Placed, ProjectFile
from apigen.plan.parts import part_of
from apigen.plan.vendor import closure
from apigen.views.read_entities import queries_of
from apigen.views.versions.systems import context_in, with_versions

FRAME = (domain, application, shared, persistence, interface, composition, project)
OF_CONTEXTS = (domain, application, persistence, interface, tests)


def plan(
    system: System, *, revisions: tuple[Revision, ...] | None = None
) -> tuple[ProjectFile, ...]:
    """Return the files that the system becomes: those of each context, then all others.

    Args:
        system: The system.
        revisions: Migrations to write; None: the first one of a new project.

    Raises:
        InternalError: two files share a path, or an element of the spec produced nothing.
    """
    files = tuple(file for context in system.contexts for file in context_files(system, context))
    return (*files, *frame_files(system, files, revisions=revisions))


def context_files(system: System, context: Context) -> tuple[ProjectFile, ...]:
    """Return the files of one context, made of the part of the system that it sees."""
    part = with_versions(part_of(system, context))
    seen = context_in(part, context)
    return tuple(file for layer in OF_CONTEXTS for file in layer.context_files(part, seen))


def frame_files(
    system: System, placed: Sequence[Placed], *, revisions: tuple[Revision, ...] | None
) -> tuple[ProjectFile, ...]:
    """Return the files that belong to no context.

    Args:
        system: The system.
        placed: The files of its contexts.
        revisions: Migrations to write; None: the first one of a new project.

    Raises:
        InternalError: two files share a path, or an element of the spec produced nothing.
    """
    served = with_versions(system)
    files = tuple(file for layer in FRAME for file in layer.files(served))
    files += (*tests.files(served, placed), *persistence.revision_files(revisions, system))
    _refuse_collisions((*placed, *files))
    made = {element for file in (*placed, *files) for element in file.elements}
    for qname in elements(system):
        if qname not in made:
            raise InternalError(f"{qname} produced no file")
    return files


def completion(
    system: System, texts: Mapping[str, str], planned: Sequence[Placed]
) -> tuple[ProjectFile, ...]:
    """Return what only the rendered code can tell: support modules and dependency lists.

    Args:
        system: The same system.
        texts: Path to text of every rendered Python file.
        planned: The first half, whose paths must not be taken again.
    """
    package = system.app.package
    runtime = closure(_below(texts, tests=False), package=package)
    testing = closure(_below(texts, tests=True), package=package)
    needed = dependencies(runtime=runtime.third_party, development=testing.third_party)
    files = (
        *runtime.united(testing).copies(package),
        *project.dependent_files(system, dependencies=needed),
    )
    _refuse_collisions((*planned, *files))
    return files


def _below(texts: Mapping[str, str], *, tests: bool) -> dict[str, str]:
    return {path: text for path, text in texts.items() if path.startswith("tests/") is tests}


def elements(system: System) -> Iterator[str]:
    """Yield the qualified names that must each produce something."""
    for context in system.contexts:
        for value_type in context.types:
            yield value_type.qname
        for entity in context.entities:
            yield entity.qname
        for one in context.projections:
            yield one.projection.qname
        for query in queries_of(context):
            yield query.qname
    yield from system.children
    for element in (*system.commands, *system.events, *system.reactions, *system.tasks):
        yield element.qname


def _refuse_collisions(files: Sequence[Placed]) -> None:
    seen: set[str] = set()
    for file in files:
        folded = file.path.casefold()
        if folded in seen:
            raise InternalError(f"two files are planned at {file.path}")
        seen.add(folded)
