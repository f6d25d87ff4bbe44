"""The measurements as Markdown: medians, spreads, ratios, latencies, memory."""

import platform
import statistics
from collections.abc import Callable, Mapping, Sequence

from tests.benchmarks.readme import with_measured
from tests.benchmarks.serving.catalogue import BASELINE, Server
from tests.benchmarks.serving.cores import Cores
from tests.benchmarks.serving.load import Sample
from tests.benchmarks.serving.operations import Operation
from tests.benchmarks.serving.results import Measured, Plan

CHART = "serving.svg"
"""The picture, beside the README."""

TITLES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}


def with_tables(
    readme: str,
    measured: Mapping[str, Measured],
    *,
    servers: Sequence[Server],
    operations: Sequence[Operation],
    plan: Plan,
    load: tuple[float, float, float],
    cores: Cores,
) -> str:
    """Return the README with new tables between its marks.

    Raises:
        ValueError: The marks are not there.
    """
    pinned = (
        "not pinned"
        if cores.worker is None
        else f"worker on core {cores.worker}, load and database on core {cores.load}"
    )
    head = (
        f"{platform.machine()}, Python {platform.python_version()}, {pinned}; "
        f"{plan.rounds} rounds of {plan.seconds:g} s, {plan.connections} connections; "
        f"load average before: {', '.join(f'{one:.2f}' for one in load)}."
    )
    parts = [head, f"![times of the server written by hand, as bars]({CHART})"]
    for name, found in measured.items():
        parts.append(f"### {TITLES[name]}")
        parts.append(_speed_table(found, servers, operations))
        if found.cpu_us:
            parts.append("Microseconds of its core that the worker used for a request:")
            parts.append(_cost_table(found, servers, operations))
        parts.append("p99 in milliseconds, and the most memory that the worker held:")
        parts.append(_latency_table(found, servers, operations))
    return with_measured(readme, "\n\n".join(parts))


def median(samples: Sequence[Sample]) -> float:
    """Return the requests per second of the round in the middle."""
    return statistics.median(sample.per_second for sample in samples)


def ratio(measured: Measured, letter: str, operation: str) -> float | None:
    """Return the median of the ratios to the baseline, round by round; None without both.

    Each round has its own baseline, so that what slows the whole machine cancels out.
    """
    pairs = zip(
        measured.samples.get((letter, operation), ()),
        measured.samples.get((BASELINE, operation), ()),
        strict=False,
    )
    ratios = [one.per_second / other.per_second for one, other in pairs]
    return statistics.median(ratios) if ratios else None


def _speed_table(
    measured: Measured, servers: Sequence[Server], operations: Sequence[Operation]
) -> str:
    def cell(server: Server, operation: Operation) -> str:
        samples = measured.samples.get((server.letter, operation.name))
        if not samples:
            return "-"
        middle = median(samples)
        spread = max(abs(sample.per_second / middle - 1) for sample in samples)
        text = f"{middle:,.0f} ±{spread:.0%}"
        times = ratio(measured, server.letter, operation.name)
        return text if times is None else f"{text} (**{times:.2f}**)"

    return _table(servers, operations, cell)


def _cost_table(
    measured: Measured, servers: Sequence[Server], operations: Sequence[Operation]
) -> str:
    def cell(server: Server, operation: Operation) -> str:
        used = measured.cpu_us.get((server.letter, operation.name))
        return f"{statistics.median(used):,.0f}" if used else "-"

    return _table(servers, operations, cell)


def _latency_table(
    measured: Measured, servers: Sequence[Server], operations: Sequence[Operation]
) -> str:
    def cell(server: Server, operation: Operation) -> str:
        samples = measured.samples.get((server.letter, operation.name))
        if not samples:
            return "-"
        return f"{statistics.median(sample.p99_ms for sample in samples):.0f}"

    memory = {
        server.letter: f"{measured.memory_mib[server.letter]:.0f} MiB"
        if server.letter in measured.memory_mib
        else "-"
        for server in servers
    }
    return _table(servers, operations, cell, last=("memory", memory))


def _table(
    servers: Sequence[Server],
    operations: Sequence[Operation],
    cell: Callable[[Server, Operation], str],
    last: tuple[str, Mapping[str, str]] | None = None,
) -> str:
    heads = ["", *(operation.title for operation in operations)]
    heads += [] if last is None else [last[0]]
    lines = [f"| {' | '.join(heads)} |", f"|---|{'---:|' * (len(heads) - 1)}"]
    for server in servers:
        cells = [f"({server.letter}) {server.title}"]
        cells += [cell(server, operation) for operation in operations]
        cells += [] if last is None else [last[1][server.letter]]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
