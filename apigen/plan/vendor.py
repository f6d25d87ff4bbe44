"""Choose the support modules that a project needs: the closure of what its code imports.

A copy is byte for byte, so the imports inside the support package are relative. Whoever imports
`<package>.support.core.result` gets that module, its packages, and what those import.
"""

import sys
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import apigen
from apigen.diagnostics.internal_error import InternalError
from apigen.plan.file import CopiedFile
from apigen.plan.imports import Import, exact_imports, external_imports
from apigen.values import dataclass

_ROOT = "support"


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """The support modules of some code, and what they and the code import from third parties."""

    modules: tuple[str, ...]
    """Posix paths below apigen/support, sorted."""
    third_party: tuple[str, ...]
    """Top-level module names, sorted."""

    def united(self, other: "Closure") -> "Closure":
        """Return what either needs."""
        return Closure(
            modules=tuple(sorted({*self.modules, *other.modules})),
            third_party=tuple(sorted({*self.third_party, *other.third_party})),
        )

    def copies(self, package: str) -> tuple[CopiedFile, ...]:
        """Return the files to copy into a project."""
        return tuple(
            CopiedFile(path=f"src/{package}/{_ROOT}/{module}", source=module)
            for module in self.modules
        )


def closure(texts: Mapping[str, str], *, package: str) -> Closure:
    """Follow the imports of generated code into the support package.

    Args:
        texts: Path in the project to Python source.
        package: The project's import package.

    Raises:
        InternalError: generated code imports a support module that does not exist.
    """
    prefix = f"{package}.{_ROOT}"
    third_party: set[str] = set()
    pending: list[str] = []
    for found in sorted(external_imports(texts, package=package)):
        if found.module.partition(".")[0] != package:
            third_party.add(found.module.partition(".")[0])
            continue
        inside = Import(
            module=f"{found.module}.".removeprefix(f"{prefix}.").removesuffix("."),
            name=found.name,
        )
        pending.extend(_modules(inside, importer="generated code"))
    modules: set[str] = set()
    while pending:
        module = pending.pop()
        if module in modules:
            continue
        modules.add(module)
        inner, outer = _needs(module)
        pending.extend(inner)
        third_party.update(outer)
    return Closure(modules=tuple(sorted(modules)), third_party=tuple(sorted(third_party)))


@cache
def _needs(module: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the support modules and the third-party modules that one support module imports."""
    text = (support_root() / module).read_text(encoding="utf-8")
    inner: list[str] = []
    outer: list[str] = []
    # `support/` stands in front, so that a relative import resolves to `support.core.result`.
    for found in exact_imports(text, f"{_ROOT}/{module}"):
        top, _, rest = found.module.partition(".")
        if top == _ROOT:
            inner.extend(_modules(Import(module=rest, name=found.name), importer=module))
        elif top not in sys.stdlib_module_names:
            outer.append(top)
    return tuple(inner), tuple(outer)


def _modules(found: Import, *, importer: str) -> Iterable[str]:
    """Return the files that one import of the support package loads, packages included."""
    parts = [part for part in found.module.split(".") if part]
    there = _files(support_root())
    packages = ["/".join((*parts[:depth], "__init__.py")) for depth in range(len(parts) + 1)]
    as_module = "/".join(parts) + ".py"
    if parts and as_module in there:
        packages[-1] = as_module
    elif found.name and "/".join((*parts, f"{found.name}.py")) in there:
        packages.append("/".join((*parts, f"{found.name}.py")))
    missing = [file for file in packages if file not in there]
    if missing:
        raise InternalError(f"{importer} imports support.{found.module}: no {missing[0]}")
    return packages


@cache
def _files(root: Path) -> frozenset[str]:
    """Return the modules of a support package: asking for each costs more than asking once."""
    return frozenset(
        (folder / name).relative_to(root).as_posix()
        for folder, _, names in root.walk()
        for name in names
        if name.endswith(".py")
    )


def support_root() -> Path:
    """Return the folder of the support package that projects get copies from."""
    return Path(apigen.__file__).parent / _ROOT
