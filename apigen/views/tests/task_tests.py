"""What the templates of a project's tests of background tasks are given."""

from apigen.ir.system import System
from apigen.python import layout
from apigen.python.imports import ImportSet
from apigen.python.literals import text, tuple_of
from apigen.values import dataclass
from apigen.views.application.tasks import tasks_constant
from apigen.views.interface.resources import overseers


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskTests:
    """tests/integration/test_tasks.py."""

    imports: tuple[str, ...]
    definitions: str
    """Source of what says how tasks are treated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRouteTests:
    """tests/e2e/test_background_tasks.py."""

    imports: tuple[str, ...]
    contract: str
    path: str
    """Literal."""
    definitions: str
    overseers: str
    """Source of the roles that see every task; empty where nobody is asked who they are."""


def task_tests(system: System) -> TaskTests:
    """Return the view of the tests of tasks."""
    imports = ImportSet("tests.integration.test_tasks")
    imports.add(f"{system.app.package}.bootstrap", "bootstrap")
    imports.add(f"{system.app.package}.core.settings", "Settings")
    imports.use(layout.support(system, "application.task_runner", "TaskRunner"))
    imports.use(layout.support(system, "testing.contracts.tasks", "TaskContract"))
    definitions = _definitions(system, imports)
    return TaskTests(definitions=definitions, imports=imports.render())


def task_route_tests(system: System) -> TaskRouteTests:
    """Return the view of the tests of the routes of tasks."""
    imports = ImportSet("tests.e2e.test_background_tasks")
    session = f"{system.app.package}.infrastructure.persistence.session"
    imports.add(session, "TASKS_TABLE")
    is_secured = system.security is not None
    place, name = "testing.contracts.tasks", "TaskRoutesContract"
    if is_secured:
        place, name = "testing.contracts.task_access", "SecuredTaskRoutesContract"
    contract = imports.use(layout.support(system, place, name))
    definitions = _definitions(system, imports)
    roles = "(" + "".join(f"{text(role)}, " for role in overseers(system)) + ")"
    return TaskRouteTests(
        contract=contract,
        path=text(f"{system.api.root}/tasks"),
        definitions=definitions,
        overseers=roles if is_secured else "",
        imports=imports.render(),
    )


def _definitions(system: System, imports: ImportSet) -> str:
    constants = [
        imports.add(
            layout.application(system, context.name.snake, "tasks"), tasks_constant(context)
        )
        for context in system.contexts
        if context.tasks
    ]
    if len(constants) == 1:
        return constants[0]
    return tuple_of(f"*{one}" for one in constants)
