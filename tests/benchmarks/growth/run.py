"""Measure what grows and write the tables and the chart of this folder's README.

    python -m tests.benchmarks.growth.run [--rows 1000,10000] [--entities 1,25]
        [--connections 1,32] [--workers 1,2] [--seconds S] [--no-table]

Run in the environment of the serving benchmark (`make bench-growth`). Exits with 1 when a server
answers with errors, 2 when something is missing.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import psycopg

from tests.benchmarks.growth.chart import Line, Panel, chart
from tests.benchmarks.growth.entities import Start, measure
from tests.benchmarks.growth.rows import QUESTIONS, Table
from tests.benchmarks.readme import with_measured
from tests.benchmarks.serving import cores, generated
from tests.benchmarks.serving.client import Call
from tests.benchmarks.serving.load import LoadError, Sample, press, require_wrk
from tests.benchmarks.serving.processes import Program, Running, ServerFailed

ROOT = Path(__file__).parents[3]
README = Path(__file__).with_name("README.md")
SERVER_URL = "postgresql://postgres@127.0.0.1:5432/postgres"

type ByPlace[T] = dict[int, T]


def main() -> int:
    """Measure everything that is asked for; print each figure as it is known."""
    asked = _arguments()
    load = os.getloadavg()
    try:
        require_wrk()
        with tempfile.TemporaryDirectory(prefix="growth-") as name:
            parts, panels = _measure(asked, Path(name))
    except (LoadError, ServerFailed) as problem:
        print(problem, file=sys.stderr)
        return 1
    except psycopg.OperationalError as problem:
        print(f"PostgreSQL: {problem}", file=sys.stderr)
        return 2
    head = (
        f"{platform.machine()}, Python {platform.python_version()}; runs of {asked.seconds} s; "
        f"load average before: {', '.join(f'{one:.2f}' for one in load)}."
    )
    text = "\n\n".join([head, "![what is below, as lines](growth.svg)", *parts])
    if asked.no_table:
        print(text)
        return 0
    README.write_text(with_measured(README.read_text("utf-8"), text), encoding="utf-8")
    README.with_name("growth.svg").write_text(chart(panels), encoding="utf-8")
    return 0


def _measure(asked: argparse.Namespace, folder: Path) -> tuple[list[str], list[Panel]]:
    """Return the parts of the README and the panels of the chart."""
    parts: list[str] = []
    panels: list[Panel] = []
    apigen = ROOT / ".venv/bin/apigen"
    project = generated.make("standard", apigen=apigen, folder=folder, python=sys.executable)
    table = Table(asked.postgresql, f"apigen_growth_{os.getpid()}")
    try:
        table.make(project.migrate)
        if asked.rows:
            rows = _rows(project, table, folder, asked)
            parts.append(_rows_table(rows))
            panels.append(_rows_panel(rows))
        if asked.connections:
            loads = _connections(project, table, folder, asked)
            parts.append(_connections_table(loads))
            panels += _connections_panels(loads)
    finally:
        table.drop()
    if asked.entities:
        starts = _entities(folder, asked)
        parts.append(_entities_table(starts))
        panels += _entities_panels(starts)
    return parts, panels


def _rows(
    project: generated.Project, table: Table, folder: Path, asked: argparse.Namespace
) -> ByPlace[dict[str, Sample]]:
    found: ByPlace[dict[str, Sample]] = {}
    for count in asked.rows:
        ids = table.grow(count)
        with _running(project, table, folder) as running:
            for question in QUESTIONS:
                calls = question.calls(running.client, ids, count)
                sample = _press(running, calls, question.connections, asked.seconds)
                found.setdefault(count, {})[question.name] = sample
                print(
                    f"{count:>11,} rows  {question.name:6} {sample.per_second:8.0f}/s", flush=True
                )
    return found


def _connections(
    project: generated.Project, table: Table, folder: Path, asked: argparse.Namespace
) -> dict[int, ByPlace[Sample]]:
    """Return, by number of workers and connections, how reading by id does."""
    ids = table.grow(10_000)
    found: dict[int, ByPlace[Sample]] = {}
    for workers in asked.workers:
        with _running(project, table, folder, workers=workers) as running:
            calls = QUESTIONS[0].calls(running.client, ids, 10_000)
            for count in asked.connections:
                sample = _press(running, calls, count, asked.seconds)
                found.setdefault(workers, {})[count] = sample
                print(
                    f"{workers} workers  {count:>4} connections {sample.per_second:8.0f}/s"
                    f"  p99 {sample.p99_ms:.1f} ms",
                    flush=True,
                )
    return found


def _running(
    project: generated.Project, table: Table, folder: Path, *, workers: int = 1
) -> Running:
    program = Program(
        name="generated service",
        target=generated.TARGET,
        environment=project.environment(table.url),
        folder=project.folder,
        is_factory=True,
        workers=workers,
    )
    # More workers than one take what cores there are.
    core = cores.choose().worker if workers == 1 else None
    return Running(program, core=core, log=folder / "server.log")


def _press(running: Running, calls: Sequence[Call], connections: int, seconds: int) -> Sample:
    for call in calls[:20]:
        running.client.send(call)
    sample = press(
        running.port,
        calls,
        seconds=seconds,
        connections=connections,
        core=cores.choose().load,
        serial=0,
    )
    running.cut_log()
    return sample


def _entities(folder: Path, asked: argparse.Namespace) -> ByPlace[Start]:
    found: ByPlace[Start] = {}
    for count in asked.entities:
        found[count] = measure(
            count, apigen=ROOT / ".venv/bin/apigen", folder=folder, python=sys.executable, runs=3
        )
        print(f"{count:>4} entities  {found[count]}", flush=True)
    return found


# ------------------------------------------------------------------- what is told


def _rows_table(found: ByPlace[dict[str, Sample]]) -> str:
    lines = ["| rows | " + " | ".join(one.title for one in QUESTIONS) + " |"]
    lines.append("|---:|" + "---:|" * len(QUESTIONS))
    for count, samples in found.items():
        cells = (
            f"{samples[one.name].per_second:,.0f} ({samples[one.name].p99_ms:,.0f} ms)"
            for one in QUESTIONS
        )
        lines.append(f"| {count:,} | " + " | ".join(cells) + " |")
    return "### Rows\n\nRequests per second, and p99.\n\n" + "\n".join(lines)


def _rows_panel(found: ByPlace[dict[str, Sample]]) -> Panel:
    first = next(iter(found.values()))

    def times(name: str) -> list[float]:
        return [one[name].per_second / first[name].per_second for one in found.values()]

    return Panel(
        title="Rows: requests per second, in times of the smallest table",
        places=[_short(count) for count in found],
        lines=[Line(title=one.title, values=times(one.name)) for one in QUESTIONS],
    )


def _connections_table(found: dict[int, ByPlace[Sample]]) -> str:
    places = list(next(iter(found.values())))
    lines = ["| workers | " + " | ".join(f"{count}" for count in places) + " |"]
    lines.append("|---:|" + "---:|" * len(places))
    for workers, samples in found.items():
        cells = (f"{one.per_second:,.0f} ({one.p99_ms:,.0f} ms)" for one in samples.values())
        lines.append(f"| {workers} | " + " | ".join(cells) + " |")
    told = "One by id: requests per second and p99, by the connections that are open at once."
    return f"### Connections and workers\n\n{told}\n\n" + "\n".join(lines)


def _connections_panels(found: dict[int, ByPlace[Sample]]) -> list[Panel]:
    places = [str(count) for count in next(iter(found.values()))]
    return [
        Panel(
            title="Connections: requests per second",
            places=places,
            lines=[
                Line(title=_workers(n), values=[one.per_second for one in samples.values()])
                for n, samples in found.items()
            ],
        ),
        Panel(
            title="Connections: p99 in milliseconds",
            places=places,
            lines=[
                Line(title=_workers(n), values=[one.p99_ms for one in samples.values()])
                for n, samples in found.items()
            ],
        ),
    ]


def _entities_table(found: ByPlace[Start]) -> str:
    columns = (
        "entities",
        "start, CPU s",
        "first request, CPU ms",
        "first OpenAPI document, CPU s",
        "every other, CPU ms",
        "document, KiB",
        "memory, MiB",
        "with the document, MiB",
    )
    lines = [f"| {' | '.join(columns)} |", "|---:" * len(columns) + "|"]
    for count, one in found.items():
        lines.append(
            f"| {count} | {one.start_s:.2f} | {one.request_s * 1000:.0f} | {one.first_s:.2f}"
            f" | {one.again_s * 1000:.1f} | {one.document_bytes / 1024:,.0f}"
            f" | {one.memory_mib:,.0f} | {one.documented_mib:,.0f} |"
        )
    return "### Entities\n\n" + "\n".join(lines)


def _entities_panels(found: ByPlace[Start]) -> list[Panel]:
    starts = found.values()
    places = [str(count) for count in found]
    return [
        Panel(
            title="Entities: CPU seconds",
            places=places,
            lines=[
                Line(title="start", values=[one.start_s for one in starts]),
                Line(title="first request", values=[one.request_s for one in starts]),
                Line(title="first OpenAPI document", values=[one.first_s for one in starts]),
            ],
        ),
        Panel(
            title="Entities: memory of a worker in MiB",
            places=places,
            lines=[
                Line(title="after the first request", values=[one.memory_mib for one in starts]),
                Line(title="with the document", values=[one.documented_mib for one in starts]),
            ],
        ),
    ]


def _workers(count: int) -> str:
    return "1 worker" if count == 1 else f"{count} workers"


def _short(count: int) -> str:
    for unit, name in ((1_000_000, " M"), (1_000, " k")):
        if count >= unit:
            return f"{count / unit:g}{name}"
    return str(count)


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",") if part]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure what grows")
    parser.add_argument("--rows", type=_numbers, default=[10**n for n in range(3, 8)])
    parser.add_argument("--entities", type=_numbers, default=[1, 25, 100, 300])
    parser.add_argument("--connections", type=_numbers, default=[2**n for n in range(10)])
    parser.add_argument("--workers", type=_numbers, default=[1, 2])
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--postgresql", default=SERVER_URL, metavar="URL")
    parser.add_argument("--no-table", action="store_true", help="print the tables, write nothing")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
