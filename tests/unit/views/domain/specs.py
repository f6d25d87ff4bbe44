"""Small systems for the tests of this folder, made by the real front end."""

from pathlib import Path

from apigen.ir.system import System
from apigen.lower.system import lower
from apigen.plan import application, domain
from apigen.render.renderer import render
from apigen.spec.reader import read


def system_of(folder: Path, spec: str) -> System:
    """Read and lower a spec that has no mistakes."""
    path = folder / "apigen.yaml"
    path.write_text(f"apigen: 1\napp: shop\n{spec}")
    document = read(path)
    assert document.value is not None, document.diagnostics
    outcome = lower(document.value)
    assert outcome.value is not None
    assert not outcome.has_errors, outcome.diagnostics
    return outcome.value


def rendered(folder: Path, spec: str) -> dict[str, str]:
    """Return the modules of domain and application by path below the package."""
    system = system_of(folder, spec)
    files = [
        file
        for layer in (domain, application)
        for made in (
            layer.files(system),
            *(layer.context_files(system, one) for one in system.contexts),
        )
        for file in made
    ]
    rendering = render(files, package="shop", spec_folder=folder)
    return {file.path.removeprefix("src/shop/"): file.text for file in rendering.files}
