"""Plan the tests of a project: cases, strategies, and unit, integration and e2e tests."""

from collections.abc import Iterable, Iterator

from apigen.ir.system import Context, Entity, System
from apigen.plan.file import Placed, PlannedFile, ProjectFile
from apigen.python.identifiers import spell_module
from apigen.views.application import custom_handlers
from apigen.views.interface.compression import compression_tests
from apigen.views.interface.rate_limits import is_limited, rate_limit_tests
from apigen.views.interface.served import has_task_routes
from apigen.views.project.metrics import metrics_tests
from apigen.views.tests import (
    access_tests,
    case_tables,
    command_tests,
    contract_tests,
    e2e_tests,
    file_tests,
    fixtures,
    strategies,
    task_tests,
    write_tests,
)
from apigen.views.versions import endings
from apigen.views.versions.systems import context_in, older_systems

_PACKAGES = {
    "tests/unit": "Tests of single classes, without a database.",
    "tests/integration": "Tests against databases.",
    "tests/e2e": "Tests of the API over HTTP.",
}


def files(system: System, placed: Iterable[Placed]) -> Iterator[ProjectFile]:
    """Yield the test files that belong to no context; none when the spec wants none.

    Args:
        system: The system.
        placed: The files of its contexts, of which some are cases.
    """
    if not system.outputs.tests:
        return
    cases = {_cases_path(context): context for context in system.contexts}
    cased = {
        cases[file.path].qname: frozenset(file.elements) for file in placed if file.path in cases
    }
    conftest = fixtures.conftest(system)
    yield _package(system, "tests", "Tests of the project.", template="tests/package.py.j2")
    yield PlannedFile(
        path="tests/conftest.py", template="project/tests/conftest.py.j2", view=conftest
    )
    yield PlannedFile(
        path="tests/cases/__init__.py",
        template="project/tests/cases.py.j2",
        view=case_tables.registry(system, cased),
    )
    for path, doc in _PACKAGES.items():
        yield _package(system, path, doc)
    if system.commands:
        yield PlannedFile(
            path="tests/integration/conftest.py",
            template="project/tests/conftest_integration.py.j2",
            view=conftest,
        )
    if system.security is not None:
        yield PlannedFile(
            path="tests/e2e/conftest.py",
            template="project/tests/conftest_e2e.py.j2",
            view=conftest,
        )
    yield PlannedFile(
        path="tests/integration/test_migrations.py",
        template="project/tests/test_migrations.py.j2",
        view=conftest,
    )
    yield PlannedFile(
        path="tests/e2e/test_service.py",
        template="project/tests/test_service.py.j2",
        view=contract_tests.service(system),
    )
    if is_limited(system):
        yield PlannedFile(
            path="tests/e2e/test_rate_limits.py",
            template="project/tests/test_rate_limits.py.j2",
            view=rate_limit_tests(system),
        )
    if system.metrics is not None:
        yield PlannedFile(
            path="tests/e2e/test_metrics.py",
            template="project/tests/test_metrics.py.j2",
            view=metrics_tests(system, system.metrics),
        )
    compressed = compression_tests(system)
    if compressed is not None:
        yield PlannedFile(
            path="tests/e2e/test_compression.py",
            template="project/tests/test_compression.py.j2",
            view=compressed,
        )
    if endings.has_endings(system):
        yield PlannedFile(
            path="tests/e2e/test_endings.py",
            template="project/tests/test_endings.py.j2",
            view=endings.endings(system),
        )
    if system.has_tasks:
        yield PlannedFile(
            path="tests/integration/test_tasks.py",
            template="project/tests/test_tasks.py.j2",
            view=task_tests.task_tests(system),
        )
    if has_task_routes(system):
        yield PlannedFile(
            path="tests/e2e/test_background_tasks.py",
            template="project/tests/test_background_tasks.py.j2",
            view=task_tests.task_route_tests(system),
        )
    if system.outputs.hypothesis:
        yield _package(system, "tests/strategies", "Hypothesis strategies of payloads.")


