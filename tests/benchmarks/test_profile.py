"""The profile of a service counts each sample in the part that it was in."""

import pytest

from tests.benchmarks.profile.stacks import LOOP, PARTS, SOCKETS, profile

WITHIN = "uvicorn/server.py"
ROOT = "run (uvicorn/server.py:80);run (asyncio/runners.py:194);Loop__run (loop.c:20313)"
ROUTE = f"{ROOT};__call__ (shop/support/interface/request_context.py:98)"


def test_a_sample_is_of_the_innermost_part() -> None:
    found = profile(
        [
            f"{ROOT} 3",
            f"{ROOT};UVStream__exec_write (loop.c:107733);write (libc.so.6) 5",
            f"{ROUTE};rows (shop/support/infrastructure/reader.py:5);Py_DECREF (object.h:944) 7",
            f"{ROUTE};one (shop/interface/api/v1/orders.py:5) 11",
            f"{ROUTE};msg (structlog/_output.py:347);write (libc.so.6) 13",
            "run (uvicorn/server.py:80);0x7f1 (ld.so) 17",
        ],
        package="shop",
        within=WITHIN,
    )

    named = {part: count for part, count in found.parts.items() if part in (LOOP, SOCKETS)}
    assert named == {LOOP: 3, SOCKETS: 5}
    assert sorted(found.parts.values()) == [3, 5, 7, 11, 13, 17]
    assert found.total == 56
    assert set(found.parts) <= set(PARTS)


def test_own_time_is_that_of_the_innermost_python_function() -> None:
    found = profile(
        [f"{ROUTE};rows (a/b.py:5);call (object.h:944) 7", f"{ROUTE};rows (a/b.py:9) 2"],
        package="shop",
        within=WITHIN,
    )

    assert found.functions == {"rows (a/b.py)": 9}


def test_who_waits_and_other_threads_are_not_counted() -> None:
    waiting = f"{ROOT};uv__io_poll (linux.c:1452);epoll_pwait (libc.so.6)"
    other = "_worker (concurrent/futures/thread.py:90)"

    assert profile([f"{waiting} 4", f"{other} 5"], package="shop", within=WITHIN).total == 0


def test_a_line_of_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        profile([f"{ROOT} samples"], package="shop", within=WITHIN)
