"""Every operation on every server in turn, round after round: a disturbance meets all of them."""

from collections.abc import Callable, Mapping, Sequence

from tests.benchmarks.serving.catalogue import Server
from tests.benchmarks.serving.checks import WrongAnswer
from tests.benchmarks.serving.client import Call
from tests.benchmarks.serving.cores import Cores
from tests.benchmarks.serving.databases import Databases
from tests.benchmarks.serving.domain import Product
from tests.benchmarks.serving.load import LoadError, press
from tests.benchmarks.serving.operations import Operation
from tests.benchmarks.serving.processes import Running
from tests.benchmarks.serving.results import Measured, Plan

type Say = Callable[[str], None]


def check(
    servers: Mapping[Server, Running],
    operations: Sequence[Operation],
    databases: Databases,
    rows: Sequence[Product],
) -> None:
    """Make sure that every server answers as all should.

    Raises:
        WrongAnswer: One does not; names it, the operation, and what the server says to it.
    """
    for server, running in servers.items():
        for operation in operations:
            try:
                operation.check(running.client, rows)
            except WrongAnswer as wrong:
                told = f"{server.title}, {operation.title}: {wrong}\n{running.said()}"
                raise WrongAnswer(told) from wrong
            if operation.writes:
                databases.reset(server.letter)


def measure(
    servers: Mapping[Server, Running],
    operations: Sequence[Operation],
    databases: Databases,
    rows: Sequence[Product],
    plan: Plan,
    cores: Cores,
    say: Say,
) -> Measured:
    """Run all rounds.

    Raises:
        LoadError: A server answered with an error; names it, and the operation.
    """
    measured = Measured()
    calls: dict[tuple[str, str], list[Call]] = {
        (server.letter, operation.name): operation.calls(running.client, rows)
        for server, running in servers.items()
        for operation in operations
    }
    serial = 0
    for number in range(plan.rounds):
        for operation in operations:
            for server, running in _rotated(servers, number):
                key = (server.letter, operation.name)
                for is_warm_up in (True, False):
                    seconds = plan.warm_up_s if is_warm_up else plan.seconds
                    if seconds <= 0:
                        continue
                    if operation.writes:
                        databases.reset(server.letter)
                    databases.settle(cores.load)
                    before = running.cpu_s()
                    try:
                        sample = press(
                            running.port,
                            _half(calls[key], first=not is_warm_up),
                            seconds=seconds,
                            connections=plan.connections,
                            core=cores.load,
                            serial=serial,
                        )
                    except LoadError as error:
                        told = f"{server.title}, {operation.title}: {error}\n{running.said()}"
                        raise LoadError(told) from error
                    after = running.cpu_s()
                    serial += 10_000_000
                    running.cut_log()
                if operation.writes:
                    databases.reset(server.letter)
                measured.samples.setdefault(key, []).append(sample)
                said = (
                    f"round {number + 1}  {operation.name:7} {server.letter}"
                    f"  {sample.per_second:8.0f}/s  p99 {sample.p99_ms:7.1f} ms"
                )
                if before is not None and after is not None:
                    used = (after - before) / (sample.per_second * plan.seconds) * 1e6
                    measured.cpu_us.setdefault(key, []).append(used)
                    said += f"  {used:6.0f} us"
                say(said)
                held = running.memory_mib()
                if held is not None:
                    most = measured.memory_mib.get(server.letter, 0.0)
                    measured.memory_mib[server.letter] = max(most, held)
    return measured


def _half(calls: list[Call], *, first: bool) -> list[Call]:
    """Return the calls to measure with, or the others, to warm up with.

    What is still on its way when the warm-up ends is carried out after the rows are put back: a
    change of the same row would find another version then.
    """
    middle = len(calls) // 2
    return calls[:middle] if first else calls[middle:]


def _rotated(servers: Mapping[Server, Running], number: int) -> list[tuple[Server, Running]]:
    """Return the servers with another one first each round."""
    items = list(servers.items())
    begin = number % len(items)
    return items[begin:] + items[:begin]
