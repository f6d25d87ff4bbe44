"""What the templates of Alembic's environment and of a revision are given.

A revision does what `apigen.evolve` worked out; here it is spelt, for both databases at once.
"""

from apigen.evolve.revision import Revision
from apigen.ir.system import System
from apigen.python import layout
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring
from apigen.values import dataclass
from apigen.views.migrations.source import Spelling
from apigen.views.migrations.steps import lines

_NOTHING = "pass"


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionModule:
    """One file of migrations/versions."""

    message: str
    """Begin of its docstring, with the quotes."""
    revision: str
    revises: str
    """For the docstring."""
    down: str
    """Source: a text, several, or None."""
    waits_for_code: bool
    """Applied when no process of the version before runs any more."""
    imports: tuple[str, ...]
    upgrade_doc: str
    upgrade: tuple[str, ...]
    downgrade_doc: str
    downgrade: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvironmentModule:
    """migrations/env.py."""

    imports: tuple[str, ...]
    package: str
    rows: tuple[str, ...]
    """The modules of rows, as the module calls them."""
    options: tuple[str, ...]
    """Arguments, as source, that are not what holds when nothing is said."""


def environment_module(system: System) -> EnvironmentModule:
    """Return the view of what Alembic runs."""
    package = system.app.package
    imports = ImportSet("migrations.env", ["ROWS"])
    imports.add(f"{package}.core.settings", "Settings")
    imports.add(f"{package}.support.core.settings", "load_settings")
    imports.add(f"{package}.support.infrastructure.migration_environment", "run_environment")
    for name in ("SCHEMAS", "Row", "create_database"):
        imports.add(f"{package}.infrastructure.persistence.session", name)
    rows = tuple(
        imports.module(
            f"{layout.persistence(system, context.name.snake)}.rows", f"{context.name.snake}_rows"
        )
        for context in system.contexts
        if context.entities
    )
    wanted = system.database.migrations
    options = []
    if wanted.lock_timeout_s is not None:
        options.append(f"lock_timeout_s={wanted.lock_timeout_s!r}")
    if not wanted.checksum:
        options.append("has_checksums=False")
    return EnvironmentModule(
        imports=imports.render(), package=package, rows=rows, options=tuple(options)
    )


def revision_module(revision: Revision, *, package: str) -> RevisionModule:
    """Return the view of a revision."""
    imports = ImportSet("")
    imports.add("alembic", "op")
    spelling = Spelling(
        imports=imports,
        package=package,
        zero_downtime=revision.zero_downtime,
        autocommit=revision.autocommit,
    )
    upgrade = lines(revision.operations, spelling)
    downgrade = lines(revision.undo, spelling)
    first = not revision.down
    downs = ", ".join(f'"{one}"' for one in revision.down)
    return RevisionModule(
        message=docstring("\n\n".join((revision.message, *revision.notes)))
        .removesuffix('"""')
        .rstrip("\n"),
        revision=revision.id,
        revises=", ".join(revision.down) or "nothing",
        down="None" if first else downs if len(revision.down) == 1 else f"({downs})",
        waits_for_code=revision.waits_for_code,
        imports=imports.render(),
        upgrade_doc=docstring(
            "Make the tables, those that others refer to first." if first else "Go forward."
        ),
        upgrade=upgrade or (_NOTHING,),
        downgrade_doc=docstring("Drop the tables, in the opposite order." if first else "Go back."),
        downgrade=downgrade or (_NOTHING,),
    )


def revision_path(revision: Revision) -> str:
    """Return where a revision stands in the project."""
    return f"migrations/versions/{revision.id}_{revision.slug}.py"
