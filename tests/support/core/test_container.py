"""Parts by type: who makes them, how long they live, how they are exchanged."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import assert_type

import pytest

from apigen.support.core.container import DIContainer, Lifetime

_numbers = count()


class Engine:
    """Needs nothing."""

    def __init__(self) -> None:
        self.number = next(_numbers)


@dataclass
class Session:
    """Needs an engine."""

    engine: Engine


class FastEngine(Engine):
    """Another engine."""


@pytest.mark.criterion("R50.1", "R50.2")
def test_a_part_is_made_of_the_parts_that_its_factory_names() -> None:
    container = DIContainer()
    container.register(Engine, FastEngine)
    container.register(Session, Session)

    session = container.resolve(Session)

    assert_type(session, Session)
    assert isinstance(session.engine, FastEngine)


@pytest.mark.criterion("R50.3")
def test_parts_live_as_long_as_they_say() -> None:
    container = DIContainer()
    container.register(Engine, Engine)
    container.register(Session, Session, lifetime=Lifetime.SCOPED)
    container.register(FastEngine, FastEngine, lifetime=Lifetime.TRANSIENT)

    with container.scope() as first, container.scope() as second:
        assert first.resolve(Session) is first.resolve(Session)
        assert first.resolve(Session) is not second.resolve(Session)
        assert first.resolve(Engine) is second.resolve(Engine) is container.resolve(Engine)
        assert first.resolve(FastEngine) is not first.resolve(FastEngine)
    with pytest.raises(LookupError):
        container.resolve(Session)


@pytest.mark.criterion("R50.4")
def test_a_generator_gives_back_what_it_made() -> None:
    events = []

    def engine() -> Iterator[Engine]:
        events.append("made")
        yield Engine()
        events.append("given back")

    container = DIContainer()
    container.register(Engine, engine)
    container.resolve(Engine)
    container.close()

    assert events == ["made", "given back"]


def test_a_factory_is_exchanged_before_anything_is_made() -> None:
    container = DIContainer()
    container.register(Engine, Engine)
    with pytest.raises(ValueError, match="Engine"):
        container.register(Engine, FastEngine)
    with pytest.raises(LookupError, match="Session"):
        container.override(Session, Session)

    container.override(Engine, FastEngine)

    assert isinstance(container.resolve(Engine), FastEngine)
    with pytest.raises(RuntimeError):
        container.override(Engine, Engine)


def test_a_part_that_is_missing_is_found_before_anything_is_made() -> None:
    container = DIContainer()
    container.register(Session, Session)

    with pytest.raises(LookupError, match="Engine"):
        container.resolve(Session)


def test_the_library_is_loaded_when_the_first_part_is_asked_for() -> None:
    program = "import sys, apigen.support.core.container; sys.exit('dishka' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
