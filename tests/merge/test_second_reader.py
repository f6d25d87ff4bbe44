"""Merged code read by libcst, which shares no line with the reader of the merger."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import libcst
import pytest

from apigen.merge.conflict_text import MINE

HERE = Path(__file__).parent
CASES = sorted(
    path.parent
    for path in HERE.glob("[0-9][0-9]-*/expected.py")
    # A function that its owner renamed is generated code under another name.
    if MINE not in path.read_text(encoding="utf-8")
    and not path.parent.name.startswith("22-renamed")
)


def functions(folder: Path, side: str) -> dict[str, libcst.FunctionDef]:
    """Return the functions of one version by their dotted names, the last of each name."""
    module = libcst.parse_module((folder / f"{side}.py").read_text(encoding="utf-8"))
    return dict(_functions(module.body, ""))


def _functions(
    body: Sequence[libcst.CSTNode], prefix: str
) -> Iterator[tuple[str, libcst.FunctionDef]]:
    for node in body:
        match node:
            case libcst.FunctionDef(name=libcst.Name(value=name)):
                yield f"{prefix}{name}", node
            case libcst.ClassDef(
                name=libcst.Name(value=name), body=libcst.IndentedBlock(body=inside)
            ):
                yield from _functions(inside, f"{prefix}{name}.")
            case _:
                pass


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_what_only_its_owner_has_is_the_same_code_afterwards(folder: Path) -> None:
    """Every node of it, comments and blanks inside included; only lines above it may differ."""
    mine, merged = functions(folder, "mine"), functions(folder, "expected")
    generated = functions(folder, "base") | functions(folder, "theirs")

    own = {name: node for name, node in mine.items() if name not in generated}

    for name, node in own.items():
        assert name in merged
        assert _bare(merged[name]).deep_equals(_bare(node)), name


def test_there_are_functions_of_owners() -> None:
    """The test above meets some."""
    own = [
        name
        for folder in CASES
        for name in functions(folder, "mine")
        if name not in functions(folder, "base") | functions(folder, "theirs")
    ]
    assert len(own) >= 10


def _bare(node: libcst.FunctionDef) -> libcst.FunctionDef:
    return node.with_changes(leading_lines=())
