"""Put a server under load and say how it did: wrk, one thread, a number of open connections."""

import json
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.serving.client import HOST, Call
from tests.benchmarks.serving.cores import pinned

SERIAL = "@@@@@@@@@@@@"
"""In the body of a call: twelve digits that are never sent twice."""

VERSION = "@V@"
"""In a header: the version of the row, when the calls raise each row's by one, in turn."""

_SCRIPT = Path(__file__).with_name("load.lua")
_MARK = "MEASURED "
_REFUSED = 0.001
"""Of all answers: an update still under way when its row was reset meets another version."""


class LoadError(RuntimeError):
    """The load could not be made, or a server answered it with errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What one run of one operation on one server gave."""

    per_second: float
    p50_ms: float
    p99_ms: float


def require_wrk() -> None:
    """Make sure that wrk is here.

    Raises:
        LoadError: It is not.
    """
    if shutil.which("wrk") is None:
        raise LoadError("wrk is missing: `apt-get install wrk`, `brew install wrk`")


def press(
    port: int,
    calls: Sequence[Call],
    *,
    seconds: int,
    connections: int,
    core: int | None,
    serial: int,
) -> Sample:
    """Send the calls in turn for some seconds.

    Args:
        port: Of the server, on this machine.
        calls: What is sent; begins again at its end.
        seconds: How long.
        connections: How many are open, each waiting for its answer before it asks again.
        core: The processor to run on; None for any.
        serial: Where the numbers for `SERIAL` begin.

    Raises:
        LoadError: wrk failed, or an answer was an error.
    """
    with tempfile.NamedTemporaryFile(prefix="requests-") as file:
        for call in calls:
            raw = call.raw()
            file.write(b"%d\n%b" % (len(raw), raw))
        file.flush()
        command = ["wrk", "--threads", "1", "--connections", str(connections)]
        command += ["--duration", f"{seconds}s", "--timeout", "20s"]
        command += ["--script", str(_SCRIPT), f"http://{HOST}:{port}", "--", file.name, str(serial)]
        process = subprocess.run(
            command, capture_output=True, text=True, check=False, preexec_fn=pinned(core)
        )
    return _sample(process.stdout, process.stderr)


def _sample(said: str, complaint: str) -> Sample:
    """Read what the script has written at its end."""
    line = next((line for line in said.splitlines() if line.startswith(_MARK)), None)
    if line is None:
        raise LoadError(f"wrk failed:\n{said}\n{complaint}")
    measured = json.loads(line.removeprefix(_MARK))
    allowed = measured["requests"] * _REFUSED
    if measured["refused"] > allowed or measured["broken"] or not measured["requests"]:
        raise LoadError(f"not every answer was one: {line}")
    return Sample(
        per_second=measured["requests"] / measured["duration_s"],
        p50_ms=measured["p50_ms"],
        p99_ms=measured["p99_ms"],
    )
