"""What each feature costs a request that does not use it: calls within the applications' processes.

Every project is a process of its own that is asked in turn, a few hundred calls at a time, so that
whatever else the machine does falls on all of them alike. What is compared is CPU, not time, and of
all rounds the one in which least of it was lost to whatever else the machine did.
"""

import json
import random
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from tests.benchmarks.platform.subjects import Subject

_CALLER = Path(__file__).with_name("caller.py")
_SENT = {"host": "127.0.0.1:8000", "user-agent": "calls", "accept": "*/*"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one operation costs a project."""

    cpu_us: float
    times: float
    """Of what it costs the project with nothing on."""


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

    def cpu_us(self, path: str, headers: Mapping[str, str], *, times: int) -> float:
        """Return what a call took, of so many.

        Raises:
            RuntimeError: It has ended.
        """
        line = json.dumps([times, path, {**_SENT, **headers}])
        print(line, file=_pipe(self._process.stdin), flush=True)
        answer = _pipe(self._process.stderr).readline()
        try:
            return float(answer) / times * 1e6
        except ValueError:
            rest = _pipe(self._process.stderr).read()
            raise RuntimeError(f"a caller has ended:\n{answer}{rest[-3000:]}") from None


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


@contextmanager
def called(
    python: str, target: str, *, folder: Path, environment: Mapping[str, str]
) -> Iterator[Called]:
    """Lend an application that is called in a process of its own."""
    command = (python, str(_CALLER), target)
    with Called(command, folder=folder, environment=environment) as running:
        yield running


def costs(
    subjects: Sequence[Subject],
    running: Mapping[str, Called],
    paths: Mapping[str, str],
    *,
    rounds: int,
    calls: int,
) -> dict[tuple[str, str], Cost]:
    """Measure every subject; the first is what the others are compared with.

    Args:
        subjects: What is measured.
        running: Their applications, by name.
        paths: What is asked, by operation.
        rounds: How often each is measured.
        calls: How often it is called in a round.

    Returns:
        By name of the subject and of the operation.
    """
    chance = random.Random(1)
    found: dict[tuple[str, str], list[float]] = {}
    for number in range(rounds + 1):
        for operation, path in paths.items():
            for subject in chance.sample(subjects, len(subjects)):
                used = running[subject.name].cpu_us(path, subject.headers, times=calls)
                if number:  # The first round warms up.
                    found.setdefault((subject.name, operation), []).append(used)
        print(f"features: round {number} of {rounds}", flush=True)
    usual = subjects[0].name
    return {
        (name, operation): Cost(cpu_us=min(runs), times=min(runs) / min(found[usual, operation]))
        for (name, operation), runs in found.items()
    }
