"""Comma-separated elements of three versions, by the table.

Named elements (keywords, parameters, keys, imported names) are known by their name, the others by
what they say and where. How one element is taken apart is `apigen.merge.python.expressions`.
"""

import ast
from collections.abc import Callable, Sequence

from apigen.merge.merged import Happened
from apigen.merge.python.arrangement import Row, arranged, rows
from apigen.merge.python.findings import Clash, Findings
from apigen.merge.python.import_order import SortKey, member_key
from apigen.merge.python.items import Element, Items, Placed, printed
from apigen.merge.python.matching import Pairs, by_key, in_order, likeness

type Descend = Callable[[Element, Element, Element], Placed]


def _is_positional(element: Element) -> bool:
    return element.key[0] == "item"


def match_elements(one: Sequence[Element], other: Sequence[Element]) -> Pairs:
    """Pair the elements of two versions: named ones by name, the others in their order."""
    named = by_key(
        [("", index) if _is_positional(each) else each.key for index, each in enumerate(one)],
        [
            ("", -index - 1) if _is_positional(each) else each.key
            for index, each in enumerate(other)
        ],
        [each.norm for each in one],
        [each.norm for each in other],
    )
    mine = [index for index, each in enumerate(one) if _is_positional(each)]
    theirs = [index for index, each in enumerate(other) if _is_positional(each)]

    def score(a: int, b: int) -> float:
        left, right = one[mine[a]], other[theirs[b]]
        alone = len(mine) == len(theirs)
        same = type(left.nodes[0]) is type(right.nodes[0])
        alike = likeness(left.key, right.key)
        if isinstance(left.nodes[0], ast.Call) and same:
            return alike if alike > 0.5 or alone else 0.0
        return 0.01 + alike if alone else (alike if same and alike > 0.5 else 0.0)

    ordered = in_order(
        [one[index].key for index in mine],
        [other[index].key for index in theirs],
        score,
        moved_from=2,
    )
    return named | {mine[a]: theirs[b] for a, b in ordered.items()}


def merge_items(
    base: Items | None,
    mine: Items,
    theirs: Items,
    *,
    is_call: bool,
    descend: Descend,
    findings: Findings,
    symbol: str,
) -> str:
    """Give the text between the brackets of a list that both sides changed.

    Args:
        base: The list in base, None when both sides added one.
        mine: The owner's.
        theirs: The generated one.
        is_call: Whether its elements are arguments.
        descend: Merges one element that both sides changed.
        findings: Takes conflicts and remarks.
        symbol: The symbol around it.

    Raises:
        Clash: Both sides changed one element that is not on lines of its own.
    """
    old = base.elements if base else ()
    own, new = mine.elements, theirs.elements

    def added(left: list[int], right: list[int]) -> Pairs:
        pairs = by_key(
            [own[index].key for index in left],
            [new[index].key for index in right],
            [own[index].norm for index in left],
            [new[index].norm for index in right],
        )
        return {left[a]: right[b] for a, b in pairs.items()}

    table = rows(
        (len(old), len(own), len(new)), match_elements(old, own), match_elements(old, new), added
    )
    placed: dict[int, Placed] = {}
    for row in table:
        found = _element(
            None if row.base is None else old[row.base],
            None if row.mine is None else own[row.mine],
            None if row.theirs is None else new[row.theirs],
            is_exploded=mine.is_exploded,
            is_call=is_call,
            descend=descend,
            findings=findings,
            symbol=symbol,
        )
        if found:
            placed[id(row)] = found
    _refuse_two_positions(table, own, new, loose=is_call or not mine.is_bracketed)

    def passes(row: Row, other: Row) -> bool:
        assert row.mine is not None
        assert other.theirs is not None
        key = new[other.theirs].key
        if key[0] == "parameter":
            return key[1] not in {"*", "**", "/"} or own[row.mine].key[1] == "**"
        return key[0] in {"item", "name"} or not _is_positional(own[row.mine])

    order = [placed[id(row)] for row in arranged(table, lambda row: id(row) in placed, passes)]
    return printed(mine, _valid(_sorted(order, own, new)), limit=findings.limit, unit=findings.unit)


