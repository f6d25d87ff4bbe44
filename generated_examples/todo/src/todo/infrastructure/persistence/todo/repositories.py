# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Aggregates of todo as rows, and rows as aggregates.

Everything else about storing them is in the support package.
"""

from todo.domain.todo.aggregates import Task
from todo.domain.todo.value_objects import TaskId
from todo.infrastructure.persistence.todo.rows import TaskRow
from todo.support.infrastructure.repository import SqlRepository
from todo.support.infrastructure.unit_of_work import SqlUnitOfWork


class SqlTaskRepository(SqlRepository[Task, TaskId, TaskRow]):
    """Each task as a row of the table tasks."""

    row_type = TaskRow
    resource = "task"

    def to_row(self, entity: Task) -> TaskRow:
        """Return the rows that the aggregate should have."""
        return TaskRow(
            id=entity.id,
            title=entity.title,
            done=entity.done,
            due_on=entity.due_on,
            created_at=entity.created_at,
            updated_at=entity.updated_at,
            version=entity.version,
        )

    def to_aggregate(self, row: TaskRow) -> Task:
        """Return the aggregate that the rows hold."""
        return Task(
            id=row.id,
            title=row.title,
            done=row.done,
            due_on=row.due_on,
            created_at=row.created_at,
            updated_at=row.updated_at,
            version=row.version,
        )


class SqlTodoUnitOfWork(SqlUnitOfWork):
    """One transaction over todo."""

    @property
    def tasks(self) -> SqlTaskRepository:
        """The repository of Task."""
        return SqlTaskRepository(self.session)
