"""What the templates of a project's command line are given."""

from apigen.ir.system import System
from apigen.python import layout
from apigen.python.imports import ImportSet
from apigen.values import dataclass
from apigen.views.application.files import file_columns
from apigen.views.infrastructure.purging import purged_entities
from apigen.views.project.root_files import distribution, seed_sets
from apigen.views.project.tokens import first_role


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripts:
    """The scripts folder: `python -m scripts.cli.commands`."""

    package: str
    name: str
    has_seeds: bool
    has_purge: bool
    """Whether rows are removed for good."""
    has_tests: bool
    has_tokens: bool
    has_tasks: bool
    has_files: bool
    has_shared_cache: bool
    has_collections: bool
    """Whether arguments are looked up in collections."""
    first_seed_set: str
    """Shown in examples; empty without seeds."""
    role_option: str
    """An option with its blank, shown in examples; empty without roles."""
    rows: tuple[str, ...]
    """Imports of the modules of rows, where fields of any are encrypted."""
    row_modules: str
    """Source of a tuple of these modules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCommands:
    """cli/commands/files.py."""

    name: str
    imports: tuple[str, ...]
    columns: tuple[str, ...]
    """Source of every column that names a file."""


def file_commands(system: System) -> FileCommands:
    """Return what the commands about files need to know."""
    package = system.app.package
    imports = ImportSet("scripts.cli.commands.files")
    imports.add(f"{package}.core.settings", "Settings")
    imports.add(f"{package}.infrastructure.persistence.session", "create_database")
    for module, name in (
        ("core.settings", "load_settings"),
        ("infrastructure.file_sweep", "Sweep"),
        ("infrastructure.file_sweep", "orphans"),
        ("infrastructure.object_storage", "file_storage"),
    ):
        imports.use(layout.support(system, module, name))
    columns = file_columns(system, imports)
    return FileCommands(name=distribution(system), imports=imports.render(), columns=columns)


def scripts(system: System) -> Scripts:
    """Return what the command line of the project needs to know."""
    sets = seed_sets(system)
    role = first_role(system.security)
    has_tokens = system.security is not None
    imports = ImportSet("scripts.cli.commands.keys")
    modules = _row_modules(system, imports) if system.encrypted_fields else ()
    return Scripts(
        package=system.app.package,
        name=distribution(system),
        has_seeds=bool(sets),
        has_purge=bool(purged_entities(system)),
        has_tests=system.outputs.tests,
        has_tokens=has_tokens,
        has_tasks=system.has_tasks,
        has_collections=bool(sets) or has_tokens or system.has_tasks,
        has_files=system.files is not None,
        has_shared_cache=system.has_shared_cache,
        first_seed_set=sets[0] if sets else "",
        role_option=f" --role {role}" if role else "",
        rows=imports.render(),
        row_modules="(" + "".join(f"{module}, " for module in modules) + ")",
    )


def _row_modules(system: System, imports: ImportSet) -> tuple[str, ...]:
    return tuple(
        imports.module(
            f"{layout.persistence(system, context.name.snake)}.rows", f"{context.name.snake}_rows"
        )
        for context in system.contexts
        if context.entities
    )
