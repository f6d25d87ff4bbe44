"""Token by token: what became what between two texts of one module.

Two uses. `renamed_tokens`: texts of the same templates, which differ in names, in layout and in
the order of imports. `matched_tokens`: a text and the one it was edited from.
"""

import ast
import token as kinds
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from difflib import SequenceMatcher
from keyword import iskeyword

from apigen.merge.renaming.code import Code, Token
from apigen.values import dataclass

_BRACKETS = frozenset("()")
_ALIKE = 0.75
"""Of two symbols with different names: above it, the owner renamed one into the other."""


def renamed_tokens(old: Code, new: Code) -> Mapping[int, str]:
    """Return what the tokens of `old`, by index, are in `new`, imports left out.

    A token without counterpart (a bracket that a longer line needs) is not in it.
    """
    ours, theirs = _without_imports(old), _without_imports(new)
    for keep in (_all, _no_brackets, _no_comments):
        left = [index for index in ours if keep(old.tokens, index)]
        right = [index for index in theirs if keep(new.tokens, index)]
        if _same_form([old.tokens[i] for i in left], [new.tokens[i] for i in right]):
            return {a: new.tokens[b].text for a, b in zip(left, right, strict=True)}
    found: dict[int, str] = {}
    before = [_form(old.tokens[index]) for index in left]
    after = [_form(new.tokens[index]) for index in right]
    for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            found[left[block.a + step]] = new.tokens[right[block.b + step]].text
    return found


def is_same_code(left: Code, right: Code) -> bool:
    """Whether two texts differ in nothing but what a formatter does."""
    return _forms(left) == _forms(right)


def _forms(code: Code) -> list[str]:
    kept = (i for i in range(len(code.tokens)) if _no_brackets(code.tokens, i))
    return [code.tokens[index].form for index in kept]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """Which token of a text is which of the one it was edited from, by index."""

    tokens: dict[int, int] = field(default_factory=dict)
    untouched: set[int] = field(default_factory=set)
    """Tokens of symbols that nobody edited."""


def matched_tokens(mine: Code, base: Code) -> Matched:
    """Match the tokens of a text to those of the one it was edited from.

    Symbols are matched by kind and name, so that moved and added ones disturb nothing.
    """
    found = Matched()
    _match(
        mine, base, mine.tree.body, base.tree.body, (0, len(mine.text)), (0, len(base.text)), found
    )
    return found


def renamed_by_owner(mine: Code, base: Code) -> Mapping[str, str]:
    """Return the classes of a module that its owner renamed: their name to the one before."""
    left, right = dict(_keyed(mine.tree.body)), dict(_keyed(base.tree.body))
    return {
        ours[1]: theirs[1]
        for ours, theirs in _partners(mine, base, left, right).items()
        if ours[0] == "class" and ours[1] != theirs[1]
    }


type _Region = tuple[int, int]
type _Key = tuple[str, str, int]


def _partners(
    mine: Code, base: Code, left: Mapping[_Key, ast.stmt], right: Mapping[_Key, ast.stmt]
) -> dict[_Key, _Key]:
    """Return which statement is which: the one of its name, else one that is nearly the same."""
    found = {key: key for key in left if key in right}
    rest = [key for key in right if key not in found]
    for key, statement in left.items():
        if key in found or key[0] not in {"class", "function"}:
            continue
        words = _words(mine, statement)
        for other in [one for one in rest if one[0] == key[0]]:
            likeness = SequenceMatcher(None, words, _words(base, right[other]), autojunk=False)
            if likeness.ratio() > _ALIKE:
                found[key] = other
                rest.remove(other)
                break
    return found


def _words(code: Code, statement: ast.stmt) -> list[str]:
    return [token.form for token in code.tokens[slice(*_span(code, statement))]]


