"""Measure features and servers and write the tables of this folder's README.

    python -m tests.benchmarks.platform.run [--starts N] [--rounds N] [--calls N] [--only log,cors]

Run in the environment of the serving benchmark (`make bench-platform`). Features are measured by
calls within processes, servers by wrk. Exits with 1 when a server answers with errors, 2 when wrk
is missing.
"""

import argparse
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.platform.calling import Called, Cost, Key, called, costs
from tests.benchmarks.platform.subjects import FEATURES, SERVERS, Subject
from tests.benchmarks.readme import with_measured
from tests.benchmarks.serving import cores, generated
from tests.benchmarks.serving.databases import SqliteDatabases
from tests.benchmarks.serving.domain import products
from tests.benchmarks.serving.load import LoadError, Sample, press, require_wrk
from tests.benchmarks.serving.operations import PRODUCTS, SIZE, get_calls, page_calls
from tests.benchmarks.serving.processes import Program, Running, ServerFailed

ROOT = Path(__file__).parents[3]
README = Path(__file__).with_name("README.md")
CONNECTIONS = 32
_FEW = 500
"""Rows, where one connection asks for the same ones."""
OPERATIONS = {"one by id": get_calls, "page of 50 with total": page_calls}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One run of one operation."""

    sample: Sample
    cpu_us: float
    """What the server's processes used of their core for a request."""


type Found = dict[tuple[str, str], list[Measured]]
"""By name of the subject and of the operation, a round each."""


def main() -> int:
    """Measure everything that is asked for, in interleaved rounds."""
    asked = _arguments()
    load = os.getloadavg()
    features = _chosen(FEATURES, asked)
    servers = _chosen(SERVERS, asked)
    head = (
        f"{platform.machine()}, Python {platform.python_version()}; features: {asked.starts} "
        f"starts, {asked.rounds} rounds of {asked.calls} calls each; servers: "
        f"{asked.server_rounds} rounds of {asked.seconds} s, {CONNECTIONS} connections; load "
        f"average before: "
        f"{', '.join(f'{one:.2f}' for one in load)}."
    )
    parts = [head]
    try:
        if servers:
            require_wrk()
        if len(features) > 1:
            parts.append(f"### Features\n\n{_feature_table(features, _call(features, asked))}")
        if servers:
            found, memory = _measure(servers, asked)
            parts.append(f"### Servers\n\n{_table(servers, found, memory)}")
    except (LoadError, ServerFailed) as problem:
        print(problem, file=sys.stderr)
        return 2 if len(parts) == 1 else 1
    text = "\n\n".join(parts)
    if asked.no_table:
        print(text)
        return 0
    README.write_text(with_measured(README.read_text("utf-8"), text), encoding="utf-8")
    return 0


def _chosen(subjects: Sequence[Subject], asked: argparse.Namespace) -> list[Subject]:
    """Return the subjects that are asked for; of features always those with nothing on."""
    return [one for one in subjects if not asked.only or one.name in asked.only or one.is_usual]


def _call(subjects: Sequence[Subject], asked: argparse.Namespace) -> Mapping[Key, Cost]:
    rows = products()[:_FEW]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="platform-")))
        databases = SqliteDatabases(folder, rows)
        core = cores.choose().worker
        programs = {one.name: one for one in _programs(subjects, databases, folder)}

        def start(subject: Subject) -> AbstractContextManager[Called]:
            program = programs[subject.name]
            return called(
                sys.executable,
                program.target,
                folder=program.folder,
                environment=program.environment,
                core=core,
            )

        paths = {
            "one by id": f"{PRODUCTS}/{rows[len(rows) // 2].id}",
            "page of 50 with total": f"{PRODUCTS}?size={SIZE}",
        }
        return costs(
            subjects, start, paths, starts=asked.starts, rounds=asked.rounds, calls=asked.calls
        )


