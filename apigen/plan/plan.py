"""Put the layers' files together into one plan, and see that nothing is forgotten.

Knows the order of the layers, not what is in them. Planning has two halves: the files a system
becomes, and, once these are rendered and their imports known, the support modules they need and
the files that list dependencies.
"""

from collections.abc import Iterator, Mapping, Sequence

from apigen.diagnostics.internal_error import InternalError
from apigen.evolve.revision import Revision
from apigen.ir.system import System
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
from apigen.plan.file import CopiedFile, PlannedFile, ProjectFile
from apigen.plan.vendor import closure

LAYERS = (domain, application, shared, persistence, interface, composition, project, tests)


def plan(
    system: System, *, revisions: tuple[Revision, ...] | None = None
) -> tuple[ProjectFile, ...]:
    """Return the files that the system becomes, in the order of the layers.

    Args:
        system: The system.
        revisions: Migrations to write; None: the first one of a new project.

    Raises:
        InternalError: two files share a path, or an element of the spec produced nothing.
    """
    files = tuple(file for layer in LAYERS for file in layer.files(system))
    files += persistence.revision_files(revisions, system)
    _refuse_collisions(files)
    made = {element for file in files for element in file.elements}
    for qname in elements(system):
        if qname not in made:
            raise InternalError(f"{qname} produced no file")
    return files


def completion(
    system: System, texts: Mapping[str, str], planned: Sequence[ProjectFile]
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
    yield from system.children
    for element in (*system.commands, *system.events, *system.reactions):
        yield element.qname


def _refuse_collisions(files: Sequence[PlannedFile | CopiedFile]) -> None:
    seen: dict[str, ProjectFile] = {}
    for file in files:
        folded = file.path.casefold()
        if folded in seen:
            raise InternalError(f"two files are planned at {file.path}")
        seen[folded] = file
