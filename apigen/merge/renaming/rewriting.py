"""One Python file with its references renamed.

A file that apigen wrote is compared with the text it was written as: a token that is still the
same token becomes what that one became, texts and comments among them. All else is the owner's,
and only its references are renamed.
"""

import ast
from collections.abc import Iterator, Mapping

from apigen.merge.python.import_order import member_key
from apigen.merge.renaming.alignment import Matched, matched_tokens
from apigen.merge.renaming.code import Code, Edit, Token, edited, requoted
from apigen.merge.renaming.references import References
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """A text with its references renamed."""

    text: str
    lines: tuple[int, ...]
    """Of the edits, from 1, in the text before."""
    became: Mapping[int, str]
    """What tokens, by index, are called: those that changed, and those known to stay."""
    settled: frozenset[int]
    """Where tokens start that were renamed, or are still the ones of the origin."""


def rewritten(
    code: Code,
    found: References,
    origin: Code | None,
    became: Mapping[int, str],
) -> Rewritten:
    """Return a module with its references renamed.

    Args:
        code: The module.
        found: Its references.
        origin: What it was edited from; None for a module of the owner's own.
        became: What the tokens of `origin`, by index, are called.
    """
    edits = dict(found.edits)
    matched = matched_tokens(code, origin) if origin is not None else Matched()
    for index, other in matched.tokens.items():
        token = code.tokens[index]
        new = _renamed(token, origin.tokens[other], became.get(other)) if origin else token.text
        inside = [start for start in range(token.start, token.end) if start in edits]
        if token.start in found.kept:
            continue
        if index in matched.untouched and other in became:
            # What apigen wrote and nobody touched is what it writes today, its order too.
            for start in inside:
                del edits[start]
        elif inside or token.start in found.left:
            continue
        if new != token.text:
            edits[token.start] = Edit(start=token.start, end=token.end, text=new)
    settled = [index for index, other in matched.tokens.items() if other in became]
    lines = sorted({code.line(start) for start in edits})
    return Rewritten(
        text=edited(code.text, _in_order(code, edits)),
        lines=tuple(lines),
        settled=frozenset((*edits, *(code.tokens[index].start for index in matched.tokens))),
        became={
            **{index: code.tokens[index].text for index in settled},
            **{code.index(start): edit.text for start, edit in edits.items()},
        },
    )


def _in_order(code: Code, edits: Mapping[int, Edit]) -> Iterator[Edit]:
    """Yield the edits; names of an import that were in isort's order are so again."""
    rest = dict(edits)
    for node in ast.walk(code.tree):
        if not isinstance(node, ast.ImportFrom):
            continue
        spans = [(code.start(name), code.end(name)) for name in node.names]
        inside = [at for at in edits if any(start <= at < end for start, end in spans)]
        before = [member_key(code.text[start:end]) for start, end in spans]
        if not inside or before != sorted(before):
            continue
        names = [
            edited(
                code.text[start:end],
                [
                    Edit(start=one.start - start, end=one.end - start, text=one.text)
                    for at, one in edits.items()
                    if start <= at < end
                ],
            )
            for start, end in spans
        ]
        for at in inside:
            del rest[at]
        ordered = sorted(names, key=member_key)
        for (start, end), name in zip(spans, ordered, strict=True):
            rest[start] = Edit(start=start, end=end, text=name)
    yield from rest.values()


def _renamed(token: Token, was: Token, new: str | None) -> str:
    """Return what a token that is still the one of the origin is called, in its owner's quotes."""
    return token.text if new is None or new == was.text else requoted(new, token.text)
