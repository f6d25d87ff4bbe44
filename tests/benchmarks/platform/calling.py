"""What each feature costs a request that does not use it: calls within the applications' processes.

Every project is a process of its own that is asked in turn, a hundred calls at a time, so that
whatever else the machine does falls on all of them alike. Processes of one and the same project
differ by a percent, by where their memory happens to lie, so all are started several times.
What the interpreter has to do for a request is counted besides, which chance has no part in.
"""

import json
import random
import statistics
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, Self

from tests.benchmarks.platform.subjects import Subject
from tests.benchmarks.serving.cores import pin

_CALLER = Path(__file__).with_name("caller.py")
_SENT = {"host": "127.0.0.1:8000", "user-agent": "calls", "accept": "*/*"}
_COUNTED = 60
"""Calls of which the shortest is counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one operation costs a project, and that in times of what the usual projects need."""

    cpu_us: float
    cpu_times: float
    spread: float
    """How far the times of one start are from their median at most."""
    instructions: float
    """Of Python bytecode."""
    instructions_times: float


class Called:
    """An application in a process of its own."""

    def __init__(
        self, command: Sequence[str], *, folder: Path, environment: Mapping[str, str]
    ) -> None:
        """Start it; it is called when it is asked for the first time."""
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def process_id(self) -> int:
        """The number that the system knows it by."""
        return self._process.pid

    def __enter__(self) -> Self:
        """Lend it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()

    def ask(
        self,
        what: Literal["cpu", "instructions"],
        path: str,
        headers: Mapping[str, str],
        *,
        times: int,
    ) -> float:
        """Return the seconds of CPU of so many calls, or the instructions of the shortest.

        Raises:
            RuntimeError: It has ended.
        """
        line = json.dumps([what, times, path, {**_SENT, **headers}])
        print(line, file=_pipe(self._process.stdin), flush=True)
        answer = _pipe(self._process.stderr).readline()
        try:
            return float(answer)
        except ValueError:
            rest = _pipe(self._process.stderr).read()
            raise RuntimeError(f"a caller has ended:\n{answer}{rest[-3000:]}") from None


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


@contextmanager
def called(
    python: str, target: str, *, folder: Path, environment: Mapping[str, str], core: int | None
) -> Iterator[Called]:
    """Lend an application that is called in a process of its own, on one core."""
    command = (python, str(_CALLER), target)
    with Called(command, folder=folder, environment=environment) as running:
        pin(running.process_id, core)
        yield running


type Key = tuple[str, str]
"""Names of a subject and of an operation."""


def costs(
    subjects: Sequence[Subject],
    start: Callable[[Subject], AbstractContextManager[Called]],
    paths: Mapping[str, str],
    *,
    starts: int,
    rounds: int,
    calls: int,
) -> dict[Key, Cost]:
    """Measure every subject; those that are usual are what all are compared with.

    Args:
        subjects: What is measured.
        start: Starts an application.
        paths: What is asked, by operation.
        starts: How often all are started.
        rounds: How often each is measured in a start.
        calls: How often it is called in a round.

    Returns:
        By name of the subject and of the operation.
    """
    usual = [subject.name for subject in subjects if subject.is_usual]
    cpu: dict[Key, list[float]] = {}
    times: dict[Key, list[float]] = {}
    counted: dict[Key, float] = {}
    chance = random.Random(1)
    for number in range(starts):
        with ExitStack() as stack:
            running = {one.name: stack.enter_context(start(one)) for one in subjects}
            found = _cpu_us(subjects, running, paths, rounds=rounds, calls=calls, chance=chance)
            if not counted:
                counted = {
                    (one.name, operation): running[one.name].ask(
                        "instructions", path, one.headers, times=_COUNTED
                    )
                    for one in subjects
                    for operation, path in paths.items()
                }
        for (name, operation), us in found.items():
            cpu.setdefault((name, operation), []).append(us)
            times.setdefault((name, operation), []).append(us / _mean(found, usual, operation))
        print(f"features: start {number + 1} of {starts}", flush=True)
    return {
        (name, operation): _cost(
            runs,
            times[name, operation],
            counted[name, operation],
            counted[name, operation] / _mean(counted, usual, operation),
        )
        for (name, operation), runs in cpu.items()
    }


def _cpu_us(
    subjects: Sequence[Subject],
    running: Mapping[str, Called],
    paths: Mapping[str, str],
    *,
    rounds: int,
    calls: int,
    chance: random.Random,
) -> dict[Key, float]:
    """Return what a call took: the median of the rounds."""
    found: dict[Key, list[float]] = {}
    for number in range(rounds + 1):
        for operation, path in paths.items():
            for subject in chance.sample(subjects, len(subjects)):
                used = running[subject.name].ask("cpu", path, subject.headers, times=calls)
                if number:  # The first round warms up.
                    found.setdefault((subject.name, operation), []).append(used / calls * 1e6)
    return {key: statistics.median(runs) for key, runs in found.items()}


def _mean(found: Mapping[Key, float], names: Sequence[str], operation: str) -> float:
    return statistics.fmean(found[name, operation] for name in names)


def _cost(
    cpu: Sequence[float], times: Sequence[float], instructions: float, instructions_times: float
) -> Cost:
    middle = statistics.median(times)
    return Cost(
        cpu_us=statistics.median(cpu),
        cpu_times=middle,
        spread=max(abs(one - middle) for one in times),
        instructions=instructions,
        instructions_times=instructions_times,
    )
