"""Plan the infrastructure layer: rows, repositories, read models, migrations, seeds.

Decides paths, templates and owners only; what a template sees is in
`apigen.views.infrastructure` and `apigen.views.migrations`. Support code is vendored
because the generated code imports it.
"""

from collections.abc import Iterator
from pathlib import Path

from apigen.evolve.migration import first_revision
from apigen.evolve.revision import Revision
from apigen.ir.system import Context, System
from apigen.plan.file import CopiedFile, FileClass, PlannedFile
from apigen.python import layout
from apigen.python.identifiers import spell_module
from apigen.python.literals import docstring
from apigen.views.application.access import has_access, row_access_module
from apigen.views.application.custom_handlers import custom_question, custom_questions
from apigen.views.infrastructure.persistence import (
    has_read_models,
    numbered,
    persistence_package,
    seed_path,
    seed_rows,
    seeds_module,
    session_module,
)
from apigen.views.infrastructure.purging import purged_entities, purging_module
from apigen.views.infrastructure.questions import questions_module
from apigen.views.infrastructure.read_models import read_models_module
from apigen.views.infrastructure.repositories import repositories_module
from apigen.views.infrastructure.rows import rows_module
from apigen.views.migrations.revisions import environment_module, revision_module, revision_path
from apigen.views.migrations.schema import schema
from apigen.views.packages import EmptyModule
from apigen.views.project.composition import bootstrap_module
from apigen.views.read_entities import queries_of


def files(system: System) -> tuple[PlannedFile | CopiedFile, ...]:
    """Return `migrations/`, `alembic.ini`, `seeds/` and what contexts share of the modules."""
    root = f"src/{system.app.package}/infrastructure"
    packages = {
        root: "How this project talks to what is outside of it.",
        f"{root}/persistence": "How this project talks to its database, one package a context.",
    }
    return (
        *(
            PlannedFile(
                path=f"{path}/__init__.py",
                template="context/empty.py.j2",
                view=EmptyModule(doc=docstring(doc)),
            )
            for path, doc in packages.items()
        ),
        PlannedFile(
            path=f"{root}/persistence/session.py",
            template="project/infrastructure/session.py.j2",
            view=session_module(system),
        ),
        *_migrations(system),
        *_caching(root, system),
        *_purging(root, system),
        *_seeds(root, system),
    )


def context_files(system: System, context: Context) -> Iterator[PlannedFile]:
    """Yield the rows, repositories and read models of one context."""
    if not context.has_work:
        return
    root = f"src/{system.app.package}/infrastructure"
    folder = f"{root}/persistence/{spell_module(context.name.snake)}"
    entities = tuple(entity.qname for entity in context.entities)
    owned = tuple(
        qname for qname in system.children if qname.partition(".")[0] == context.name.snake
    )
    shown = tuple(one.projection.qname for one in context.projections)
    asked = tuple(query.qname for query in queries_of(context))
    of_module = {"read_models": shown, "questions": asked}
    views: dict[str, tuple[str, object]] = {
        "__init__": ("package", persistence_package(context, system)),
        "repositories": ("repositories", repositories_module(context, system)),
    }
    if context.entities:
        views["rows"] = ("rows", rows_module(context, system))
    if context.entities and has_access(system):
        views["access"] = ("access", row_access_module(context, system))
    if queries_of(context):
        views["questions"] = ("questions", questions_module(context, system))
    if has_read_models(context):
        views["read_models"] = ("read_models", read_models_module(context, system))
    for name, (template, view) in views.items():
        yield PlannedFile(
            path=f"{folder}/{name}.py",
            template=f"context/infrastructure/{template}.py.j2",
            view=view,
            elements=(*entities, *owned, *of_module.get(name, ())),
        )

    yield from _custom_questions(folder, context, system)


def _custom_questions(folder: str, context: Context, system: System) -> Iterator[PlannedFile]:
    stubs = custom_questions(context)
    if stubs:
        yield PlannedFile(
            path=f"{folder}/custom/__init__.py",
            template="context/empty.py.j2",
            view=EmptyModule(
                doc=docstring("Questions that are answered by code that was written by hand.")
            ),
        )
    for query in stubs:
        module = layout.custom_question(system, query).module.rpartition(".")[2]
        yield PlannedFile(
            path=f"{folder}/custom/{module}.py",
            template="context/custom.py.j2",
            view=custom_question(system, query),
            file_class=FileClass.SEED,
            elements=(query.qname,),
        )


def _migrations(system: System) -> Iterator[PlannedFile]:
    environment = environment_module(system)
    paths = {
        "alembic.ini": "project/alembic.ini.j2",
        "migrations/env.py": "project/migrations/env.py.j2",
        "migrations/script.py.mako": "project/migrations/script.py.mako.j2",
    }
    for path, template in paths.items():
        yield PlannedFile(path=path, template=template, view=environment)


def revision_files(
    revisions: tuple[Revision, ...] | None, system: System
) -> tuple[PlannedFile, ...]:
    """Return the revisions to write, which are their owner's from then on.

    Args:
        revisions: What is different from the last run; None: there was no last run.
        system: The system.
    """
    made = (first_revision(schema(system)),) if revisions is None else revisions
    return tuple(
        PlannedFile(
            path=revision_path(revision),
            template="project/migrations/revision.py.j2",
            view=revision_module(revision, package=system.app.package),
            file_class=FileClass.SEED,
        )
        for revision in made
    )


def _caching(root: str, system: System) -> Iterator[PlannedFile]:
    if system.has_shared_cache:
        yield PlannedFile(
            path=f"{root}/caching.py",
            template="project/infrastructure/caching.py.j2",
            view=bootstrap_module(system),
        )


def _purging(root: str, system: System) -> Iterator[PlannedFile]:
    purged = purged_entities(system)
    if purged:
        yield PlannedFile(
            path=f"{root}/persistence/purging.py",
            template="project/infrastructure/purging.py.j2",
            view=purging_module(system),
            elements=tuple(entity.qname for entity in purged),
        )


def _seeds(root: str, system: System) -> Iterator[PlannedFile | CopiedFile]:
    if not system.seeds:
        return
    yield PlannedFile(
        path=f"{root}/persistence/seeds.py",
        template="project/infrastructure/seeds.py.j2",
        view=seeds_module(system),
    )
    for number, seed in numbered(system.seeds):
        path = seed_path(seed, number, system)
        if seed.file is not None:
            yield CopiedFile(
                path=path,
                source=Path(seed.file),
                file_class=FileClass.MERGED,
                elements=(seed.entity,),
            )
        else:
            yield PlannedFile(
                path=path,
                template="project/infrastructure/seed_rows.json.j2",
                view=seed_rows(seed),
                elements=(seed.entity,),
            )
