"""What is measured, and how much of it."""

from dataclasses import dataclass, field

from tests.benchmarks.serving.load import Sample


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is measured."""

    rounds: int
    seconds: int
    warm_up_s: int
    connections: int


@dataclass(slots=True, kw_only=True)
class Measured:
    """Everything that was seen on one database."""

    samples: dict[tuple[str, str], list[Sample]] = field(default_factory=dict)
    """By the letter of the server and the name of the operation; a sample a round."""
    memory_mib: dict[str, float] = field(default_factory=dict)
    """By the letter of the server: the most that was seen after a run."""
    cpu_us: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    """As `samples`: what the worker used of its core for one request. Other work on the machine
    disturbs it far less than the number of requests."""
