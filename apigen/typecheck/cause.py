"""Which change of the spec a finding comes from, told by the names they share.

A field `due_on` is `due_on` in code, but an entity `Task` is also `CreateTask`, `task_repository`
and `TASKS`: names are compared word by word. A name in mypy's message says more than one on the
line, a field says more than its entity, what is gone says more than what is new.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from apigen.diagnostics import Span
from apigen.evolve.record import Evolution, Rename, SpecChange
from apigen.ir.names import stands_in, words
from apigen.values import dataclass

_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_CLASSES = frozenset({"entity", "child", "type", "event", "value object", "enum"})
"""Elements whose name is part of the names of many definitions."""
_KINDS = ("removed", "renamed", "moved", "changed", "added")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What changed."""

    text: str
    symbol: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    words: tuple[str, ...]
    is_class: bool
    rank: int
    cause: Cause


def spec_cause(message: str, line: str, evolution: Evolution | None) -> Cause | None:
    """Return the change of the spec that explains a finding best, None when none does.

    Args:
        message: What mypy says.
        line: The line it says it of.
        evolution: What the run found different from the last one.
    """
    if evolution is None:
        return None
    known = sorted(_candidates(evolution), key=lambda one: (one.is_class, one.rank))
    for text in (message, line):
        names = [words(name) for name in _IDENTIFIER.findall(text)]
        for candidate in known:
            if any(_says(name, candidate) for name in names):
                return candidate.cause
    return None


def file_cause(
    message: str, line: str, changed: Sequence[tuple[str, frozenset[str]]]
) -> Cause | None:
    """Return the changed file whose names the finding is about, None when there is none.

    Args:
        message: What mypy says.
        line: The line it says it of.
        changed: Path and changed names of the files that the line's file imports, nearest first.
    """
    for text in (message, line):
        names = set(_IDENTIFIER.findall(text))
        for path, meant in changed:
            if not names.isdisjoint(meant):
                return Cause(text=f"a change of {path}")
    return None


def _candidates(evolution: Evolution) -> Iterator[_Candidate]:
    declared = {rename.old: rename for rename in evolution.renames}
    for rename in evolution.renames:
        yield from _of_rename(rename, evolution.changes)
    for change in evolution.changes:
        if change.kind == "renamed" or change.symbol in declared:
            continue
        rank = _KINDS.index(change.kind) if change.kind in _KINDS else len(_KINDS)
        cause = Cause(text=change.text or _plain(change), symbol=change.symbol, span=change.span)
        is_class = change.element in _CLASSES
        for name in _names(change):
            yield _Candidate(words=words(name), is_class=is_class, rank=rank, cause=cause)


def _of_rename(rename: Rename, changes: Iterable[SpecChange]) -> Iterator[_Candidate]:
    told = [one for one in changes if one.kind == "renamed" and one.symbol == rename.new]
    text = f"{rename.kind} `{_short(rename.old)}` is called `{_last(rename.new)}`"
    cause = Cause(text=text, symbol=rename.new, span=told[0].span if told else None)
    yield _Candidate(
        words=words(_last(rename.old)),
        is_class=rename.kind in _CLASSES,
        rank=_KINDS.index("renamed"),
        cause=cause,
    )


def _names(change: SpecChange) -> Iterator[str]:
    """Yield what the changed element is called; a relation `author` is also `author_id`."""
    name = _last(change.symbol)
    yield name
    if change.element in ("field", "relation"):
        yield f"{name}_id"


def _says(name: tuple[str, ...], candidate: _Candidate) -> bool:
    """Whether a name in code stands for the candidate."""
    return stands_in(candidate.words, name) if candidate.is_class else name == candidate.words


def _last(qname: str) -> str:
    return qname.rpartition(".")[2]


def _short(qname: str) -> str:
    """Return a qualified name without its context."""
    return qname.partition(".")[2] or qname


def _plain(change: SpecChange) -> str:
    attribute = f" ({change.attribute})" if change.attribute else ""
    return f"{change.element} `{_short(change.symbol)}` was {change.kind}{attribute}"
