"""The layers and modules of generated projects, and that their contracts notice a violation."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.generated.projects import BIN, Projects, assert_clean, run

KINDS = {"aggregates", "entities", "events", "repositories", "services", "value_objects"}
FORBIDDEN = (
    pytest.param("domain", "infrastructure.persistence.session", id="domain-infrastructure"),
    pytest.param("domain", "interface.api.v1.tasks", id="domain-interface"),
    pytest.param("domain", "support.application.dtos", id="domain-application"),
    pytest.param(
        "application", "infrastructure.persistence.session", id="application-infrastructure"
    ),
    pytest.param("application", "interface.api.v1.tasks", id="application-interface"),
    pytest.param("infrastructure", "interface.api.v1.tasks", id="infrastructure-interface"),
    pytest.param("core", "domain.todo.aggregates", id="core-domain"),
    pytest.param("shared", "application.todo.dtos", id="shared-application"),
)


def modules(project: Path) -> Iterator[tuple[str, ast.Module]]:
    """Yield path and syntax tree of everything below `src`, vendored code included."""
    for place in sorted((project / "src").rglob("*.py")):
        yield place.relative_to(project).as_posix(), ast.parse(place.read_bytes())


def imports(project: Path, folder: str) -> Iterator[tuple[str, str]]:
    """Yield path and imported module of the generated modules below a folder of the package."""
    for place in sorted((project / "src").glob(f"*/{folder}/**/*.py")):
        for node in ast.walk(ast.parse(place.read_bytes())):
            path = place.relative_to(project).as_posix()
            if isinstance(node, ast.ImportFrom) and node.module:
                yield path, node.module
            elif isinstance(node, ast.Import):
                yield from ((path, alias.name) for alias in node.names)


@pytest.fixture(params=["todo", "chinook", "shop", "everything", "realms"])
def project(request: pytest.FixtureRequest, projects: Projects) -> Path:
    """A project to look at."""
    return projects.of(request.param)


@pytest.mark.criterion("R19.1", "R19.2", "R19.3", "R19.5")
@pytest.mark.parametrize(("layer", "target"), FORBIDDEN)
def test_an_import_outwards_breaks_the_contract(
    projects: Projects, tmp_path: Path, layer: str, target: str
) -> None:
    project = projects.copy("todo", tmp_path)
    (project / f"src/todo/{layer}/planted.py").write_text(f"import todo.{target}\n")

    done = run(BIN / "lint-imports", "--no-cache", cwd=project)

    assert done.returncode == 1
    assert f"todo.{layer}.planted" in done.stdout


@pytest.mark.criterion("R19.4")
def test_infrastructure_implements_the_ports_of_core(project: Path) -> None:
    """Mypy checks the structure; here, that the ports are those of `core/protocols`."""
    (package,) = (place.name for place in (project / "src").iterdir() if place.is_dir())
    ports = list(imports(project, "domain/*"))

    asked = {path for path, module in ports if path.endswith("/repositories.py")}
    from_core = {path for path, module in ports if module == f"{package}.core.protocols"}

    assert from_core
    assert from_core <= asked
    for place in (project / "src" / package / "infrastructure/persistence").glob(
        "*/repositories.py"
    ):
        assert "UnitOfWork" in place.read_text()


@pytest.mark.criterion("R19.5")
def test_the_interface_reaches_nothing_but_the_application(project: Path) -> None:
    (package,) = (place.name for place in (project / "src").iterdir() if place.is_dir())
    layers = {
        module.split(".")[1]
        for _, module in imports(project, "interface")
        if module.startswith(f"{package}.") and ".support." not in module
    }
    vendored = {
        module.split(".")[2]
        for _, module in imports(project, "interface")
        if module.startswith(f"{package}.support.")
    }

    assert layers <= {"application", "core", "domain", "interface"}
    assert vendored <= {"application", "core", "interface"}


@pytest.mark.criterion("R21.1", "R21.2", "R21.3")
def test_every_version_has_its_routers(project: Path) -> None:
    versioning = next((project / "src").glob("*/interface/api/versioning.py")).read_text()
    versions = [place for place in (project / "src").glob("*/interface/api/v*") if place.is_dir()]

    assert versions
    for version in versions:
        routers = [place for place in version.glob("*.py") if place.stem != "__init__"]
        assert routers
        for place in routers:
            # A version that answers as a newer one does has the router of that one.
            assert re.search(r"^(router = |from .* import router$)", place.read_text(), re.M), place
            assert f".interface.api.{version.name}.{place.stem} import router" in versioning


@pytest.mark.criterion("R24.1", "R24.2")
def test_each_context_has_the_six_modules(project: Path) -> None:
    contexts = [
        place
        for place in (project / "src").glob("*/domain/*")
        if place.is_dir() and place.name != "__pycache__"
    ]

    assert contexts
    for context in contexts:
        assert {place.stem for place in context.glob("*.py")} == KINDS | {"__init__"}


@pytest.mark.criterion("R24.4")
def test_a_module_without_content_says_why(project: Path) -> None:
    """Requirement 24.1 wants it to be there, 24.4 that nobody wonders what it is for."""
    for place in (project / "src").glob("*/domain/*/*.py"):
        tree = ast.parse(place.read_bytes())
        if place.stem != "__init__" and len(tree.body) == 1:
            doc = ast.get_docstring(tree) or ""
            assert len(doc.splitlines()) >= 3, place


@pytest.mark.criterion("R25.1")
def test_shared_has_its_four_packages(project: Path) -> None:
    (shared,) = (project / "src").glob("*/shared")

    packages = {place.parent.name for place in shared.glob("*/__init__.py")}

    assert packages == {"caching", "localization", "utils", "validation"}
    for name in packages:
        assert ast.get_docstring(ast.parse((shared / name / "__init__.py").read_bytes()))


@pytest.mark.criterion("R26.1", "R26.2", "R26.3", "R26.4")
def test_every_folder_of_modules_is_a_package(project: Path) -> None:
    """`migrations` is no package: Alembic runs its files by path."""
    folders = {
        place.parent
        for top in ("src", "scripts", "tests")
        for place in (project / top).rglob("*.py")
    }

    assert [folder for folder in sorted(folders) if not (folder / "__init__.py").is_file()] == []
    assert any(folder.name == "testing" for folder in folders)


@pytest.mark.criterion("R27.1", "R27.2", "R27.3", "R27.4", "R39.1")
def test_generics_are_spelled_with_type_parameters(project: Path) -> None:
    old = {"Dict", "Generic", "List", "Optional", "ParamSpec", "TypeAlias", "TypeVar", "Union"}

    found = [
        (path, alias.name)
        for path, tree in modules(project)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in ("typing", "typing_extensions")
        for alias in node.names
        if alias.name in old
    ]
    aliases = [
        n for _, tree in modules(project) for n in ast.walk(tree) if isinstance(n, ast.TypeAlias)
    ]

    assert found == []
    assert aliases


@pytest.mark.criterion("R28.1", "R28.2", "R28.4")
def test_no_class_is_a_protocol_and_an_abc(project: Path) -> None:
    classes = [
        (path, node, {ast.unparse(base).partition("[")[0] for base in node.bases})
        for path, tree in modules(project)
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    ]
    protocols = [(path, node) for path, node, bases in classes if "Protocol" in bases]

    assert [path for path, _, bases in classes if {"Protocol", "ABC"} <= bases] == []
    assert protocols
    for path, protocol in protocols:
        for method in protocol.body:
            if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef):
                assert is_contract(method), f"{path}: {protocol.name}.{method.name}"


def is_contract(method: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a method has a docstring and `...`, nothing to inherit."""
    return all(
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in method.body
    )


