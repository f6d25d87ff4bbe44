"""Sample a generated service under load and write where its time goes into this folder's README.

    python -m tests.benchmarks.profile.run [--seconds S] [--operations get,page]
        [--database sqlite|postgresql] [--preset minimal] [--no-table]

Run in the environment of the serving benchmark (`make bench-profile`). Exits with 1 when the
service answers with errors, 2 when something is missing.
"""

import argparse
import platform
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.benchmarks.profile.stacks import PARTS, Profile, profile
from tests.benchmarks.readme import with_measured
from tests.benchmarks.serving import cores, generated
from tests.benchmarks.serving.client import Call
from tests.benchmarks.serving.databases import Databases, PostgresqlDatabases, SqliteDatabases
from tests.benchmarks.serving.domain import products
from tests.benchmarks.serving.load import LoadError, press, require_wrk
from tests.benchmarks.serving.operations import OPERATIONS, Operation
from tests.benchmarks.serving.processes import Program, Running, ServerFailed
from tests.benchmarks.serving.run import SERVER_URL
from tests.benchmarks.serving.table import TITLES

ROOT = Path(__file__).parents[3]
README = Path(__file__).with_name("README.md")
CONNECTIONS = 32
_RATE = 200
"""Samples a second: for each, py-spy stops the process a while."""
_FUNCTIONS = 12
"""As many are listed."""
_SERIALS = 10_000_000
"""Numbers of rows that one run may use."""
_NAME = "profiled"
_PACKAGE = generated.TARGET.partition(".")[0]


