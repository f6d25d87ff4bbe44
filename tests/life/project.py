"""A project that lives: its owner edits the spec and the code, and somebody looks after the rows.

Everything goes through commands, as a user would; rows are read with SQL, past all generated code.
Knows nothing of what is edited.
"""

import contextlib
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.generated.projects import BIN, ROOT, assert_clean, run

_APIGEN = (
    f"import sys; sys.path.insert(0, {str(ROOT)!r}); from apigen.cli.__main__ import main; main()"
)
_OF_ONE_MACHINE = frozenset({"__pycache__", ".mypy_cache"})
_OF_ONE_RUN = frozenset({".apigen/lock"})
_RECORDS = frozenset({".apigen", ".venv", "__pycache__", ".mypy_cache", ".ruff_cache"})


class LivingProject:
    """A generated project with a database, and what its owner wrote in it."""

    def __init__(self, root: Path, *, database: Path) -> None:
        """Take over a project that was just made."""
        self.root = root
        self.url = f"sqlite+aiosqlite:///{database}"
        self._database = database
        self._mine: list[str] = []

    # ------------------------------------------------------------ the owner at work

    def apigen(self, *arguments: str, ends: int = 0) -> str:
        """Run a command of apigen, which must end as it should; return all it said."""
        done = run(sys.executable, "-c", _APIGEN, *arguments, cwd=self.root)
        said = done.stdout + done.stderr
        assert done.returncode == ends, f"apigen {' '.join(arguments)}: {done.returncode}\n{said}"
        assert "Traceback" not in said
        return said

    def regenerate(self, *arguments: str, ends: int = 0) -> str:
        """Bring the project to its spec."""
        return self.apigen("regenerate", *arguments, ends=ends)

    def spec(self, old: str, new: str, *arguments: str, ends: int = 0) -> str:
        """Change the spec by hand, and regenerate."""
        self.replace("apigen.yaml", old, new)
        return self.regenerate(*arguments, ends=ends)

    def edit(self, path: str, old: str, new: str) -> None:
        """Change a place of a file by hand; every line of `new` that is not in `old` is kept."""
        self.replace(path, old, new)
        before = {line.strip() for line in old.splitlines()}
        self.remember(line for line in new.splitlines() if line.strip() not in before)

    def write(self, path: str, text: str) -> None:
        """Write a file of the owner's own."""
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
        self.remember(text.splitlines())

    def replace(self, path: str, old: str, new: str) -> None:
        """Change a place of a file that is there exactly once."""
        place = self.root / path
        text = place.read_bytes().decode()
        assert text.count(old) == 1, f"{path} has {text.count(old)} times:\n{old}\n---\n{text}"
        place.write_bytes(text.replace(old, new).encode())

    def remember(self, lines: Iterable[str]) -> None:
        """Expect these lines in the project from now on."""
        self._mine += [line.strip() for line in lines if line.strip()]

    def forget(self, *words: str) -> None:
        """Stop expecting lines with one of these words: their owner took them away."""
        self._mine = [line for line in self._mine if not any(word in line for word in words)]

    def renamed(self, words: Mapping[str, str]) -> None:
        """Expect declared renames in the owner's lines too."""
        for old, new in words.items():
            self._mine = [re.sub(rf"\b{old}\b", new, line) for line in self._mine]

    # ------------------------------------------------------------------- the judge

    def lost(self) -> list[str]:
        """Return the owner's lines that are nowhere in the project any more."""
        there = {
            line.strip()
            for path in self.root.rglob("*")
            if path.is_file() and _RECORDS.isdisjoint(path.relative_to(self.root).parts)
            for line in path.read_text(encoding="utf-8", errors="replace").splitlines()
        }
        return [line for line in self._mine if line not in there]

    def migrate(self, to: str = "head") -> None:
        """Bring the database to a revision."""
        command = "downgrade" if to == "base" or to.startswith("-") else "upgrade"
        # `--` because a step back looks like an option.
        assert_clean(self.project("-m", "alembic", command, "--", to))

    def rows(self, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
        """Ask the database."""
        with contextlib.closing(sqlite3.connect(self._database)) as connection:
            return connection.execute(sql, parameters).fetchall()

    def store(self, sql: str, *parameters: object) -> None:
        """Put a row into the database."""
        with contextlib.closing(sqlite3.connect(self._database)) as connection:
            connection.execute("PRAGMA foreign_keys=ON")
            connection.execute(sql, parameters)
            connection.commit()

    def is_settled(self) -> None:
        """Fail unless nothing is left to do, nothing was lost, and a second run writes nothing."""
        lost = self.lost()
        assert lost == [], lost
        before = self.bytes()
        self.regenerate()
        after = self.bytes()
        written = [path for path in before | after if before.get(path) != after.get(path)]
        assert written == [], written
        self.apigen("check")

    def bytes(self) -> dict[str, bytes]:
        """Return every file of the project but caches."""
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file()
            and _OF_ONE_MACHINE.isdisjoint(path.parts)
            and path.relative_to(self.root).as_posix() not in _OF_ONE_RUN
            and not path.is_relative_to(self.root / ".apigen" / "cache")
        }

    def has_right_types(self, cache: Path) -> None:
        """Fail unless mypy agrees with all code, the owner's too."""
        assert_clean(run(BIN / "mypy", "--cache-dir", cache, cwd=self.root))

    def is_clean(self) -> None:
        """Fail unless the project's own linter agrees."""
        assert_clean(run(BIN / "ruff", "check", "--no-cache", ".", cwd=self.root))

    def passes_its_tests(self) -> None:
        """Fail unless the project's own tests pass, the owner's too."""
        assert_clean(
            self.project("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-W", "default")
        )

    def project(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Python in the project, on its database."""
        return run(sys.executable, *arguments, cwd=self.root, DATABASE_URL=self.url)
