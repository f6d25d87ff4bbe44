"""Plan the frame of a project: its core, wiring, bootstrap, entry point and `.env.example`.

Decides paths, templates and owners only; what a template sees is in `apigen.views.project`.
"""

from apigen.ir.system import System
from apigen.plan.file import CopiedFile, FileClass, PlannedFile
from apigen.python.literals import docstring
from apigen.views.packages import EmptyModule
from apigen.views.project.composition import (
    bootstrap_module,
    errors_module,
    main_module,
    protocols_module,
    settings_module,
    wiring_module,
)
from apigen.views.project.parts import is_made_of_parts
from apigen.views.project.tokens import tokens_module


def files(system: System) -> tuple[PlannedFile | CopiedFile, ...]:
    """Return the modules of `core/`, those beside it, and `.env.example`."""
    root = f"src/{system.app.package}"
    settings = settings_module(system)
    views: dict[str, object] = {
        "core/errors.py": errors_module(system),
        "core/protocols.py": protocols_module(system),
        "core/settings.py": settings,
        "wiring.py": wiring_module(system),
        "bootstrap.py": bootstrap_module(system),
        "main.py": main_module(system),
    }
    if system.security is not None:
        views["infrastructure/tokens.py"] = tokens_module(system)
    templates: dict[str, str] = {}
    if is_made_of_parts(system):
        templates = {"wiring.py": "wiring_parts.py", "bootstrap.py": "bootstrap_parts.py"}
    packages = {
        "": system.app.doc or f"The project {system.app.title}.",
        "core/": "What every layer of this project may use: settings, errors, ports.",
    }
    return (
        *(
            PlannedFile(
                path=f"{root}/{path}__init__.py",
                template="context/empty.py.j2",
                view=EmptyModule(doc=docstring(doc)),
            )
            for path, doc in packages.items()
        ),
        *(
            PlannedFile(
                path=f"{root}/{path}",
                template=f"project/{templates.get(path, path)}.j2",
                view=view,
            )
            for path, view in views.items()
        ),
        PlannedFile(
            path=".env.example",
            template="project/.env.example.j2",
            view=settings,
            file_class=FileClass.SEED,
        ),
    )
