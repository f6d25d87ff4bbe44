"""What a person wrote is never lost: checked on the words of every merged text.

Every word of mine is in the result (conflicts are part of it), unless it was in base and theirs
has no more of it. Words are compared, not lines, so that layout and quotes do not count. Works on
any text; the markers of conflicts are not words.
"""

import re
from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher

from apigen.diagnostics.internal_error import InternalError
from apigen.merge.conflict_text import BASE, MIDDLE, MINE, THEIRS, conflict_lines
from apigen.merge.merged import Merged, SymbolConflict

_WORDS = re.compile(r"\w+|[-+*/%@&|^~<>!]+=?|==|:=")
_MARKERS = re.compile(
    "^(" + "|".join(map(re.escape, (MINE, BASE, MIDDLE, THEIRS))) + ")$", re.MULTILINE
)


def words(text: str) -> Counter[str]:
    """Give how often each word and each operator is in a text."""
    return Counter(_WORDS.findall(_MARKERS.sub("", text)))


def lost_words(base: str, mine: str, theirs: str, result: str) -> tuple[str, ...]:
    """Give the words of mine that the result should have and has not, sorted."""
    missing = words(mine) - words(result)
    if missing:
        missing -= _deleted(base, theirs)
    return tuple(sorted(missing.elements()))


def _deleted(base: str, theirs: str) -> Counter[str]:
    """Give the words that theirs has taken out of base, place by place."""
    old = [line.strip() for line in base.split("\n")]
    new = [line.strip() for line in theirs.split("\n")]
    gone: Counter[str] = Counter()
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag != "equal":
            gone += words("\n".join(old[start:end])) - words("\n".join(new[new_start:new_end]))
    return gone


def check_nothing_lost(
    base: str, mine: str, theirs: str, merged: Merged, *, withheld: Iterable[str] = ()
) -> None:
    """Hold a merge to its promise.

    Args:
        base: What apigen wrote last.
        mine: The owner's text.
        theirs: The generated text.
        merged: What became of them.
        withheld: Parts of theirs that a remark says are left out: apigen moved words there.

    Raises:
        InternalError: It lost a word of the owner's.
    """
    missing = Counter(lost_words(base, mine, theirs, merged.text))
    lost = sorted((missing - words("\n".join(withheld))).elements())
    if lost:
        raise InternalError(f"the merge would lose {', '.join(map(repr, lost[:10]))}")


def whole_file(base: str, mine: str, theirs: str) -> Merged:
    """Give one conflict over a whole file: the way out that loses nothing."""
    conflict = SymbolConflict(symbol="", line=1, mine=mine, base=base, theirs=theirs)
    return Merged(text=conflict_lines(mine, base, theirs), conflicts=(conflict,))
