"""Databases on a PostgreSQL server that tests were told of."""

from urllib.parse import urlsplit

import asyncpg


async def ensure(url: str) -> None:
    """Connect to the database of `url`, creating it on a server that has it not.

    Raises:
        OSError: no server answers.
        asyncpg.PostgresError: the server refuses.
    """
    parts = urlsplit(url.replace("postgresql+asyncpg:", "postgresql:", 1))
    name = parts.path.removeprefix("/")
    try:
        connection = await asyncpg.connect(parts.geturl(), timeout=5)
    except asyncpg.InvalidCatalogNameError:
        connection = await asyncpg.connect(parts._replace(path="/postgres").geturl(), timeout=5)
        quoted = name.replace('"', '""')
        await connection.execute(f'CREATE DATABASE "{quoted}"')
    await connection.close()


async def drop(url: str) -> None:
    """Drop the database of `url`, whoever is still connected to it."""
    parts = urlsplit(url.replace("postgresql+asyncpg:", "postgresql:", 1))
    quoted = parts.path.removeprefix("/").replace('"', '""')
    connection = await asyncpg.connect(parts._replace(path="/postgres").geturl(), timeout=5)
    await connection.execute(f'DROP DATABASE IF EXISTS "{quoted}" WITH (FORCE)')
    await connection.close()
