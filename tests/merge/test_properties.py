"""What holds for every merge of Python, shown on random edits of generated modules (case 46).

`make test-merge` runs 10,000 pairs; `APIGEN_MERGE_EXAMPLES` says how many.
"""

import ast
import os
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apigen.merge.invariant import lost_words, words
from apigen.merge.merged import Happened, Merged
from apigen.merge.python.module import merge_symbols
from tests.merge.edits import GENERATOR, OWNER, Choice, edited

EXAMPLES = int(os.environ.get("APIGEN_MERGE_EXAMPLES", "300"))
_PROJECTS = Path(__file__).parents[2] / "generated_examples"

_number = st.integers(min_value=0, max_value=999)
_choices = st.lists(st.tuples(_number, _number, _number), min_size=1, max_size=5)
_settings = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize="APIGEN_MERGE_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)


@cache
def modules() -> tuple[str, ...]:
    """Give the modules of the examples that their owners may edit, the short ones aside."""
    paths = [
        path
        for name in ("todo", "chinook")
        for path in sorted((_PROJECTS / name).rglob("*.py"))
        if "support" not in path.parts and ".apigen" not in path.parts
    ]
    texts = [path.read_text(encoding="utf-8") for path in paths]
    return tuple(text for text in texts if 20 < text.count("\n") < 200)


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _promises(base: str, mine: str, theirs: str) -> Merged:
    """Hold what must be true of every merge."""
    merged = merge_symbols(base, mine, theirs)

    assert merged.conflicts or _parses(merged.text)
    assert not words(mine) - words(base) - words(merged.text)
    if all(each.happened is not Happened.STAYS_DELETED for each in merged.remarks):
        assert not lost_words(base, mine, theirs, merged.text)
    assert merged.text.count("<<<<<<< yours\n") == len(merged.conflicts)
    lines = merged.text.split("\n")
    assert all(lines[each.line - 1] == "<<<<<<< yours" for each in merged.conflicts)
    if not merged.conflicts:
        assert merge_symbols(theirs, merged.text, theirs).text == merged.text
    return merged


@_settings
@given(_number, _choices, _choices)
def test_no_edit_of_the_owner_is_lost(
    number: int, mine: list[Choice], theirs: list[Choice]
) -> None:
    """Every word is in the file or in a conflict, and the file parses when there is none."""
    base = modules()[number % len(modules())]

    _promises(base, edited(base, mine, OWNER, "mine"), edited(base, theirs, GENERATOR, "gen"))


@_settings
@given(_number, _choices)
def test_one_side_alone_is_taken_byte_for_byte(number: int, choices: list[Choice]) -> None:
    """Merging with nothing gives the side that moved."""
    base = modules()[number % len(modules())]
    moved = edited(base, choices, OWNER, "mine")

    assert merge_symbols(base, moved, base).text == moved
    assert merge_symbols(base, base, moved).text == moved
    assert merge_symbols(base, moved, moved).text == moved


def test_there_are_modules() -> None:
    """The glob above finds the examples."""
    assert len(modules()) > 50