def _match(
    mine: Code,
    base: Code,
    ours: Sequence[ast.stmt],
    theirs: Sequence[ast.stmt],
    region: _Region,
    other: _Region,
    found: Matched,
) -> None:
    """Match the statements of two bodies by key, and what stands between them by text."""
    left, right = dict(_keyed(ours)), dict(_keyed(theirs))
    covered: set[int] = set()
    covered_base: set[int] = set()
    partners = _partners(mine, base, left, right)
    for key, statement in left.items():
        span = _span(mine, statement)
        covered.update(range(*span))
        if key not in partners:
            continue
        partner = right[partners[key]]
        partner_span = _span(base, partner)
        if _match_equal(mine, base, span, partner_span, found):
            continue
        if isinstance(statement, ast.ClassDef) and isinstance(partner, ast.ClassDef):
            spans = (_offsets(mine, span), _offsets(base, partner_span))
            _match(mine, base, statement.body, partner.body, *spans, found)
        else:
            _match_rest(mine, base, list(range(*span)), list(range(*partner_span)), found)
    for statement in right.values():
        covered_base.update(range(*_span(base, statement)))
    _match_rest(
        mine,
        base,
        [i for i in range(mine.index(region[0]), mine.index(region[1])) if i not in covered],
        [i for i in range(base.index(other[0]), base.index(other[1])) if i not in covered_base],
        found,
    )


def _match_equal(
    mine: Code, base: Code, ours: tuple[int, int], theirs: tuple[int, int], found: Matched
) -> bool:
    """Match two runs of tokens that a formatter may have laid out; tell whether they are equal."""
    left, right = list(range(*ours)), list(range(*theirs))
    for keep in (None, _no_brackets):
        if keep is not None:
            left = [index for index in left if keep(mine.tokens, index)]
            right = [index for index in right if keep(base.tokens, index)]
        if [mine.tokens[i].form for i in left] == [base.tokens[i].form for i in right]:
            found.tokens.update(zip(left, right, strict=True))
            found.untouched.update(left)
            return True
    return False


def _match_rest(mine: Code, base: Code, ours: list[int], theirs: list[int], found: Matched) -> None:
    left = [mine.tokens[index].form for index in ours]
    right = [base.tokens[index].form for index in theirs]
    for block in SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            index = ours[block.a + step]
            # An attribute is only the same attribute when it is read from the same thing.
            if step == 0 and index and mine.tokens[index - 1].text == ".":
                continue
            if step == 1 and mine.tokens[index - 1].text == ".":
                continue
            found.tokens[index] = theirs[block.b + step]


def _keyed(body: Sequence[ast.stmt]) -> Iterator[tuple[_Key, ast.stmt]]:
    """Yield the statements with kind, name and the how-manieth of these; imports left out."""
    seen: defaultdict[tuple[str, str], int] = defaultdict(int)
    for statement in body:
        match statement:
            case ast.Import() | ast.ImportFrom():
                continue
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                key = ("function", name)
            case ast.ClassDef(name=name):
                key = ("class", name)
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                key = ("name", name)
            case ast.TypeAlias(name=ast.Name(id=name)):
                key = ("name", name)
            case ast.Expr(value=ast.Constant(value=str())):
                key = ("text", "")
            case _:
                continue
        seen[key] += 1
        yield (*key, seen[key]), statement


def _span(code: Code, statement: ast.stmt) -> tuple[int, int]:
    """Return the indices of a statement's tokens, its decorators among them."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    # One token before a decorator's expression is its `@`.
    first = code.index(code.start(decorators[0])) - 1 if decorators else None
    start = code.index(code.start(statement)) if first is None else first
    return start, code.index(code.end(statement))


def _offsets(code: Code, span: tuple[int, int]) -> _Region:
    return code.tokens[span[0]].start, code.tokens[span[1] - 1].end


def _without_imports(code: Code) -> list[int]:
    left_out: set[int] = set()
    for node in ast.walk(code.tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            left_out.update(range(*_span(code, node)))
    return [index for index in range(len(code.tokens)) if index not in left_out]


def _all(tokens: Sequence[Token], index: int) -> bool:
    """Whether a token is no comma before a closing bracket."""
    after = tokens[index + 1].text if index + 1 < len(tokens) else ""
    return not (tokens[index].text == "," and after in {")", "]", "}"})


def _no_brackets(tokens: Sequence[Token], index: int) -> bool:
    return _all(tokens, index) and tokens[index].text not in _BRACKETS


def _no_comments(tokens: Sequence[Token], index: int) -> bool:
    return _no_brackets(tokens, index) and tokens[index].kind != kinds.COMMENT


def _same_form(left: Sequence[Token], right: Sequence[Token]) -> bool:
    return [_form(token) for token in left] == [_form(token) for token in right]


def _form(token: Token) -> tuple[int, str]:
    """Return what a rename leaves as it is: names, texts and numbers are their kind alone."""
    is_fixed = token.kind == kinds.OP or iskeyword(token.text)
    return token.kind, token.text if is_fixed else ""
