"""A project made by a small rendering, so that a test of the command line takes milliseconds.

What the layers really make is for `tests/generated`; `test_whole_pipeline.py` runs the real thing.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from apigen import driver
from apigen.cli.app import app
from apigen.evolve.revision import Revision
from apigen.ir.system import System
from apigen.plan.file import FileClass
from apigen.render.renderer import RenderedFile, Rendering

SPEC = """apigen: 1
app: shop
entities:
  Product:
    fields:
      name: str(1..200)
"""

type Run = Callable[..., Result]


def small_rendering(
    system: System, *, revisions: tuple[Revision, ...] = (), **_: object
) -> Rendering:
    """Make a file for each entity that lists its fields, a seed, a vendored file, migrations."""
    files = [
        RenderedFile(
            path=f"src/{system.app.package}/{entity.name.snake}.py",
            content="".join(f"{field.attribute} = 1\n" for field in entity.fields).encode(),
            file_class=FileClass.MERGED,
            elements=(entity.qname,),
            executable=False,
        )
        for entity in system.entities.values()
    ]
    files += [
        RenderedFile(
            path=f"migrations/versions/{revision.id}_{revision.slug}.py",
            content=f"revision = {revision.id!r}\ndown_revision = {revision.down!r}\n".encode(),
            file_class=FileClass.SEED,
            elements=(),
            executable=False,
        )
        for revision in revisions
    ]
    for path, file_class in (
        ("README.md", FileClass.SEED),
        (f"src/{system.app.package}/support/a.py", FileClass.VENDORED),
    ):
        files.append(
            RenderedFile(
                path=path,
                content=b"text = 1\n",
                file_class=file_class,
                elements=(),
                executable=False,
            )
        )
    return Rendering(files=tuple(sorted(files, key=lambda file: file.path)))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a command in an empty folder, with the small rendering."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(driver, "render_system", small_rendering)
    runner = CliRunner()

    def invoke(*arguments: str, answers: str = "") -> Result:
        return runner.invoke(app, arguments, input=answers)

    return invoke


@pytest.fixture
def project(run: Run, tmp_path: Path) -> Path:
    """A project in `./shop`."""
    (tmp_path / "shop.yaml").write_text(SPEC)
    done = run("init", "shop", "--spec", "shop.yaml")
    assert done.exit_code == 0, done.output
    return tmp_path / "shop"


def add_field(project: Path) -> None:
    """Change the spec so that `src/shop/product.py` must change."""
    spec = project / "apigen.yaml"
    spec.write_text(spec.read_text() + "      note: text?\n")
