# Written by apigen from apigen.yaml. Yours from now on: regenerate writes the next one.
"""Make all tables.

Revision ID: 2c890136dd4e
Revises: nothing
"""

import sqlalchemy as sa
from alembic import op

from todo.support.infrastructure.column_types import UtcDateTime

revision = "2c890136dd4e"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, those that others refer to first."""
    op.create_table(
        "tasks",
        sa.Column("id", sa.Uuid(), autoincrement=False, nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
        sa.CheckConstraint(
            'length("title") >= 1 AND length("title") <= 200', name="ck_tasks_title_length"
        ),
    )


def downgrade() -> None:
    """Drop the tables, in the opposite order."""
    op.drop_table("tasks")
