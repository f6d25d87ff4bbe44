"""Plan `shared/`: what every layer of a project may use beside its core (requirement 25.1).

The specification fills none of its four folders; each says what belongs there.
"""

from collections.abc import Collection

from apigen.ir.system import System
from apigen.plan.file import PlannedFile
from apigen.python.literals import docstring
from apigen.views.localization import has_localized_texts, localization_module
from apigen.views.packages import EmptyModule
from apigen.views.project.composition import bootstrap_module

_FOLDERS = {
    "": "What every layer may use, beside core.\n\nIt imports core only.",
    "caching": "Keys of caches, and what drops them.\n\nEmpty: nothing is cached, because every "
    "read is one statement on a connection that is open already.",
    "localization": "Messages in several languages.\n\nEmpty: messages are in one language, and "
    "programs go by their codes.",
    "utils": "Small functions that no layer owns.\n\nEmpty: what exists is named after what it "
    "does, in `support/core`.",
    "validation": "Validators that several layers share.\n\nEmpty: well-known formats are checked "
    "by `support/core/formats.py`, constraints of fields by the domain.",
}


def files(system: System) -> tuple[PlannedFile, ...]:
    """Return the packages of `shared/`."""
    root = f"src/{system.app.package}/shared"
    if system.has_cache:
        return (*_packages(root, system, _FOLDERS.keys() - {"caching"}), _caching(root, system))
    return _packages(root, system, _FOLDERS.keys())


def _caching(root: str, system: System) -> PlannedFile:
    return PlannedFile(
        path=f"{root}/caching/__init__.py",
        template="project/caching.py.j2",
        view=bootstrap_module(system),
    )


def _packages(root: str, system: System, folders: Collection[str]) -> tuple[PlannedFile, ...]:
    has_locales = has_localized_texts(system)
    return tuple(
        PlannedFile(
            path=f"{root}/{folder}/__init__.py" if folder else f"{root}/__init__.py",
            template="project/shared/localization.py.j2",
            view=localization_module(system),
        )
        if folder == "localization" and has_locales
        else PlannedFile(
            path=f"{root}/{folder}/__init__.py" if folder else f"{root}/__init__.py",
            template="context/empty.py.j2",
            view=EmptyModule(doc=docstring(doc)),
        )
        for folder, doc in _FOLDERS.items()
        if folder in folders
    )
