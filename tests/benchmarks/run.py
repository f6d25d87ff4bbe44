"""Measure apigen in CPU seconds of whole processes and write the table of this folder's README.

    python -m tests.benchmarks.run [--up-to ENTITIES]

CPU time of a process and of all it started is what the kernel counts (`wait4`), so other work on
the machine disturbs little. Modules are byte-compiled first, and `PYTHONDONTWRITEBYTECODE` is
taken away, as in an installed apigen. Exits with 1 when a budget is exceeded.
"""

import argparse
import compileall
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.readme import with_measured
from tests.benchmarks.synthetic import LARGEST, spec, with_field

ROOT = Path(__file__).parents[2]
README = Path(__file__).with_name("README.md")

INIT_BUDGETS_S = {50: 3.0, 1000: 45.0}
REGENERATE_BUDGETS_S: dict[int, tuple[float, float | None]] = {50: (0.6, 1.5), 500: (1.5, None)}
"""With nothing to do, and with one new field (types not checked)."""
INIT_SIZES = (1, 10, 50, 200, 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One line of the table."""

    what: str
    cpu_s: float
    wall_s: float
    runs: int
    peak_mib: float
    budget_s: float | None

    @property
    def is_over(self) -> bool:
        """Whether it took longer than allowed."""
        return self.budget_s is not None and self.cpu_s > self.budget_s


@dataclass(frozen=True, slots=True, kw_only=True)
class _Usage:
    cpu_s: float
    wall_s: float
    peak_mib: float


def main() -> int:
    """Measure everything, print each line as it is known, write the table."""
    parser = argparse.ArgumentParser(description="Measure apigen")
    parser.add_argument("--up-to", type=int, default=LARGEST, metavar="ENTITIES")
    parser.add_argument("--no-table", action="store_true", help="leave the README as it is")
    arguments = parser.parse_args()
    compileall.compile_dir(ROOT / "apigen", quiet=2)
    measured: list[Measurement] = []
    with tempfile.TemporaryDirectory(prefix="apigen-bench-") as name:
        for measurement in _measurements(Path(name), arguments.up_to):
            print(_line(measurement), flush=True)
            measured.append(measurement)
    if not arguments.no_table:
        README.write_text(_with_table(README.read_text("utf-8"), measured), encoding="utf-8")
    return 1 if any(measurement.is_over for measurement in measured) else 0


def _measurements(folder: Path, up_to: int) -> Iterator[Measurement]:
    specs: dict[int, Path] = {}
    for size in (*INIT_SIZES, *REGENERATE_BUDGETS_S):
        specs[size] = folder / f"spec{size}.yaml"
        specs[size].write_text(spec(size), encoding="utf-8")
    yield _measure("`apigen --help`", ["--help"], runs=9, budget_s=0.25)
    yield _measure("`validate`, 50 entities", ["validate", str(specs[50])], runs=7, budget_s=0.5)
    for size in REGENERATE_BUDGETS_S:
        if size <= max(up_to, 50):
            yield from _measure_regenerate(size, specs[size], folder)
    for size in INIT_SIZES:
        if size > up_to:
            continue
        yield _measure_init(size, specs[size], folder)


def _measure_regenerate(size: int, source: Path, folder: Path) -> Iterator[Measurement]:
    project = folder / f"kept{size}"
    _apigen(["init", "synthetic", "--spec", str(source), "--dir", str(project), "--yes"])
    idle_s, field_s = REGENERATE_BUDGETS_S[size]
    yield _measure(
        f"`regenerate`, {size} entities, nothing to do",
        ["regenerate", "--dir", str(project)],
        runs=7,
        budget_s=idle_s,
    )
    numbers = iter(range(1000))

    def one_more_field() -> list[str]:
        spec_file = project / "apigen.yaml"
        spec_file.write_text(
            with_field(spec_file.read_text("utf-8"), f"extra{next(numbers)}"), encoding="utf-8"
        )
        return ["regenerate", "--no-types", "--dir", str(project)]

    yield _measure(
        f"`regenerate`, {size} entities, one new field",
        one_more_field,
        runs=5 if size < 100 else 2,
        budget_s=field_s,
    )


def _measure_init(size: int, source: Path, folder: Path) -> Measurement:
    targets = iter(range(1000))

    def arguments() -> list[str]:
        target = folder / f"init{size}-{next(targets)}"
        return ["init", "synthetic", "--spec", str(source), "--dir", str(target), "--yes"]

    noun = "entity" if size == 1 else "entities"
    return _measure(
        f"`init`, {size:,} {noun}",
        arguments,
        runs={200: 3, 1000: 1}.get(size, 5),
        budget_s=INIT_BUDGETS_S.get(size),
    )


def _measure(
    what: str,
    arguments: Sequence[str] | Callable[[], Sequence[str]],
    *,
    runs: int,
    budget_s: float | None,
) -> Measurement:
    usages = [
        _apigen(arguments() if callable(arguments) else arguments)
        # The first of several warms the file cache and is not counted.
        for _ in range(runs + (runs > 1))
    ][runs > 1 :]
    return Measurement(
        what=what,
        cpu_s=statistics.median(usage.cpu_s for usage in usages),
        wall_s=statistics.median(usage.wall_s for usage in usages),
        runs=runs,
        peak_mib=max(usage.peak_mib for usage in usages),
        budget_s=budget_s,
    )


def _apigen(arguments: Sequence[str]) -> _Usage:
    """Run apigen as a user does and return what it used.

    Raises:
        RuntimeError: it failed; the message has what it said.
    """
    environment = {
        key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"
    }
    command = [str(Path(sys.executable).with_name("apigen")), *arguments]
    with tempfile.TemporaryFile() as said:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            message = f"{' '.join(command)} failed:\n{said.read().decode(errors='replace')}"
            raise RuntimeError(message)
    return _Usage(
        cpu_s=usage.ru_utime + usage.ru_stime, wall_s=wall_s, peak_mib=usage.ru_maxrss / 1024
    )


def _line(measurement: Measurement) -> str:
    budget = "" if measurement.budget_s is None else f"{measurement.budget_s:g}"
    verdict = "" if measurement.budget_s is None else "over" if measurement.is_over else "pass"
    cells = (
        measurement.what,
        f"{measurement.cpu_s:.2f}",
        budget,
        verdict,
        f"{measurement.wall_s:.2f}",
        f"{measurement.peak_mib:.0f}",
        str(measurement.runs),
    )
    return f"| {' | '.join(cells)} |"


def _with_table(readme: str, measured: Sequence[Measurement]) -> str:
    table = "\n".join(
        (
            "| what | CPU s | budget | | wall s | MiB | runs |",
            "|---|---:|---:|---|---:|---:|---:|",
            *(_line(measurement) for measurement in measured),
        )
    )
    machine = f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    return with_measured(readme, f"{machine}\n\n{table}")


if __name__ == "__main__":
    sys.exit(main())