def _feature_table(subjects: Sequence[Subject], found: Mapping[Key, Cost]) -> str:
    """Return a line a subject."""
    heads = " | ".join(f"{one}: instructions | times | µs of CPU | times" for one in OPERATIONS)
    lines = [f"| | {heads} |", "|---" + "|---:" * (4 * len(OPERATIONS)) + "|"]
    for subject in subjects:
        cells = [subject.title]
        for operation in OPERATIONS:
            cost = found[subject.name, operation]
            cells += [
                f"{cost.instructions:,.0f}",
                f"**{cost.instructions_times:.3f}**",
                f"{cost.cpu_us:,.0f}",
                f"**{cost.cpu_times:.3f}** ±{cost.spread:.3f}",
            ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _measure(
    subjects: Sequence[Subject], asked: argparse.Namespace
) -> tuple[Found, Mapping[str, float]]:
    rows = products()
    place = cores.choose()
    found: Found = {}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="platform-")))
        databases = SqliteDatabases(folder, rows)
        running: dict[str, Running] = {}
        for program in _programs(subjects, databases, folder):
            log = folder / f"{program.name}.log"
            running[program.name] = stack.enter_context(
                Running(program, core=place.worker, log=log)
            )
        for number in range(asked.server_rounds + 1):
            for operation, calls_of in OPERATIONS.items():
                begin = number % len(subjects)
                for subject in (*subjects[begin:], *subjects[:begin]):
                    server = running[subject.name]
                    before = server.cpu_s() or 0.0
                    sample = press(
                        server.port,
                        calls_of(server.client, rows),
                        seconds=asked.seconds,
                        connections=CONNECTIONS,
                        core=place.load,
                        serial=0,
                    )
                    used = (server.cpu_s() or 0.0) - before
                    server.cut_log()
                    if number:  # The first round warms up.
                        one = Measured(
                            sample=sample, cpu_us=used * 1e6 / sample.per_second / asked.seconds
                        )
                        found.setdefault((subject.name, operation), []).append(one)
                        print(
                            f"round {number}  {subject.name:12} {operation:22}"
                            f" {sample.per_second:8.0f}/s {one.cpu_us:6.0f} us",
                            flush=True,
                        )
        memory = {name: server.memory_mib() or 0.0 for name, server in running.items()}
    return found, memory


def _programs(
    subjects: Sequence[Subject], databases: SqliteDatabases, folder: Path
) -> list[Program]:
    def project(spec: str, name: str) -> generated.Project:
        return generated.make_of(
            spec,
            name=name,
            settings={},
            apigen=ROOT / ".venv/bin/apigen",
            folder=folder,
            python=sys.executable,
        )

    firsts = {
        one.name: next(other for other in subjects if other.spec == one.spec) for one in subjects
    }
    alike = {first.name: first for first in firsts.values()}
    with ThreadPoolExecutor(os.cpu_count()) as makers:
        # Each is made by a program of its own.
        projects = makers.map(lambda one: project(one.spec, one.name), alike.values())
        made = dict(zip(alike, projects, strict=True))
    programs = []
    for subject in subjects:
        one = made[firsts[subject.name].name]
        url = databases.make(subject.name, one.migrate, is_generated=True)
        programs.append(
            Program(
                name=subject.name,
                target=generated.TARGET,
                environment={**one.environment(url), **subject.settings},
                folder=one.folder,
                is_factory=True,
                runner=subject.runner,
            )
        )
    return programs


def _table(subjects: Sequence[Subject], found: Found, memory: Mapping[str, float]) -> str:
    """Return a line a subject; ratios are medians of the ratios within a round."""
    heads = ["", *(f"{one}: requests/s | µs of CPU | p99 ms" for one in OPERATIONS), "MiB"]
    lines = [f"| {' | '.join(heads)} |", "|---" + "|---:" * (3 * len(OPERATIONS) + 1) + "|"]
    baseline = subjects[0].name
    for subject in subjects:
        cells = [subject.title]
        for operation in OPERATIONS:
            runs = found[subject.name, operation]
            times = statistics.median(
                one.cpu_us / other.cpu_us
                for one, other in zip(runs, found[baseline, operation], strict=True)
            )
            speed = statistics.median(one.sample.per_second for one in runs)
            cpu = statistics.median(one.cpu_us for one in runs)
            p99 = statistics.median(one.sample.p99_ms for one in runs)
            cells += [f"{speed:,.0f}", f"{cpu:,.0f} (**{times:.3f}**)", f"{p99:,.0f}"]
        cells.append(f"{memory[subject.name]:,.0f}")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure features and servers")
    parser.add_argument("--starts", type=int, default=7, help="of all projects, of features")
    parser.add_argument("--rounds", type=int, default=20, help="of a start")
    parser.add_argument("--calls", type=int, default=100, help="of a round")
    parser.add_argument("--server-rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=2, help="of a round of servers")
    parser.add_argument("--only", type=lambda text: text.split(","), default=[])
    parser.add_argument("--no-table", action="store_true", help="print the tables, write nothing")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