@pytest.mark.criterion("R101.1")
def test_it_stands_on_the_libraries_of_the_stack(project: Path) -> None:
    wanted = tomllib.loads((project / "pyproject.toml").read_text())["project"]["dependencies"]
    used = {module.partition(".")[0] for path, module in imports(project, ".")}

    for name in ("fastapi>=0.1", "pydantic>=2", "sqlalchemy[asyncio]>=2", "alembic>=1"):
        assert any(line.startswith(name) for line in wanted), name
    assert {"fastapi", "pydantic", "sqlalchemy", "alembic"} <= used


@pytest.mark.criterion("R103.1", "R103.2", "R103.3", "R103.4")
def test_its_tools_are_configured_and_pinned(project: Path) -> None:
    settings = tomllib.loads((project / "pyproject.toml").read_text())
    tools = {
        line.partition(">")[0].partition("=")[0] for line in settings["dependency-groups"]["dev"]
    }

    assert {"ruff", "mypy", "pytest", "pytest-asyncio", "hypothesis", "bandit"} <= tools
    assert settings["tool"]["mypy"]["strict"] is True
    assert "S" in settings["tool"]["ruff"]["lint"]["select"]


@pytest.mark.criterion("R105.1")
def test_its_image_has_stages_and_no_root(project: Path) -> None:
    lines = (project / "Dockerfile").read_text().splitlines()
    froms = [line for line in lines if line.startswith("FROM ")]

    assert len(froms) == 2
    assert all("-slim" in line for line in froms)
    assert any(line.startswith("COPY --from=build") for line in lines)
    assert [line for line in lines if line.startswith("USER")][-1] != "USER root"
    assert_clean(run(BIN / "hadolint", "Dockerfile", cwd=project))


def test_switches_leave_out_what_they_name(projects: Projects) -> None:
    bare = projects.of("bare")

    for absent in ("scripts", "Dockerfile", "compose.yaml", ".github", "tests"):
        assert not (bare / absent).exists()
    assert "hypothesis" not in (bare / "pyproject.toml").read_text()
