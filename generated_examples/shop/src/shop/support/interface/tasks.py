"""How background tasks are: the routes that tell it, and that stop one.

Whoever has asked for a task may see it; overseers see all. Nobody sees what it was told: that may
be anything.

Source: requirement 67.3.
"""

from collections.abc import Collection
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query
from pydantic import AwareDatetime, Field
from starlette.requests import Request
from starlette.responses import Response

from ..application.dtos import Dto, PaginatedResponse
from ..core.context import current_context
from ..core.errors import InvalidStateError, NotFoundError, UnauthenticatedError
from ..core.tasks import TaskFilter, TaskQueue, TaskState, TaskStatus
from .parameters import require_known
from .problems import problems
from .public_path import public_path
from .routing import ResourceRouter

_Name = Annotated[str | None, Query(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9_.-]+$")]


class BackgroundTaskProgress(Dto):
    """How much of a task is done, as it says itself."""

    done: int
    total: int | None = Field(description="Null where it is not known.")
    message: str | None


class BackgroundTaskError(Dto):
    """Why the last attempt failed."""

    code: str
    message: str


class BackgroundTaskLinks(Dto):
    """Where to go on from a task."""

    self_: str = Field(alias="self")
    cancel: str | None = Field(description="Null once it is over.")


class BackgroundTaskRead(Dto):
    """A background task, and how far it is."""

    id: UUID
    name: str
    queue: str
    priority: int
    state: TaskState
    attempts: int = Field(description="How often it was begun.")
    progress: BackgroundTaskProgress | None
    error: BackgroundTaskError | None
    created_at: AwareDatetime
    due_at: AwareDatetime | None = Field(
        description="When it is begun at the earliest; null once it is over."
    )
    started_at: AwareDatetime | None = Field(description="When the last attempt began.")
    finished_at: AwareDatetime | None
    scheduled_for: AwareDatetime | None = Field(
        description="The time of its schedule that it is for."
    )
    links: BackgroundTaskLinks


async def task_queue(request: Request) -> TaskQueue:
    """Return the queue of the application."""
    queue: TaskQueue = request.app.state.tasks
    return queue


_Queue = Annotated[TaskQueue, Depends(task_queue)]


def task_router(*, overseers: Collection[str] | None) -> ResourceRouter:
    """Return the routes of background tasks.

    Args:
        overseers: Roles whose holders see every task; None where nobody is asked who they are, and
            everybody sees every task.
    """
    router = ResourceRouter(prefix="/tasks", tags=["Background tasks"])
    refusals = (401,) if overseers is not None else ()

    def visible_to_whom() -> str | None:
        """Return whose tasks may be seen; None: everybody's."""
        actor = current_context().actor
        if overseers is None or actor.is_system:
            return None
        if not actor.is_authenticated:
            raise UnauthenticatedError
        return None if any(actor.has_role(role) for role in overseers) else actor.id

    async def found(queue: TaskQueue, id: UUID) -> TaskStatus:
        owner = visible_to_whom()
        status = await queue.status(id)
        if status is None or (owner is not None and status.actor_id != owner):
            raise NotFoundError("background task", id)
        return status

    @router.get(
        "",
        response_model=PaginatedResponse[BackgroundTaskRead],
        operation_id="list_background_tasks",
        responses=problems(*refusals, 422),
    )
    async def list_background_tasks(
        request: Request,
        queue: _Queue,
        page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
        size: Annotated[int, Query(ge=1, le=100)] = 20,
        state: TaskState | None = None,
        name: _Name = None,
        queue_name: Annotated[_Name, Query(alias="queue")] = None,
    ) -> Response:
        """List background tasks, the newest first."""
        owner = visible_to_whom()
        require_known(request, "page", "size", "state", "name", "queue")
        wanted = TaskFilter(actor_id=owner, name=name, queue=queue_name, state=state)
        statuses, total = await queue.listed(wanted, limit=size, offset=(page - 1) * size)
        here = public_path(request)
        return _json(
            PaginatedResponse[BackgroundTaskRead](
                items=[_read(one, f"{here}/{one.id}") for one in statuses],
                total=total,
                page=page,
                size=size,
            )
        )

    @router.get(
        "/{task_id}",
        response_model=BackgroundTaskRead,
        operation_id="get_background_task",
        responses=problems(*refusals, 404, 422),
    )
    async def get_background_task(request: Request, task_id: UUID, queue: _Queue) -> Response:
        """Read one background task."""
        require_known(request)
        return _json(_read(await found(queue, task_id), public_path(request)))

    @router.post(
        "/{task_id}/cancel",
        response_model=BackgroundTaskRead,
        operation_id="cancel_background_task",
        responses=problems(*refusals, 404, 409, 422),
    )
    async def cancel_background_task(request: Request, task_id: UUID, queue: _Queue) -> Response:
        """Have a background task not be done, or not be done to its end."""
        require_known(request)
        status = await found(queue, task_id)
        if not await queue.cancel(task_id):
            states = (TaskState.QUEUED, TaskState.RUNNING)
            latest = await queue.status(task_id) or status
            raise InvalidStateError("cancel", state=latest.state, allowed=states)
        here = public_path(request).removesuffix("/cancel")
        return _json(_read(await found(queue, task_id), here))

    return router


def _json(content: Dto) -> Response:
    return Response(content.to_json(), media_type="application/json")


def _read(status: TaskStatus, path: str) -> BackgroundTaskRead:
    progress, error = status.progress, status.error
    return BackgroundTaskRead(
        id=status.id,
        name=status.name,
        queue=status.queue,
        priority=status.priority,
        state=status.state,
        attempts=status.attempts,
        progress=None
        if progress is None
        else BackgroundTaskProgress(
            done=progress.done, total=progress.total, message=progress.message
        ),
        error=None
        if error is None
        else BackgroundTaskError(code=error.code, message=error.message),
        created_at=status.created_at,
        due_at=status.due_at,
        started_at=status.started_at,
        finished_at=status.finished_at,
        scheduled_for=status.scheduled_for,
        links=BackgroundTaskLinks(
            self=path, cancel=None if status.state.is_over else f"{path}/cancel"
        ),
    )
