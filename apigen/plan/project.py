"""Plan the files at a project's root and its scripts.

Which root files there are, and which of them can only be written once the code's imports are
known (`dependent_files`). What stands in them is `apigen.views.project`.
"""

from apigen.ir.system import System
from apigen.plan.dependencies import Dependencies
from apigen.plan.file import FileClass, PlannedFile, ProjectFile
from apigen.views.infrastructure.purging import purged_entities
from apigen.views.project import root_files as views
from apigen.views.project import scripts as script_views


def files(system: System) -> tuple[ProjectFile, ...]:
    """Return the root files that do not list dependencies."""
    project = views.project(system)
    planned = [
        PlannedFile(
            path="README.md",
            template="project/README.md.j2",
            view=views.readme(system),
            file_class=FileClass.SEED,
        ),
        PlannedFile(path="Makefile", template="project/Makefile.j2", view=project),
        PlannedFile(path=".gitignore", template="project/gitignore.j2", view=project),
        PlannedFile(path=".gitattributes", template="project/gitattributes.j2", view=project),
        PlannedFile(path=".python-version", template="project/python-version.j2", view=project),
    ]
    if system.outputs.docker:
        planned += (
            PlannedFile(path="Dockerfile", template="project/Dockerfile.j2", view=project),
            PlannedFile(path=".dockerignore", template="project/dockerignore.j2", view=project),
            PlannedFile(
                path="compose.yaml",
                template="project/compose.yaml.j2",
                view=views.compose(system),
            ),
        )
    if system.outputs.ci == "github":
        planned.append(
            PlannedFile(
                path=".github/workflows/check.yml",
                template="project/github/check.yml.j2",
                view=views.workflow(system),
            )
        )
    if system.outputs.cli:
        planned += _scripts(system)
    return tuple(planned)


def dependent_files(system: System, *, dependencies: Dependencies) -> tuple[ProjectFile, ...]:
    """Return the files that list what the project depends on."""
    view = views.pyproject(
        system, dependencies=dependencies.runtime, development=dependencies.development
    )
    return (PlannedFile(path="pyproject.toml", template="project/pyproject.toml.j2", view=view),)


def _scripts(system: System) -> list[PlannedFile]:
    view = script_views.scripts(system)
    paths = (
        "README.md",
        "__init__.py",
        "cli/__init__.py",
        "cli/exceptions.py",
        "cli/validators.py",
        "cli/commands/__init__.py",
        "cli/commands/__main__.py",
        "cli/commands/db.py",
        "cli/commands/generate.py",
    )
    optional = (
        *(("cli/commands/purge.py",) if purged_entities(system) else ()),
        *(("cli/commands/seed.py",) if system.seeds else ()),
        *(("cli/commands/test.py",) if system.outputs.tests else ()),
        *(("cli/commands/keys.py",) if system.encrypted_fields else ()),
        *(("cli/commands/token.py",) if system.security is not None else ()),
        *(("cli/commands/task.py", "cli/commands/worker.py") if system.has_tasks else ()),
    )
    views: dict[str, object] = dict.fromkeys((*paths, *optional), view)
    if system.files is not None:
        views["cli/commands/files.py"] = script_views.file_commands(system)
    return [
        PlannedFile(path=f"scripts/{path}", template=f"project/scripts/{path}.j2", view=one)
        for path, one in views.items()
    ]
