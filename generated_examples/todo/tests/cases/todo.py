# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What the tests of todo work on: samples, edges and changes of each entity."""

from todo.application.todo.dtos import TaskCreate, TaskUpdate
from todo.application.todo.mappers import TASK_READ, apply_task_update, task_from_create
from todo.domain.todo.aggregates import Task
from todo.domain.todo.repositories import TodoUnitOfWork
from todo.domain.todo.value_objects import TaskId
from todo.infrastructure.persistence.todo import SqlTodoUnitOfWork
from todo.support.testing.cases import EntityCase, Probe, columns

TASK = EntityCase[Task, TodoUnitOfWork, TaskId](
    name="todo.Task",
    create=lambda data: task_from_create(TaskCreate.model_validate_json(data)),
    change=lambda entity, data: apply_task_update(entity, TaskUpdate.model_validate_json(data)),
    show=lambda entity: TASK_READ.to_dto(entity).to_json(),
    unit_of_work=SqlTodoUnitOfWork,
    repository=lambda work: work.tasks,
    samples=columns(
        {
            "title": ["Title 1", "Title 2", "Title 3", "Title 4", "Title 5"],
            "done": [True, False, True, False, True],
            "due_on": ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04", "2026-01-05"],
        }
    ),
    keys=(
        "018f0000-0000-7000-8000-000000000001",
        "018f0000-0000-7000-8000-000000000002",
        "018f0000-0000-7000-8000-000000000003",
        "018f0000-0000-7000-8000-000000000004",
        "018f0000-0000-7000-8000-000000000005",
        "018f0000-0000-7000-8000-0000000003e6",
    ),
    required=("title",),
    defaults={"done": False, "due_on": None},
    changes={"title": "Title 2", "done": False, "due_on": "2026-01-02"},
    nullable=("due_on",),
    fixed=("id", "created_at", "updated_at", "version"),
    closed=("id", "created_at", "updated_at", "version"),
    accepted=(Probe("title", "x", "shortest"), Probe("title", "x" * 200, "longest")),
    refused=(
        Probe("title", None, "null"),
        Probe("title", {"no": "scalar"}, "wrong type"),
        Probe("title", "", "too short"),
        Probe("title", "x" * 201, "too long"),
        Probe("done", None, "null"),
        Probe("done", {"no": "scalar"}, "wrong type"),
        Probe("due_on", {"no": "scalar"}, "wrong type"),
    ),
)