class ProfilerFailed(RuntimeError):
    """py-spy is missing, or may not look into other processes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiled:
    """One operation."""

    cpu_us: float
    """What the thread of the event loop used of its core for a request while nobody looked."""
    threads_us: float
    """What its other threads used: those in which SQLite works."""
    profile: Profile


type Found = dict[str, Profiled]
"""By name of the operation."""


def main() -> int:
    """Profile everything that is asked for."""
    asked = _arguments()
    names = asked.operations.split(",")
    operations = [one for one in OPERATIONS if one.name in names]
    databases = (asked.database,) if asked.database else tuple(TITLES)
    head = (
        f"{platform.machine()}, Python {platform.python_version()}; `preset: {asked.preset}`, "
        f"{CONNECTIONS} connections, {asked.seconds} s an operation, {_RATE} samples a second."
    )
    parts = [head]
    try:
        require_wrk()
        for name in databases:
            found = _on_database(name, operations, asked)
            parts.append(f"### {TITLES[name]}\n\n{_part_table(operations, found)}")
            parts.append(_function_table(operations[0], found[operations[0].name]))
    except (LoadError, ServerFailed) as problem:
        print(problem, file=sys.stderr)
        return 1
    except (ProfilerFailed, psycopg.OperationalError) as problem:
        print(problem, file=sys.stderr)
        return 2
    text = "\n\n".join(parts)
    if asked.no_table:
        print(text)
        return 0
    README.write_text(with_measured(README.read_text("utf-8"), text), encoding="utf-8")
    return 0


def _on_database(
    name: str, operations: Sequence[Operation], asked: argparse.Namespace
) -> dict[str, Profiled]:
    rows = products()
    place = cores.choose()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="profile-")))
        databases: Databases = (
            SqliteDatabases(folder, rows)
            if name == "sqlite"
            else PostgresqlDatabases(asked.postgresql, rows)
        )
        stack.callback(databases.drop)
        project = generated.make(
            asked.preset,
            apigen=ROOT / ".venv/bin/apigen",
            folder=folder,
            python=sys.executable,
        )
        url = databases.make(_NAME, project.migrate, is_generated=True)
        program = Program(
            name=_NAME,
            target=generated.TARGET,
            environment=project.environment(url),
            folder=project.folder,
            is_factory=True,
        )
        server = stack.enter_context(
            Running(program, core=place.worker, log=folder / "profiled.log")
        )
        service = _Service(server, databases, place)
        found: Found = {}
        for operation in operations:
            calls = operation.calls(server.client, rows)
            middle = len(calls) // 2
            loop_s, threads_s = service.load(operation, calls[:middle], seconds=asked.seconds)
            watching = _watch(server.process_id, asked.seconds, folder, place.load)
            # A second more, in which py-spy starts.
            service.load(operation, calls[middle:], seconds=asked.seconds + 1)
            found[operation.name] = Profiled(
                cpu_us=loop_s * 1e6,
                threads_us=threads_s * 1e6,
                profile=profile(
                    _stacks(watching, folder), package=_PACKAGE, within="uvicorn/server.py"
                ),
            )
            print(f"{name}: {operation.title}", flush=True)
    return found


class _Service:
    """What is profiled."""

    def __init__(self, running: Running, databases: Databases, place: cores.Cores) -> None:
        self._running = running
        self._databases = databases
        self._place = place
        self._serial = 0

    def load(self, operation: Operation, calls: Sequence[Call], *, seconds: int) -> list[float]:
        """Press it for some seconds, and put back the rows.

        Returns:
            The CPU of one request, of the thread of the event loop and of all others.

        Raises:
            LoadError: It has answered with an error.
        """
        self._databases.settle(self._place.load)
        before = self._running.threads_cpu_s()
        sample = press(
            self._running.port,
            calls,
            seconds=seconds,
            connections=CONNECTIONS,
            core=self._place.load,
            serial=self._serial,
        )
        after = self._running.threads_cpu_s()
        self._serial += _SERIALS
        self._running.cut_log()
        if operation.writes:
            self._databases.reset(_NAME)
        requests = sample.per_second * seconds
        return [(end - begin) / requests for begin, end in zip(before, after, strict=True)]


def _watch(process: int, seconds: int, folder: Path, core: int | None) -> "subprocess.Popen[str]":
    """Begin to sample a process.

    Raises:
        ProfilerFailed: py-spy is missing.
    """
    command = [str(Path(sys.executable).with_name("py-spy")), "record", "--native"]
    command += ["--format", "raw", "--rate", str(_RATE), "--duration", str(seconds)]
    command += ["--output", str(folder / "stacks"), "--pid", str(process)]
    try:
        return subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=cores.pinned(core),
        )
    except FileNotFoundError as error:
        raise ProfilerFailed("py-spy is not in the environment of the benchmark") from error


def _stacks(watching: "subprocess.Popen[str]", folder: Path) -> list[str]:
    """Return the stacks when all are sampled.

    Raises:
        ProfilerFailed: py-spy has said why.
    """
    _, said = watching.communicate()
    if watching.returncode:
        raise ProfilerFailed(f"py-spy failed; it may need the right to trace processes:\n{said}")
    path = folder / "stacks"
    lines = path.read_text("utf-8").splitlines()
    path.unlink()
    return lines


def _part_table(operations: Sequence[Operation], found: Mapping[str, Profiled]) -> str:
    """Return a line a part: microseconds, and their share of the event loop's thread."""
    lines = [
        f"| µs of CPU | {' | '.join(one.title for one in operations)} |",
        "|---" + "|---:" * len(operations) + "|",
    ]
    for part in PARTS:
        shares = [
            found[one.name].profile.parts.get(part, 0) / found[one.name].profile.total
            for one in operations
        ]
        if any(shares):
            cells = [
                f"{share * found[one.name].cpu_us:,.0f} ({share:.0%})"
                for share, one in zip(shares, operations, strict=True)
            ]
            lines.append(f"| {part} | {' | '.join(cells)} |")
    threads = [found[one.name].threads_us for one in operations]
    if max(threads) >= 1:
        lines.append(
            f"| other threads: SQLite, the log | {' | '.join(f'{us:,.0f}' for us in threads)} |"
        )
    whole = [found[one.name].cpu_us + us for one, us in zip(operations, threads, strict=True)]
    lines.append(f"| a request | {' | '.join(f'**{us:,.0f}**' for us in whole)} |")
    return "\n".join(lines)


def _function_table(operation: Operation, profiled: Profiled) -> str:
    """Return the functions that have most samples of their own."""
    lines = [f"Most of its own time, {operation.title}:", "", "| function | |", "|---|---:|"]
    most = sorted(profiled.profile.functions.items(), key=lambda pair: -pair[1])[:_FUNCTIONS]
    for name, count in most:
        lines.append(f"| `{name}` | {count / profiled.profile.total:.1%} |")
    return "\n".join(lines)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Sample a service under load")
    parser.add_argument("--seconds", type=int, default=8, help="of an operation")
    parser.add_argument("--operations", default=",".join(one.name for one in OPERATIONS))
    parser.add_argument("--database", choices=tuple(TITLES), help="both by default")
    parser.add_argument("--preset", choices=tuple(generated.SPECS), default="standard")
    parser.add_argument("--postgresql", default=SERVER_URL, metavar="URL")
    parser.add_argument("--no-table", action="store_true", help="print the table, write nothing")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