def _refuse_two_positions(
    table: Sequence[Row],
    own: Sequence[Element],
    new: Sequence[Element],
    *,
    loose: bool,
) -> None:
    """Where position is meaning, two sides that both add an element want two different things.

    Raises:
        Clash: Both sides added an argument, and not both of them calls, as in a table's columns.
    """
    mine = [
        own[row.mine]
        for row in table
        if row.base is None and row.mine is not None and row.theirs is None
    ]
    theirs = [
        new[row.theirs]
        for row in table
        if row.base is None and row.theirs is not None and row.mine is None
    ]
    mine = [each for each in mine if _is_positional(each)]
    theirs = [each for each in theirs if _is_positional(each)]
    if not loose or not mine or not theirs:
        return
    calls = (ast.Call, ast.Starred)
    if not all(isinstance(each.nodes[0], calls) for each in (*mine, *theirs)):
        raise Clash


def _lines(element: Element | None) -> str | None:
    if element is None:
        return None
    source = element.source
    start = source.line_start(element.start)
    comments = source.comments_in(element.chunk, element.start)
    if comments:
        start = source.line_start(comments[0][0])
    text = source.text[start : element.chunk_end].strip("\n")
    if not element.has_comma:
        text = source.text[start : element.end] + "," + source.text[element.end : element.chunk_end]
    return text.strip("\n") + "\n"


def _element(
    old: Element | None,
    own: Element | None,
    new: Element | None,
    *,
    is_exploded: bool,
    is_call: bool,
    descend: Descend,
    findings: Findings,
    symbol: str,
) -> Placed | None:
    if own is None and new is None:
        return None
    if own is None:
        assert new is not None
        if old is not None and findings.restores(symbol):
            findings.remark(Happened.RESTORED, symbol, new.text)
        elif old is not None:
            if old.norm != new.norm:
                if is_call and _is_positional(new):
                    raise Clash
                findings.stays_deleted(symbol, new.text, new.text)
            return None
        return Placed(text=new.text, element=new, is_mine=False)
    kept = Placed(text=own.text, element=own, is_mine=True)
    if new is None:
        if old is None:
            return kept
        if old.norm == own.norm:
            return None
    elif old is None:
        if own.norm == new.norm:
            return kept
    elif new.norm == old.norm or own.norm == new.norm:
        return kept
    elif own.norm == old.norm and own.text == old.text:
        return Placed(text=new.text, element=new, is_mine=False)
    else:
        try:
            return descend(old, own, new)
        except Clash:
            if own.norm == old.norm:
                return Placed(text=new.text, element=new, is_mine=False)
            if not is_exploded:
                raise
    if not is_exploded:
        raise Clash
    text = findings.conflict(symbol, _lines(own), _lines(old), _lines(new))
    return Placed(text=text, element=None, is_mine=False)


def _sort_key(element: Element) -> SortKey | None:
    if element.key[0] == "name":
        return member_key(element.key[1])
    if element.key[0] == "item" and isinstance(element.nodes[0], ast.Constant):
        value = element.nodes[0].value
        return (value,) if isinstance(value, str) else None
    return None


def _sorted(order: list[Placed], own: Sequence[Element], new: Sequence[Element]) -> list[Placed]:
    """Keep a sorted list of names or texts sorted."""
    if min(len(own), len(new)) < 2:
        return order
    for sequence in (own, new):
        keys = [key for each in sequence if (key := _sort_key(each)) is not None]
        if len(keys) < len(sequence) or keys != sorted(keys):
            return order
    pairs = [
        (key, position)
        for position, each in enumerate(order)
        if each.element is not None and (key := _sort_key(each.element)) is not None
    ]
    return (
        [order[position] for _key, position in sorted(pairs)] if len(pairs) == len(order) else order
    )


def _valid(order: list[Placed]) -> list[Placed]:
    """Put parameters without a default in front of those with one, up to `*`."""
    stop = len(order)
    for index, each in enumerate(order):
        if each.element is None or each.element.key[0] != "parameter":
            return order
        if each.element.key[1] in {"*", "**"}:
            stop = index
            break
    head = order[:stop]

    def has_default(each: Placed) -> bool:
        return each.element is not None and len(each.element.nodes) > 1

    if any(each.element is not None and each.element.key[1] == "/" for each in head):
        return order
    return sorted(head, key=has_default) + order[stop:]
