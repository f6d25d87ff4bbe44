# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Rows of the context todo, one class a table."""

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from todo.domain.todo.value_objects import TaskId
from todo.infrastructure.persistence.session import Row
from todo.support.infrastructure.column_types import UtcDateTime
from todo.support.infrastructure.rows import VersionedRow


class TaskRow(VersionedRow, Row):
    """A row of the table tasks."""

    __tablename__ = "tasks"
    __table_args__ = (
        sa.CheckConstraint(
            'length("title") >= 1 AND length("title") <= 200', name="ck_tasks_title_length"
        ),
    )

    id: Mapped[TaskId] = mapped_column(sa.Uuid(), primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(sa.String(200))
    done: Mapped[bool] = mapped_column(sa.Boolean())
    due_on: Mapped[dt.date | None] = mapped_column(sa.Date())
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
