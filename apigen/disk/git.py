"""What git knows of a project, asked of git itself; a project without git answers nothing.

A run never fails because of git: an absent program, a folder that is no work tree, a broken index
are all the same as no git.
"""

import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

from apigen.disk.paths import MANIFEST, base_path
from apigen.merge.worktree import Side
from apigen.values import dataclass

_OTHERS = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REBASE_HEAD")
_NOTHING = "0" * 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """What the index is to hold of a file in conflict."""

    base: bytes
    mine: bytes
    theirs: bytes


def git(project: Path, *arguments: str, given: bytes | None = None) -> bytes | None:
    """Return what a git command prints, None when it fails or there is no git."""
    try:
        done = subprocess.run(
            ["git", "-C", str(project), *arguments],
            input=given if given is not None else b"",
            capture_output=True,
            check=False,
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def dirty_paths(project: Path, paths: Iterable[str]) -> frozenset[str]:
    """Return which of `paths` have content that is in no commit.

    A project that nobody has told git of, in somebody's work tree, is as one without git.
    """
    asked = sorted(paths)
    if not asked or git(project, "ls-files", "--error-unmatch", MANIFEST) is None:
        return frozenset()
    arguments = ("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--")
    found = git(project, *arguments, *(f":(literal){path}" for path in asked))
    top = git(project, "rev-parse", "--show-prefix")
    if not found or top is None:
        return frozenset()
    prefix = top.decode().strip()
    rows = found.decode("utf-8", "surrogateescape").split("\0")
    # Both branches of an unfinished merge are committed: U on either side is not an edit.
    changed = {row[3:].removeprefix(prefix) for row in rows if row and "U" not in row[:2]}
    return frozenset(changed) & frozenset(asked)


def unmerged_paths(project: Path) -> frozenset[str]:
    """Return the files that an unfinished git merge left in conflict."""
    if _other_head(project) is None:
        return frozenset()
    found = git(project, "ls-files", "-u", "-z")
    rows = (found or b"").decode("utf-8", "surrogateescape").split("\0")
    return frozenset(row.partition("\t")[2] for row in rows if row)


def sides(project: Path, path: str) -> tuple[Side, ...]:
    """Return both sides of a file in conflict; nothing when one side has no such file."""
    other = _other_head(project)
    found = []
    for stage, head in ((2, "HEAD"), (3, other)):
        content = git(project, "cat-file", "blob", f":{stage}:./{path}")
        if content is None:
            return ()
        base = git(project, "cat-file", "blob", f"{head}:./{base_path(path)}")
        found.append(Side(base=base, content=content))
    return tuple(found)


def staged_entries(project: Path, paths: Iterable[str]) -> dict[str, str]:
    """Return what the index has of files: `mode hash`; those it does not know are left out."""
    found = ((path, _staged(project, path)) for path in sorted(paths))
    return {path: staged for path, staged in found if staged is not None}


def mark_unmerged(project: Path, had: Mapping[str, str], wanted: Mapping[str, Stages]) -> None:
    """Put the three versions of files in conflict into the index, as git itself does.

    Args:
        project: The project's folder.
        had: What `staged_entries` said of the files.
        wanted: The versions, by path.
    """
    lines: list[str] = []
    for path, staged in sorted(had.items()):
        stages = wanted[path]
        hashes = [
            git(project, "hash-object", "-w", "--stdin", given=content)
            for content in (stages.base, stages.mine, stages.theirs)
        ]
        mode = staged.split()[0]
        lines.append(f"0 {_NOTHING}\t{path}\n")
        lines.extend(
            f"{mode} {hash_.decode().strip()} {stage}\t{path}\n"
            for stage, hash_ in enumerate(hashes, 1)
            if hash_ is not None
        )
    _update_index(project, lines)


def clear_unmerged(project: Path, had: Mapping[str, str]) -> None:
    """Put back what the index had before `mark_unmerged`."""
    lines: list[str] = []
    for path, staged in sorted(had.items()):
        lines.append(f"0 {_NOTHING}\t{path}\n")
        mode, hash_ = staged.split()
        lines.append(f"{mode} {hash_} 0\t{path}\n")
    _update_index(project, lines)


def blob_with_hash(project: Path, path: str, matches: frozenset[str]) -> bytes | None:
    """Look in the history of a file for the content with one of these SHA-256 hashes."""
    from apigen.merge.worktree import digest

    found = git(project, "log", "--format=%H", "--max-count=100", "--", path)
    for commit in (found or b"").decode().split():
        content = git(project, "cat-file", "blob", f"{commit}:./{path}")
        if content is not None and digest(content) in matches:
            return content
    return None


def _staged(project: Path, path: str) -> str | None:
    found = git(project, "ls-files", "--stage", "-z", "--", f":(literal){path}")
    if not found:
        return None
    head, _, _ = found.decode("utf-8", "surrogateescape").partition("\t")
    mode, hash_, stage = head.split()
    return f"{mode} {hash_}" if stage == "0" else None


def _update_index(project: Path, lines: list[str]) -> None:
    # Paths of --index-info are relative to the top of the work tree, whatever the folder.
    prefix = git(project, "rev-parse", "--show-prefix")
    if not lines or prefix is None:
        return
    before = prefix.decode().strip()
    rows = "".join(line.replace("\t", f"\t{before}", 1) for line in lines)
    given = rows.replace("\n", "\0").encode()
    git(project, "update-index", "-z", "--index-info", given=given)


def _other_head(project: Path) -> str | None:
    for name in _OTHERS:
        if git(project, "rev-parse", "--verify", "--quiet", name) is not None:
            return name
    return None
