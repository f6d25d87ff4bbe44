"""The projects that apigen makes of the one domain, a preset each.

`standard` is the spec with `preset: standard`, which is what exists of it (compression,
idempotency keys), CORS for a named origin, a limit of bodies, and the access log, which `minimal`
is measured without. Requests are not limited: there is no rate that a preset could know.
"""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ENTITIES = """\
entities:
  Product:
    fields:
      sku: str(1..40) unique
      name: str(1..200) sort filter
      price: decimal precision=12 scale=2
      description: text
      stock: int(0..) sort filter
      active: bool filter
    api:
      operations: { bulk_create: true }

projections:
  # The same rows by cursor: a list of an entity is cut in one way only.
  ProductFeed:
    of: Product
    fields:
      id: id(Product)
      sku: str
      name: str
      price: decimal precision=12 scale=2
      description: text
      stock: int
      active: bool
      created_at: datetime
      updated_at: datetime
      version: int
    api: { pagination: cursor }
"""

SPECS: Mapping[str, str] = {
    "minimal": f"""\
apigen: 1
app: products
features: {{ preset: minimal }}

{ENTITIES}""",
    "standard": f"""\
apigen: 1
app: products
features: {{ preset: standard }}
api:
  cors: {{ origins: ["https://example.org"] }}
  body_limit: 1mb

{ENTITIES}""",
}
"""By preset."""

POOLS = {"DATABASE__POOL_SIZE": "5", "DATABASE__MAX_OVERFLOW": "0"}
"""Five connections for queries and five for transactions: ten, as every server has."""

_ENVIRONMENTS: Mapping[str, Mapping[str, str]] = {
    "minimal": {"LOG__ACCESS": "false", **POOLS},
    "standard": {"LOG__ACCESS": "true", **POOLS},
}

TARGET = "products.main:create_app"
"""What uvicorn imports: a factory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A generated project on disk."""

    folder: Path
    python: str
    """The interpreter of the environment that has its distributions."""
    settings: Mapping[str, str]
    """What it is told by its environment, beside its database."""

    def environment(self, database_url: str) -> dict[str, str]:
        """Return what its processes are told; nothing else may come from a `.env` file."""
        inherited = {
            key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"
        }
        return {
            **inherited,
            **self.settings,
            "PYTHONPATH": str(self.folder / "src"),
            "DATABASE_URL": database_url,
            "LOG__FORMAT": "json",
        }

    def migrate(self, database_url: str) -> None:
        """Make its tables.

        Raises:
            subprocess.CalledProcessError: A migration failed.
        """
        subprocess.run(
            [self.python, "-m", "alembic", "upgrade", "head"],
            cwd=self.folder,
            env=self.environment(database_url),
            check=True,
        )


def make(preset: str, *, apigen: Path, folder: Path, python: str) -> Project:
    """Make the project of a preset in a new folder.

    Raises:
        subprocess.CalledProcessError: apigen refuses.
    """
    return make_of(
        SPECS[preset],
        name=preset,
        settings=_ENVIRONMENTS[preset],
        apigen=apigen,
        folder=folder,
        python=python,
    )


def make_of(
    spec: str,
    *,
    name: str,
    settings: Mapping[str, str],
    apigen: Path,
    folder: Path,
    python: str,
) -> Project:
    """Make a project of a spec of products in a new folder of a name.

    Raises:
        subprocess.CalledProcessError: apigen refuses.
    """
    path = folder / f"{name}.yaml"
    path.write_text(spec, encoding="utf-8")
    project = folder / name
    arguments = ["init", "products", "--spec", str(path), "--dir", str(project), "--yes"]
    subprocess.run([apigen, *arguments], check=True, capture_output=True)
    subprocess.run([python, "-m", "compileall", "-q", project / "src"], check=True)
    return Project(folder=project, python=python, settings=settings)
