# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What can be asked of tasks over HTTP."""

from starlette.requests import Request
from starlette.responses import Response

from todo.application.todo.dtos import TaskCreate, TaskRead, TaskUpdate
from todo.application.todo.mappers import TASK_READ
from todo.application.todo.queries import TASKS
from todo.domain.todo.value_objects import TaskId
from todo.interface.api.dependencies import TodoDependency
from todo.support.application.dtos import PaginatedResponse
from todo.support.interface.openapi import IF_MATCH, answered, parameters_of_list, parameters_of_one
from todo.support.interface.problems import problems
from todo.support.interface.replies import Replies
from todo.support.interface.routing import ResourceRouter

router = ResourceRouter(prefix="/tasks", tags=["Tasks"])
replies = Replies(read=TASK_READ, query=TASKS, has_etag=True)


@router.get(
    "",
    response_model=PaginatedResponse[TaskRead],
    openapi_extra=parameters_of_list(TASKS),
    operation_id="list_tasks",
    responses=problems(422),
)
async def list_tasks(request: Request, handlers: TodoDependency) -> Response:
    """List tasks."""
    return await replies.page(request, handlers.task_reader)


@router.post(
    "",
    status_code=201,
    response_model=TaskRead,
    operation_id="create_task",
    responses=answered(201, "Location", "ETag") | problems(409, 413, 415, 422),
)
async def create_task(request: Request, data: TaskCreate, handlers: TodoDependency) -> Response:
    """Create one task."""
    return replies.created(request, await handlers.tasks.create(data))


@router.get(
    "/{task_id}",
    response_model=TaskRead,
    openapi_extra=parameters_of_one(TASKS, has_etag=True),
    operation_id="get_task",
    responses=answered(200, "ETag") | answered(304, "ETag") | problems(404, 422),
)
async def get_task(request: Request, task_id: TaskId, handlers: TodoDependency) -> Response:
    """Read one task."""
    return await replies.one(request, handlers.task_reader, task_id)


@router.patch(
    "/{task_id}",
    response_model=TaskRead,
    openapi_extra=IF_MATCH,
    operation_id="update_task",
    responses=answered(200, "ETag") | problems(404, 409, 412, 413, 415, 422),
)
async def update_task(
    request: Request, task_id: TaskId, data: TaskUpdate, handlers: TodoDependency
) -> Response:
    """Change what is sent of one task."""
    expected = await replies.expected_version(request, handlers.task_reader, task_id)
    return replies.changed(
        request, await handlers.tasks.update(task_id, data, expected_version=expected)
    )
