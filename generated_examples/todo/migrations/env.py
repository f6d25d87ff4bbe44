# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What Alembic runs for every command: which database, and which tables it should have."""

import todo.infrastructure.persistence.todo.rows as todo_rows
from todo.core.settings import Settings
from todo.infrastructure.persistence.session import SCHEMAS, Row, create_database
from todo.support.core.settings import load_settings
from todo.support.infrastructure.migration_environment import run_environment

# Importing the rows puts their tables into the metadata.
ROWS = (todo_rows,)

run_environment(
    Row.metadata,
    engine=lambda: create_database(load_settings(Settings)),
    schemas=SCHEMAS,
)
