"""Merge three trees by key: which value, which entries, what nobody but the owner can settle.

Lays nothing out: `composed` writes what is decided here into the owner's text.
"""

from dataclasses import replace

from apigen.merge.data.composed import (
    Chunk,
    Sides,
    block_text,
    brought_chunk,
    flow_text,
    indentation,
    indented,
    is_lined,
    own_chunk,
    regapped,
)
from apigen.merge.data.notes import merged_comment, merged_lead, notes
from apigen.merge.data.order import is_torn, placed
from apigen.merge.data.tree import Container, Document, Entry, Node, Normal, Shape, normal_of_pairs
from apigen.merge.merged import Happened, Remark, Unmergeable
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A merged value: its text in the owner's place, and what it must mean when read again."""

    text: str
    normal: Normal
    inner: tuple[Sides, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreeWay:
    """Three documents; `restore` names what the owner deleted and wants back."""

    base: Document
    mine: Document
    theirs: Document
    restore: frozenset[str]

    def value(self, base: Node | None, mine: Node, theirs: Node, symbol: str) -> Value | None:
        """Merge a value; None: only its owner can settle it, or it is replaced as a whole."""
        kept = Value(text=self.mine.text[mine.start : mine.end], normal=mine.normal)
        if _same(self.mine, mine, self.theirs, theirs):
            return kept
        if base is not None and _same(self.base, base, self.theirs, theirs):
            return kept
        if (
            isinstance(mine, Container)
            and isinstance(theirs, Container)
            and mine.shape is theirs.shape
        ):
            same_shape = isinstance(base, Container) and base.shape is mine.shape
            return self.container(base if same_shape else None, mine, theirs, symbol)
        return kept if mine.normal == theirs.normal else None

    def container(
        self, base: Node | None, mine: Container, theirs: Container, symbol: str
    ) -> Value | None:
        """Merge the entries of a container; None: as above, for all of it."""
        before = {e.key: e for e in base.entries} if isinstance(base, Container) else {}
        ours = {entry.key: entry for entry in mine.entries}
        other = {entry.key: entry for entry in theirs.entries}
        if mine.shape is Shape.SEQUENCE and is_torn(
            tuple(before), tuple(ours), tuple(other), is_ordered=mine.is_ordered
        ):
            return None
        chunks: dict[str, Chunk] = {}
        remarks: list[Remark] = []
        for key, entry in ours.items():
            name = _symbol(symbol, mine, key)
            if key in other:
                chunk = self.both(base, before.get(key), mine, entry, theirs, other[key], name)
                if chunk is None:
                    return None
                chunks[key] = chunk
            elif key not in before or not isinstance(base, Container):
                chunks[key] = own_chunk(self.mine, mine, entry)
            elif not self._is_untouched(before[key], entry):
                chunks[key] = own_chunk(self.mine, mine, entry)
                remarks.append(Remark(happened=Happened.ORPHANED, symbol=name))
        for key, entry in other.items():
            name = _symbol(symbol, mine, key)
            if key in ours:
                continue
            if key in before and name not in self.restore:
                if before[key].value.normal != entry.value.normal:
                    remarks.append(Remark(happened=Happened.STAYS_DELETED, symbol=name))
                continue
            if key in before:
                remarks.append(Remark(happened=Happened.RESTORED, symbol=name))
            chunks[key] = brought_chunk(self.theirs, theirs, entry, self.mine, mine)
        if not chunks and not mine.is_flow and not self.mine.may_be_empty:
            return None
        order = placed(
            tuple(before),
            tuple(ours),
            tuple(other),
            frozenset(chunks),
            shape=mine.shape,
        )
        result = regapped([chunks[key] for key in order], mine, theirs, self.theirs)
        if mine.is_flow and not is_lined(mine) and any(c.conflict for c in result):
            return None
        return Value(
            text=flow_text(self.mine.text, mine, result)
            if mine.is_flow
            else block_text(mine, result),
            normal=normal_of_pairs(mine.shape, [(chunk.key, chunk.normal) for chunk in result]),
            inner=tuple(
                sides
                for chunk in result
                for sides in ((chunk.conflict,) if chunk.conflict else chunk.inner)
            ),
            remarks=(*(r for chunk in result for r in chunk.remarks), *remarks),
        )

    def both(
        self,
        base_in: Node | None,
        base: Entry | None,
        mine_in: Container,
        mine: Entry,
        theirs_in: Container,
        theirs: Entry,
        symbol: str,
    ) -> Chunk | None:
        """Merge an entry that both sides have; None: a conflict that has no lines of its own."""
        text = self.mine.text
        chunk = own_chunk(self.mine, mine_in, mine)
        move = indentation(self.theirs, theirs_in, theirs, self.mine, mine_in)
        if mine.owns_lines and theirs.owns_lines and mine_in.is_flow is theirs_in.is_flow:
            lead = merged_lead(self.base, base, chunk.lead, self.theirs, theirs)
            if lead is not None:
                chunk = replace(chunk, lead=indented(lead, *move, first=True))
        value = self.value(base.value if base else None, mine.value, theirs.value, symbol)
        if value is not None:
            comment = merged_comment(self.base, base, self.mine, mine, self.theirs, theirs)
            after = comment if mine_in.is_flow is theirs_in.is_flow else None
            body = text[mine.head : mine.value.start] + value.text
            if mine_in.is_flow:
                body += text[mine.value.end : mine.tail]
                chunk = replace(chunk, comment=chunk.comment if after is None else after)
            elif after is None:
                body += text[mine.value.end : mine.end]
            else:
                body += f"{after}\n"
            return replace(
                chunk, text=body, normal=value.normal, inner=value.inner, remarks=value.remarks
            )
        if base is not None and self._is_untouched(base, mine):
            replaced = self._replaced(mine_in, mine, theirs_in, theirs, move)
            return replace(chunk, text=replaced, normal=theirs.value.normal)
        sides = self._sides(base_in, base, mine_in, mine, theirs_in, theirs, symbol)
        return None if sides is None else replace(chunk, conflict=sides)

    def _replaced(
        self,
        mine_in: Container,
        mine: Entry,
        theirs_in: Container,
        theirs: Entry,
        move: tuple[int, int, float],
    ) -> str:
        """Return the owner's entry with the other side's value."""
        text, other = self.mine.text, self.theirs.text
        is_block = any(
            isinstance(value, Container) and not value.is_flow
            for value in (mine.value, theirs.value)
        )
        if not is_block:
            stop = mine.tail if mine_in.is_flow else mine.end
            start, other_start = mine.value_from, theirs.value_from
            if mine.value.start < mine.value.end and theirs.value.start < theirs.value.end:
                blanks = text[start : mine.value.start], other[other_start : theirs.value.start]
                if not "".join(blanks).strip():
                    start, other_start = mine.value.start, theirs.value.start
            value = indented(other[other_start : theirs.tail], *move)
            return text[mine.head : start] + value + text[mine.tail : stop]
        if "\n" in (text[mine.value_from - 1], other[theirs.value_from - 1]):
            # A table with a header becomes a key, or the other way round.
            return brought_chunk(self.theirs, theirs_in, theirs, self.mine, mine_in).text
        if mine_in.is_flow or theirs_in.is_flow:
            raise Unmergeable("a value without brackets has no place within brackets")
        return text[mine.head : mine.value_from] + indented(
            other[theirs.value_from : theirs.end], *move
        )

    def _sides(
        self,
        base_in: Node | None,
        base: Entry | None,
        mine_in: Container,
        mine: Entry,
        theirs_in: Container,
        theirs: Entry,
        symbol: str,
    ) -> Sides | None:
        """Return the lines of a conflict; None when the entry shares its lines."""
        if not mine.owns_lines or (mine_in.is_flow and not is_lined(mine_in)):
            return None
        older = None
        if base is not None and isinstance(base_in, Container):
            older = brought_chunk(self.base, base_in, base, self.mine, mine_in).text
        return Sides(
            symbol=symbol,
            mine=own_chunk(self.mine, mine_in, mine).text,
            base=older,
            theirs=brought_chunk(self.theirs, theirs_in, theirs, self.mine, mine_in).text,
        )

    def _is_untouched(self, base: Entry, mine: Entry) -> bool:
        """Whether the owner left an entry as it was, comments included."""
        return base.value.normal == mine.value.normal and set(
            notes(self.mine, mine.lead, mine.end)
        ) <= set(notes(self.base, base.lead, base.end))


def _same(document: Document, node: Node, other: Document, that: Node) -> bool:
    return node.normal == that.normal and notes(document, node.start, node.end) == notes(
        other, that.start, that.end
    )


def _symbol(path: str, container: Container, key: str) -> str:
    if container.shape is Shape.SEQUENCE:
        return f"{path}[{key}]"
    return f"{path}.{key}" if path else key
