"""Merge three texts that a reader turns into trees, and hold the result to its promises.

The result is read again and compared with what was decided, so that a mistake of layout is never
written: what has no place in the owner's text is merged by lines instead.
"""

from collections.abc import Callable
from dataclasses import replace

from apigen.merge.conflict_text import first_line_numbers, mine_alone
from apigen.merge.data.three_way import ThreeWay, Value
from apigen.merge.data.tree import Document, Shape, normal_of_pairs
from apigen.merge.invariant import lost_words, whole_file
from apigen.merge.lines import merge_lines, settled
from apigen.merge.merged import Merged, SymbolConflict, Unmergeable


def merge_documents(
    base: str,
    mine: str,
    theirs: str,
    *,
    read: Callable[[str], Document],
    restore: frozenset[str] = frozenset(),
) -> Merged:
    """Merge three texts.

    Raises:
        Unmergeable: One does not parse.
    """
    alone = settled(base, mine, theirs)
    if alone is not None:
        return Merged(text=alone)
    if not mine.endswith("\n"):
        closed = merge_documents(base, f"{mine}\n", theirs, read=read, restore=restore)
        return replace(closed, text=closed.text[: None if closed.conflicts else -1])
    merge = ThreeWay(base=read(base), mine=read(mine), theirs=read(theirs), restore=restore)
    try:
        return _merged(merge, read)
    except Unmergeable:
        return _by_lines(base, mine, theirs, read)


def _merged(merge: ThreeWay, read: Callable[[str], Document]) -> Merged:
    ours, other = merge.mine.root, merge.theirs.root
    base, mine, theirs = merge.base.text, merge.mine.text, merge.theirs.text
    if ours is None or other is None:
        raise Unmergeable("one side says nothing")
    value = merge.value(merge.base.root, ours, other, "")
    if value is None:
        return whole_file(base, mine, theirs)
    text = mine[: ours.start] + value.text + mine[ours.end :]
    _verify(read, merge, text, value)
    return Merged(
        text=text,
        conflicts=tuple(
            SymbolConflict(
                symbol=sides.symbol,
                line=line,
                mine=sides.mine,
                base=sides.base,
                theirs=sides.theirs,
            )
            for line, sides in zip(first_line_numbers(text), value.inner, strict=True)
        ),
        remarks=value.remarks,
    )


def _verify(read: Callable[[str], Document], merge: ThreeWay, text: str, value: Value) -> None:
    """Refuse a text that does not say what was decided, or lost something of the owner's."""
    result = read(mine_alone(text))
    said = result.root.normal if result.root is not None else normal_of_pairs(Shape.MAPPING, ())
    if said != value.normal:
        raise Unmergeable("the layout leaves no room for what the merge came to")
    own = {note for _, note in merge.mine.comments} - {note for _, note in merge.base.comments}
    if own - {note for _, note in result.comments}:
        raise Unmergeable("a comment of yours has no place in the merged text")
    # Signs alone are layout here: a dash of a list, a bar of a text.
    lost = lost_words(merge.base.text, merge.mine.text, merge.theirs.text, text)
    if any(word[0].isalnum() for word in lost):
        raise Unmergeable("a word of yours has no place in the merged text")


def _by_lines(base: str, mine: str, theirs: str, read: Callable[[str], Document]) -> Merged:
    """Merge by lines; a clean result that does not parse is a conflict over the whole file."""
    merged = merge_lines(base, mine, theirs)
    try:
        read(mine_alone(merged.text))
    except Unmergeable:
        return whole_file(base, mine, theirs)
    return merged
