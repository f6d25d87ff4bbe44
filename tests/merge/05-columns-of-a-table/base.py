"""The first tables."""

import sqlalchemy as sa
from alembic import op


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
    )
