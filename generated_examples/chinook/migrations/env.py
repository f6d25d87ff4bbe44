# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What Alembic runs for every command: which database, and which tables it should have."""

import chinook.infrastructure.persistence.catalog.rows as catalog_rows
import chinook.infrastructure.persistence.sales.rows as sales_rows
from chinook.core.settings import Settings
from chinook.infrastructure.persistence.session import SCHEMAS, Row, create_database
from chinook.support.core.settings import load_settings
from chinook.support.infrastructure.migration_environment import run_environment

# Importing the rows puts their tables into the metadata.
ROWS = (
    catalog_rows,
    sales_rows,
)

run_environment(
    Row.metadata,
    engine=lambda: create_database(load_settings(Settings)),
    schemas=SCHEMAS,
)
