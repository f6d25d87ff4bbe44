"""The first tables."""

import sqlalchemy as sa
from alembic import op


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        # Searched by prefix.
        sa.Column("title", sa.String(300), nullable=False, index=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(80)),  # for links
        sa.PrimaryKeyConstraint("id", name="pk_tasks"),
    )
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
