"""The README keeps its word: every command block runs, and prints what the page says."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PORT = "8000"
_START_S = 60.0


def _blocks() -> Iterator[tuple[str, str]]:
    """Yield the notation and the text of every fenced block, in order."""
    for found in _FENCE.finditer(README):
        yield found[1], found[2]


def _tree(text: str) -> Iterator[str]:
    """Yield the paths of a drawn tree."""
    folders: list[str] = []
    for line in text.splitlines():
        name = re.sub(r"^[│├└─ ]*", "", line).partition("  ")[0]
        depth = (len(line) - len(line.lstrip("│├└─ "))) // 4
        folders[depth:] = [name.rstrip("/")]
        yield "/".join(folders)


def _environment(port: int) -> dict[str, str]:
    scripts = Path(sys.executable).parent
    return {
        **os.environ,
        "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
        # The project's Makefile would make an environment from the package index otherwise.
        "PYTHON": sys.executable,
        "UVICORN_PORT": str(port),
        "NO_COLOR": "1",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _run(block: str, folder: Path, environment: dict[str, str]) -> tuple[str, Path]:
    """Run a block as a person's shell would; return what it printed and where it ended up."""
    place = folder / ".where"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", f'{block}\npwd > "$README_PLACE"'],
        cwd=folder,
        env={**environment, "README_PLACE": str(place)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, f"{block}\n{done.stdout}"
    where = Path(place.read_text(encoding="utf-8").strip())
    place.unlink()
    return done.stdout, where


@contextmanager
def _served(block: str, folder: Path, environment: dict[str, str], port: int) -> Iterator[None]:
    """Keep a block that serves running until its port answers and the caller is done."""
    log = folder / "served.log"
    with log.open("wb") as said:
        process = subprocess.Popen(
            ["bash", "-euo", "pipefail", "-c", block],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + _START_S
        while not _answers(port):
            text = log.read_text(encoding="utf-8", errors="replace")
            assert process.poll() is None, text
            assert time.monotonic() < deadline, text
            time.sleep(0.1)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/docs", timeout=2):
            return True
    except (urllib.error.URLError, OSError):
        return False


@pytest.mark.slow
def test_every_command_block_runs_and_prints_what_the_page_shows(tmp_path: Path) -> None:
    port = _free_port()
    environment = _environment(port)
    folder, printed = tmp_path, ""
    waiting: str | None = None
    ran = 0

    for notation, text in _blocks():
        block = text.replace(_PORT, str(port))
        if text.startswith("shop/"):
            assert [path for path in _tree(text) if not (tmp_path / path).exists()] == []
        elif notation == "text":
            assert text.strip() in printed
        elif waiting is not None:
            assert notation == "sh"
            with _served(waiting, folder, environment, port):
                printed, _ = _run(block, folder, environment)
            assert '"email":"ada@example.com"' in printed
            assert '"product":"Tea"' in printed
            ran += 2
            folder, waiting = folder / "shop", None
        elif "make dev" in block:
            waiting = block
        else:
            printed, folder = _run(block, folder, environment)
            ran += 1

    assert waiting is None
    assert ran == sum(notation == "sh" for notation, _ in _blocks())


def test_every_block_says_what_it_is() -> None:
    assert {notation for notation, _ in _blocks()} == {"sh", "text"}


def test_the_table_of_commands_has_every_command() -> None:
    from apigen.cli.app import app

    listed = re.findall(r"^\| `apigen ([\w-]+)", README, re.MULTILINE)

    assert sorted(listed) == sorted(str(command.name) for command in app.registered_commands)


def test_every_make_target_of_the_page_exists() -> None:
    named = set(re.findall(r"`make (\w+)`", README))
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))

    assert named
    assert named <= targets


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)

    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
