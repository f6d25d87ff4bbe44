"""On whose behalf code runs: inherited by tasks, added to logs."""

import asyncio

import pytest

from apigen.support.core.actor import ANONYMOUS, SYSTEM, Actor
from apigen.support.core.context import (
    NO_CONTEXT,
    ExecutionContext,
    add_context,
    bound_context,
    current_context,
)

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
ANN = ExecutionContext(
    request_id="r",
    correlation_id="c",
    actor=Actor(id="ann"),
    trace_parent=f"00-{TRACE}-00f067aa0ba902b7-01",
)


@pytest.mark.criterion("R89.1")
def test_a_context_holds_for_its_block_only() -> None:
    with bound_context(ANN):
        inside = current_context()

    assert (inside, current_context()) == (ANN, NO_CONTEXT)


@pytest.mark.criterion("R89.2", "R89.4")
async def test_a_task_inherits_the_context_and_what_it_binds_is_its_own() -> None:
    async def other() -> tuple[str | None, str]:
        trace_id = current_context().trace_id
        with bound_context(ExecutionContext(request_id="task")):
            await asyncio.sleep(0)
            return trace_id, current_context().request_id

    with bound_context(ANN):
        task = asyncio.create_task(other())
        await asyncio.sleep(0)
        meanwhile = current_context()
        inherited, own = await task

    assert (inherited, own, meanwhile) == (TRACE, "task", ANN)


@pytest.mark.criterion("R89.3")
def test_log_entries_tell_the_ids_that_are_known() -> None:
    with bound_context(ANN):
        entry = add_context(None, "info", {"event": "x", "user_id": "told"})
    with bound_context(ExecutionContext(request_id="r")):
        anonymous = add_context(None, "info", {"event": "x"})

    assert entry == {
        "event": "x",
        "request_id": "r",
        "correlation_id": "c",
        "user_id": "told",
        "trace_id": TRACE,
    }
    assert anonymous == {"event": "x", "request_id": "r"}
    assert add_context(None, "info", {"event": "x"}) == {"event": "x"}


def test_what_is_no_trace_parent_belongs_to_no_trace() -> None:
    assert ExecutionContext(trace_parent="nonsense").trace_id is None


def test_actors_have_roles_and_scopes() -> None:
    actor = Actor(id="ann", roles=frozenset({"staff"}), scopes=frozenset({"orders:read"}))

    assert (actor.has_role("staff"), actor.has_role("admin")) == (True, False)
    assert (actor.has_scope("orders:read"), actor.has_scope("orders:write")) == (True, False)
    assert [a.is_authenticated for a in (actor, ANONYMOUS, SYSTEM)] == [True, False, False]
