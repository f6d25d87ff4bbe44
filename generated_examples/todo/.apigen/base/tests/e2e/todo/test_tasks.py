# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The resource of Task over HTTP."""

from tests.cases import todo
from todo.support.testing.cases import Column, ResourceCase
from todo.support.testing.contracts.reading import GetContract, ListContract
from todo.support.testing.contracts.removal import DeleteContract
from todo.support.testing.contracts.writing import CreateContract, UpdateContract


class TestTasks(
    ListContract,
    GetContract,
    CreateContract,
    UpdateContract,
    DeleteContract,
):
    """Every operation and its errors."""

    case = ResourceCase(
        entity=todo.TASK,
        path="/api/v1/tasks",
        operations=frozenset(("list", "get", "create", "update", "delete")),
        filters=(
            Column(name="id", ops=("eq", "in")),
            Column(name="title", ops=("eq", "ne", "in", "contains", "startswith")),
            Column(name="done", kind="flag", ops=("eq",)),
            Column(name="due_on", ops=("eq", "ne", "in", "lt", "lte", "gt", "gte", "is_null")),
            Column(
                name="created_at", kind="moment", ops=("eq", "ne", "in", "lt", "lte", "gt", "gte")
            ),
            Column(
                name="updated_at", kind="moment", ops=("eq", "ne", "in", "lt", "lte", "gt", "gte")
            ),
        ),
        sorts=(
            Column(name="id"),
            Column(name="title"),
            Column(name="done", kind="flag"),
            Column(name="due_on"),
            Column(name="created_at", kind="moment"),
            Column(name="updated_at", kind="moment"),
        ),
    )
