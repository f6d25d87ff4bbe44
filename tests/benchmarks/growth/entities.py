"""How starting a service grows with the number of its entities."""

import json
import os
import statistics
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.synthetic import spec

PROBE = Path(__file__).with_name("probe.py")
REQUEST = "/api/v1/open-orders?size=0"
"""A page of the first entity of every size, of a size that is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What an application costs until it answers as it always will."""

    start_s: float
    """CPU to import it and to build it."""
    request_s: float
    """CPU of the first request."""
    first_s: float
    """CPU of the first OpenAPI document."""
    again_s: float
    """CPU of every other one."""
    document_bytes: int
    memory_mib: float
    """The most it held until the first request was answered."""
    documented_mib: float
    """The most it held, the document included."""


def measure(count: int, *, apigen: Path, folder: Path, python: str, runs: int) -> Start:
    """Make a project of `count` entities and start it a few times; medians.

    Raises:
        subprocess.CalledProcessError: apigen or the project fails.
    """
    path = folder / f"{count}.yaml"
    path.write_text(spec(count), encoding="utf-8")
    project = folder / f"entities-{count}"
    arguments = ["init", "synthetic", "--spec", str(path), "--dir", str(project), "--yes"]
    subprocess.run([apigen, *arguments], check=True, capture_output=True)
    subprocess.run([python, "-m", "compileall", "-q", project / "src"], check=True)
    found = [_start(project, python) for _ in range(runs)]
    return Start(
        start_s=statistics.median(one.start_s for one in found),
        request_s=statistics.median(one.request_s for one in found),
        first_s=statistics.median(one.first_s for one in found),
        again_s=statistics.median(one.again_s for one in found),
        document_bytes=found[0].document_bytes,
        memory_mib=statistics.median(one.memory_mib for one in found),
        documented_mib=statistics.median(one.documented_mib for one in found),
    )


def _start(project: Path, python: str) -> Start:
    inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment = {
        **inherited,
        "PYTHONPATH": str(project / "src"),
        "DATABASE_URL": f"sqlite:///{project / 'app.db'}",
    }
    done = subprocess.run(
        [python, PROBE, "synthetic", REQUEST],
        cwd=project,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return Start(**json.loads(done.stdout.splitlines()[-1]))
