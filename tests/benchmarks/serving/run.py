"""Measure all servers and write the table and the chart of this folder's README.

    python -m tests.benchmarks.serving.run [--rounds N] [--seconds S] [--servers a,g,h]
        [--operations get,page] [--database sqlite|postgresql] [--no-table]

Run in the environment of `requirements.txt` (`make bench-serving`). Exits with 1 when a server
answers wrongly or with errors, 2 when something is missing.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg

from tests.benchmarks import readme as parts
from tests.benchmarks.serving import cores, generated
from tests.benchmarks.serving.catalogue import SERVERS, Server
from tests.benchmarks.serving.chart import write_chart
from tests.benchmarks.serving.checks import WrongAnswer
from tests.benchmarks.serving.databases import Databases, PostgresqlDatabases, SqliteDatabases
from tests.benchmarks.serving.domain import products
from tests.benchmarks.serving.load import LoadError, require_wrk
from tests.benchmarks.serving.measuring import check, measure
from tests.benchmarks.serving.operations import OPERATIONS, Operation
from tests.benchmarks.serving.processes import (
    DATABASE_VARIABLE,
    Program,
    Running,
    ServerFailed,
)
from tests.benchmarks.serving.results import Measured, Plan
from tests.benchmarks.serving.table import CHART, with_tables

ROOT = Path(__file__).parents[3]
README = Path(__file__).with_name("README.md")
SERVER_URL = "postgresql://postgres@127.0.0.1:5432/postgres"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is to be measured."""

    servers: tuple[Server, ...]
    operations: tuple[Operation, ...]
    databases: tuple[str, ...]
    plan: Plan
    server_url: str
    rows: int


def main() -> int:
    """Check and measure, print each result as it is known, write the table and the chart."""
    arguments = _arguments()
    choice = _choice(arguments)
    load = os.getloadavg()
    try:
        require_wrk()
        measured = {name: _on_database(name, choice) for name in choice.databases}
    except (WrongAnswer, LoadError, ServerFailed) as problem:
        print(problem, file=sys.stderr)
        return 1
    except psycopg.OperationalError as problem:
        print(f"PostgreSQL: {problem}", file=sys.stderr)
        return 2
    readme = with_tables(
        README.read_text("utf-8"),
        measured,
        servers=choice.servers,
        operations=choice.operations,
        plan=choice.plan,
        load=load,
        cores=cores.choose(),
    )
    if arguments.no_table:
        print(parts.measured(readme))
        return 0
    README.write_text(readme, encoding="utf-8")
    write_chart(
        README.with_name(CHART), measured, servers=choice.servers, operations=choice.operations
    )
    return 0


def _on_database(name: str, choice: Choice) -> Measured:
    """Start everything on one kind of database, check it, measure it, take it down."""
    chosen = cores.choose()
    rows = products(choice.rows)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=f"serving-{name}-")))
        databases: Databases = (
            SqliteDatabases(folder, rows)
            if name == "sqlite"
            else PostgresqlDatabases(choice.server_url, rows)
        )
        stack.callback(databases.drop)
        programs = _programs(choice.servers, databases, folder)
        running = {
            server: stack.enter_context(
                Running(program, core=chosen.worker, log=folder / f"{server.letter}.log")
            )
            for server, program in programs.items()
        }
        print(f"{name}: checking {len(running)} servers", flush=True)
        check(running, choice.operations, databases, rows)
        return measure(
            running,
            choice.operations,
            databases,
            rows,
            choice.plan,
            chosen,
            lambda line: print(f"{name}  {line}", flush=True),
        )


def _programs(
    servers: Sequence[Server], databases: Databases, folder: Path
) -> dict[Server, Program]:
    """Make what each server needs: its project, its database."""

    @cache
    def project(preset: str) -> generated.Project:
        return generated.make(
            preset, apigen=ROOT / ".venv/bin/apigen", folder=folder, python=sys.executable
        )

    def program(server: Server) -> Program:
        if server.is_generated:
            made = project(server.module)
            url = databases.make(server.letter, made.migrate, is_generated=True)
            return Program(
                name=server.title,
                target=generated.TARGET,
                environment=made.environment(url),
                folder=made.folder,
                is_factory=True,
            )
        url = databases.make(server.letter, project("minimal").migrate, is_generated=False)
        environment = {
            key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"
        }
        return Program(
            name=server.title,
            target=f"tests.benchmarks.serving.servers.{server.module}:app",
            environment={**environment, DATABASE_VARIABLE: url},
            folder=ROOT,
        )

    return {server: program(server) for server in servers}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure servers of one domain")
    parser.add_argument("--rounds", type=int, default=3, help="none: only check the answers")
    parser.add_argument("--seconds", type=int, default=2)
    parser.add_argument("--warm-up", type=int, default=1, metavar="SECONDS")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--servers", default=",".join(server.letter for server in SERVERS))
    parser.add_argument("--operations", default=",".join(one.name for one in OPERATIONS))
    parser.add_argument("--database", choices=("postgresql", "sqlite"), help="both by default")
    parser.add_argument("--postgresql", default=SERVER_URL, metavar="URL")
    parser.add_argument("--no-table", action="store_true", help="print the table, write nothing")
    arguments = parser.parse_args()
    if arguments.seconds < 1:
        parser.error("--seconds: at least one")
    return arguments


def _choice(arguments: argparse.Namespace) -> Choice:
    letters = arguments.servers.split(",")
    names = arguments.operations.split(",")
    return Choice(
        servers=tuple(server for server in SERVERS if server.letter in letters),
        operations=tuple(operation for operation in OPERATIONS if operation.name in names),
        databases=(arguments.database,) if arguments.database else ("postgresql", "sqlite"),
        plan=Plan(
            rounds=arguments.rounds,
            seconds=arguments.seconds,
            warm_up_s=arguments.warm_up,
            connections=arguments.connections,
        ),
        server_url=arguments.postgresql,
        rows=arguments.rows,
    )


if __name__ == "__main__":
    sys.exit(main())
