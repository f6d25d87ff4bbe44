# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What Alembic runs for every command: which database, and which tables it should have."""

import shop.infrastructure.persistence.shop.rows as shop_rows
from shop.core.settings import Settings
from shop.infrastructure.persistence.session import SCHEMAS, Row, create_database
from shop.support.core.settings import load_settings
from shop.support.infrastructure.migration_environment import run_environment

# Importing the rows puts their tables into the metadata.
ROWS = (shop_rows,)

run_environment(
    Row.metadata,
    engine=lambda: create_database(load_settings(Settings)),
    schemas=SCHEMAS,
)
