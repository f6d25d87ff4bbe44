"""The files of a spec as they were in a git revision: read from its objects, never checked out."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

from apigen.disk.paths import LOCK, STATE, ProjectError

_TIMEOUT_S = 60.0
_SUFFIXES = (".yaml", ".yml")


def spec_at(project: Path, ref: str, root: str) -> tuple[dict[str, str], bytes | None]:
    """Return the texts of all files that a spec may consist of, and the lock, at a revision.

    Args:
        project: The project's folder.
        ref: Names a commit.
        root: Path of the root spec, relative to the project.

    Returns:
        Text by path relative to the project, `root` first; the lock's content when it is there.

    Raises:
        ProjectError: no git, no repository, no such revision, or no spec in it.
    """
    if ref.startswith("-") or not ref.strip() or "\0" in ref:
        raise ProjectError(f"{ref!r} names no git revision")
    commit = _resolved(project, ref)
    names = _names(project, commit)
    if root not in names:
        raise ProjectError(f"{root} is not in the git revision `{ref}`")
    others = (
        name
        for name in names
        if name != root and name.endswith(_SUFFIXES) and not name.startswith(f"{STATE}/")
    )
    wanted = [root, *others, *((LOCK,) if LOCK in names else ())]
    contents = _contents(project, commit, wanted)
    lock = contents.pop(LOCK, None)
    if root not in contents:
        raise ProjectError(f"git can not read {root} of `{ref}`")
    texts: dict[str, str] = {}
    for name, content in contents.items():
        try:
            texts[name] = content.decode("utf-8").removeprefix("\ufeff")
        except UnicodeDecodeError as problem:
            if name == root:
                raise ProjectError(f"{root} of `{ref}` is not UTF-8") from problem
            # Not every YAML file of a project is a part of its spec.
    return texts, lock


def _resolved(project: Path, ref: str) -> str:
    inside = _git(project, ("rev-parse", "--is-inside-work-tree"))
    if inside is None or inside.strip() != b"true":
        raise ProjectError(f"{project} is not in a git repository: nothing to compare with")
    commit = f"{ref}^{{commit}}"
    found = _git(project, ("rev-parse", "--verify", "--quiet", "--end-of-options", commit))
    if not found:
        raise ProjectError(f"git knows no revision `{ref}`")
    return found.decode("ascii", errors="replace").split()[-1]


def _names(project: Path, commit: str) -> tuple[str, ...]:
    """Return the files below the project, relative to it."""
    listed = _git(project, ("ls-tree", "-r", "-z", "--name-only", commit, "--", "."))
    names = (listed or b"").decode("utf-8", errors="surrogateescape").split("\0")
    # A name with a line end can not be asked for, and is no spec.
    return tuple(name for name in names if name and "\n" not in name)


def _contents(project: Path, commit: str, names: Iterable[str]) -> dict[str, bytes]:
    """Return the contents of files, by one process for all of them."""
    asked = list(names)
    # A path that begins with `./` is relative to the folder git runs in, not to the repository.
    lines = "".join(f"{commit}:./{name}\n" for name in asked)
    answer = _git(project, ("cat-file", "--batch"), lines.encode("utf-8", errors="surrogateescape"))
    found: dict[str, bytes] = {}
    rest = answer or b""
    for name in asked:
        head, _, rest = rest.partition(b"\n")
        words = head.split()
        if len(words) != 3 or words[1] != b"blob":
            # `<name> missing`, or a submodule: nothing follows the line.
            continue
        size = int(words[2])
        found[name], rest = rest[:size], rest[size + 1 :]
    return found


def _git(project: Path, arguments: tuple[str, ...], given: bytes = b"") -> bytes | None:
    """Run git without asking anybody anything; None when it says no."""
    try:
        done = subprocess.run(
            ["git", "--no-optional-locks", *arguments],
            cwd=project,
            capture_output=True,
            check=False,
            timeout=_TIMEOUT_S,
            input=given,
        )
    except FileNotFoundError as problem:
        raise ProjectError("git is not installed, or not on the PATH") from problem
    except subprocess.TimeoutExpired as problem:
        raise ProjectError(f"git did not answer within {_TIMEOUT_S:.0f} s") from problem
    return done.stdout if done.returncode == 0 else None
