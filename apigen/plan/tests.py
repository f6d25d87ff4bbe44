"""Plan the tests of a project: cases, strategies, and unit, integration and e2e tests."""

from collections.abc import Iterator

from apigen.ir.system import Context, System
from apigen.plan.file import PlannedFile, ProjectFile
from apigen.python.identifiers import spell_module
from apigen.views import case_tables, custom_handlers, e2e_tests, strategies, tests

_PACKAGES = {
    "tests/unit": "Tests of single classes, without a database.",
    "tests/integration": "Tests against databases.",
    "tests/e2e": "Tests of the API over HTTP.",
}


def files(system: System) -> tuple[ProjectFile, ...]:
    """Return the test files; none when the spec wants none."""
    if not system.outputs.tests:
        return ()
    tables = case_tables.Tables(system)
    return tuple(_files(system, tables))


def _files(system: System, tables: case_tables.Tables) -> Iterator[ProjectFile]:
    conftest = tests.conftest(system)
    yield _package(system, "tests", "Tests of the project.", template="tests/package.py.j2")
    yield PlannedFile(
        path="tests/conftest.py", template="project/tests/conftest.py.j2", view=conftest
    )
    yield PlannedFile(
        path="tests/cases/__init__.py",
        template="project/tests/cases.py.j2",
        view=case_tables.registry(tables),
    )
    for path, doc in _PACKAGES.items():
        yield _package(system, path, doc)
    yield PlannedFile(
        path="tests/integration/test_migrations.py",
        template="project/tests/test_migrations.py.j2",
        view=conftest,
    )
    yield PlannedFile(
        path="tests/e2e/test_service.py",
        template="project/tests/test_service.py.j2",
        view=tests.service(system),
    )
    if system.outputs.hypothesis:
        yield _package(system, "tests/strategies", "Hypothesis strategies of payloads.")
    for context in system.contexts:
        yield from _context_files(system, tables, context)


def _context_files(
    system: System, tables: case_tables.Tables, context: Context
) -> Iterator[ProjectFile]:
    folder = spell_module(context.name.snake)
    entities = tables.entities(context)
    value_objects = tests.value_object_tests(tables, context)
    if entities or value_objects is not None:
        yield _package(system, f"tests/unit/{folder}", f"Unit tests of {folder}.")
    if value_objects is not None:
        yield PlannedFile(
            path=f"tests/unit/{folder}/test_value_objects.py",
            template="context/tests/test_value_objects.py.j2",
            view=value_objects,
        )
    written = custom_handlers.written_tests(system, context)
    if written is not None:
        yield PlannedFile(
            path=f"tests/unit/{folder}/test_custom.py",
            template="context/tests/test_custom.py.j2",
            view=written,
        )
    if not entities:
        return
    elements = tuple(entity.qname for entity in entities)
    views: list[tuple[str, str, object]] = [
        (f"cases/{folder}", "cases", case_tables.cases_module(tables, context)),
        (f"unit/{folder}/test_aggregates", "test_cases", tests.aggregate_tests(tables, context)),
        (
            f"integration/{folder}/test_repositories",
            "test_cases",
            tests.repository_tests(tables, context),
        ),
    ]
    mappers = tests.mapper_tests(tables, context)
    if mappers.classes:
        views.append((f"unit/{folder}/test_mappers", "test_cases", mappers))
    if mappers.classes and system.outputs.hypothesis:
        views += [
            (f"strategies/{folder}", "strategies", strategies.strategies(tables, context)),
            (
                f"unit/{folder}/test_properties",
                "test_properties",
                strategies.properties(tables, context),
            ),
        ]
    yield _package(system, f"tests/integration/{folder}", f"Integration tests of {folder}.")
    for path, template, view in views:
        yield PlannedFile(
            path=f"tests/{path}.py",
            template=f"context/tests/{template}.py.j2",
            view=view,
            elements=elements,
        )
    served = [entity for entity in entities if entity.resource is not None]
    if served:
        yield _package(system, f"tests/e2e/{folder}", f"End-to-end tests of {folder}.")
    for entity in served:
        yield PlannedFile(
            path=f"tests/e2e/{folder}/test_{entity.name.plural_snake}.py",
            template="context/tests/test_resource.py.j2",
            view=e2e_tests.resource_tests(tables, context, entity),
            elements=(entity.qname,),
        )


def _package(
    system: System, path: str, doc: str, template: str = "tests/subpackage.py.j2"
) -> PlannedFile:
    return PlannedFile(
        path=f"{path}/__init__.py",
        template=f"project/{template}",
        view=tests.package(system, doc),
    )