def context_files(system: System, context: Context) -> Iterator[ProjectFile]:
    """Yield the cases, strategies and tests of one context."""
    if not system.outputs.tests:
        return
    tables = case_tables.Tables(system)
    older = tuple(case_tables.Tables(one) for one in older_systems(system).values())
    folder = spell_module(context.name.snake)
    entities = tables.entities(context)
    value_objects = contract_tests.value_object_tests(tables, context)
    written = custom_handlers.written_tests(system, context)
    if entities or value_objects is not None or written is not None:
        yield _package(system, f"tests/unit/{folder}", f"Unit tests of {folder}.")
    if value_objects is not None:
        yield PlannedFile(
            path=f"tests/unit/{folder}/test_value_objects.py",
            template="context/tests/test_value_objects.py.j2",
            view=value_objects,
        )
    if written is not None:
        yield PlannedFile(
            path=f"tests/unit/{folder}/test_custom.py",
            template="context/tests/test_custom.py.j2",
            view=written,
        )
    elements = tuple(entity.qname for entity in entities)
    served = [entity for entity in entities if entity.resource is not None]
    asked = {
        "access": access_tests.access_tests(tables, context),
        "files": file_tests.file_tests(tables, context),
        "writes": write_tests.write_tests(tables, context),
    }
    if served or any(view is not None for view in asked.values()):
        yield _package(system, f"tests/e2e/{folder}", f"End-to-end tests of {folder}.")
    for name, view in asked.items():
        if view is not None:
            yield PlannedFile(
                path=f"tests/e2e/{folder}/test_{name}.py",
                template="context/tests/test_asked.py.j2",
                view=view,
                elements=elements,
            )
    for one, entity in _resources(system, context, (tables, *older)):
        yield PlannedFile(
            path=f"tests/e2e/{folder}/{e2e_tests.resource_tests_name(one.system, entity)}.py",
            template="context/tests/test_resource.py.j2",
            view=e2e_tests.resource_tests(one, context, entity),
            elements=(entity.qname,),
        )
    if entities:
        yield from _of_entities(system, tables, older, context)


def _of_entities(
    system: System,
    tables: case_tables.Tables,
    older: tuple[case_tables.Tables, ...],
    context: Context,
) -> Iterator[ProjectFile]:
    """Yield the cases, and the tests of what stands behind the API."""
    folder = spell_module(context.name.snake)
    entities = tables.entities(context)
    elements = tuple(entity.qname for entity in entities)
    views: list[tuple[str, str, object]] = [
        (_cases_path(context), "cases", case_tables.cases_module(tables, context, older)),
        (
            f"tests/unit/{folder}/test_aggregates.py",
            "test_cases",
            contract_tests.aggregate_tests(tables, context),
        ),
        (
            f"tests/integration/{folder}/test_repositories.py",
            "test_cases",
            contract_tests.repository_tests(tables, context),
        ),
    ]
    if any(entity.audit is not None for entity in entities):
        path = f"tests/integration/{folder}/test_audit.py"
        views.append((path, "test_cases", contract_tests.audit_tests(tables, context)))
    removal = contract_tests.purge_tests(tables, context)
    if removal.classes:
        views.append((f"tests/integration/{folder}/test_purging.py", "test_cases", removal))
    encryption = contract_tests.encryption_tests(tables, context)
    if encryption.classes:
        views.append((f"tests/integration/{folder}/test_encryption.py", "test_cases", encryption))
    mappers = contract_tests.mapper_tests(tables, context, older)
    if mappers.classes:
        views.append((f"tests/unit/{folder}/test_mappers.py", "test_cases", mappers))
    if mappers.classes and system.outputs.hypothesis:
        views += [
            (f"tests/strategies/{folder}.py", "strategies", strategies.strategies(tables, context)),
            (
                f"tests/unit/{folder}/test_properties.py",
                "test_properties",
                strategies.properties(tables, context),
            ),
        ]
    yield _package(system, f"tests/integration/{folder}", f"Integration tests of {folder}.")
    for path, template, view in views:
        yield PlannedFile(
            path=path,
            template=f"context/tests/{template}.py.j2",
            view=view,
            elements=elements,
        )
    commands = command_tests.command_tests(tables, context)
    if commands is not None:
        yield PlannedFile(
            path=f"tests/integration/{folder}/test_commands.py",
            template="context/tests/test_commands.py.j2",
            view=commands,
            elements=elements,
        )


def _resources(
    system: System, context: Context, every: tuple[case_tables.Tables, ...]
) -> Iterator[tuple[case_tables.Tables, Entity]]:
    """Yield what is served, once for each version of the API that has routes of its own.

    Tests ask for a version by the path; where it is chosen otherwise they ask for the newest.
    """
    newest, *older = every
    for entity in newest.entities(context):
        if entity.resource is not None:
            yield newest, entity
    known: set[str] = set()
    for one in older if system.api.versioning == "path" else ():
        for entity in one.entities(context_in(one.system, context)):
            name = e2e_tests.resource_tests_name(one.system, entity)
            is_new = entity.qname in one.system.resource_endings and name not in known
            if entity.resource is not None and is_new:
                known.add(name)
                yield one, entity


def _cases_path(context: Context) -> str:
    return f"tests/cases/{spell_module(context.name.snake)}.py"


def _package(
    system: System, path: str, doc: str, template: str = "tests/subpackage.py.j2"
) -> PlannedFile:
    return PlannedFile(
        path=f"{path}/__init__.py",
        template=f"project/{template}",
        view=contract_tests.package(system, doc),
    )
