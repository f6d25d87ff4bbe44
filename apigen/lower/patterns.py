"""Regular expressions of the spec: ones that Python takes as they stand, and in good time.

AG207 for what is none, AG216 for one that a hostile value makes endlessly slow.
"""

import re
import warnings
from collections.abc import Iterable
from typing import Any

from apigen.lower.workspace import Workspace
from apigen.spec.located import Located

# The parsed form of a pattern has no public home and no types.
_sre: Any = vars(re)["_constants"]
_parser: Any = vars(re)["_parser"]
_MANY = 10
"""Repetitions that count as endless: ten nested in ten are a hundred million ways."""


def read_pattern(pattern: Located[str], least: object, most: object, work: Workspace) -> str | None:
    """Return the pattern, or None after AG207; `least` and `most` bound the text's length."""
    try:
        with warnings.catch_warnings():
            # What Python may read differently one day is refused now: the project's own tests
            # would stop at the warning.
            warnings.simplefilter("error")
            re.compile(pattern.value)
            parsed = _parser.parse(pattern.value)
    except (re.error, OverflowError, RecursionError, Warning) as problem:
        work.found.error(
            "AG207",
            f"`pattern` is not a regular expression: {_in_one_line(problem)}",
            pattern.span,
            help="Python's notation; the whole value must match",
        )
        return None
    shortest, longest = parsed.getwidth()
    wrong = ""
    if isinstance(most, int) and shortest > most:
        wrong = f"matches texts of {shortest} characters or more, and {most} is the limit"
    elif isinstance(least, int) and longest < least:
        wrong = f"matches texts of at most {longest} characters, and {least} is the least"
    if wrong:
        work.found.error(
            "AG207", f"`pattern` {wrong}", pattern.span, help="no value could ever be right"
        )
        return None
    if _is_ambiguous(parsed):
        work.found.warning(
            "AG216",
            "`pattern` can take endless time: a repetition repeats nothing but a repetition",
            pattern.span,
            help="repeat once, `[a-z]+` for `([a-z]+)+`, or begin each round with a separator,"
            " `[a-z]+(-[a-z]+)*`",
        )
    return pattern.value


def _in_one_line(problem: BaseException) -> str:
    return str(problem).partition("\n")[0]


# The parser's output is untyped: every operation has an argument of a shape of its own.
def _is_ambiguous(items: Iterable[tuple[Any, Any]]) -> bool:
    """Whether some repetition has a body that is itself a repetition and optional parts only.

    `(a+)+` can take `aaaa` apart in any way, and tries them all before it says no.
    """
    for op, argument in items:
        match op, argument:
            case ((_sre.MAX_REPEAT | _sre.MIN_REPEAT), (_, most, body)):
                if int(most) >= _MANY and _is_repetition(body):
                    return True
                if _is_ambiguous(body):
                    return True
            case _sre.SUBPATTERN, (_, _, _, body):
                if _is_ambiguous(body):
                    return True
            case _sre.BRANCH, (_, branches):
                if any(_is_ambiguous(branch) for branch in branches):
                    return True
            case ((_sre.ASSERT | _sre.ASSERT_NOT), (_, body)):
                if _is_ambiguous(body):
                    return True
            case _:
                continue
    return False


def _is_repetition(body: Any) -> bool:
    """Whether a text can be one endless repetition, all else in `body` being left out."""
    needed = [(op, argument) for op, argument in body if not _is_optional(op, argument)]
    if not needed:
        return any(_is_endless(op, argument) for op, argument in body)
    return len(needed) == 1 and _is_endless(*needed[0])


def _is_endless(op: Any, argument: Any) -> bool:
    match op, argument:
        case ((_sre.MAX_REPEAT | _sre.MIN_REPEAT), (_, most, _)):
            return int(most) >= _MANY
        case _sre.SUBPATTERN, (_, _, _, body):
            return _is_repetition(body)
        case _sre.BRANCH, (_, branches):
            return any(_is_repetition(branch) for branch in branches)
        case _:
            return False


def _is_optional(op: Any, argument: Any) -> bool:
    match op, argument:
        case ((_sre.MAX_REPEAT | _sre.MIN_REPEAT), (least, _, body)):
            return int(least) == 0 or all(_is_optional(*part) for part in body)
        case _sre.SUBPATTERN, (_, _, _, body):
            return all(_is_optional(*part) for part in body)
        case _sre.BRANCH, (_, branches):
            return any(all(_is_optional(*part) for part in branch) for branch in branches)
        case ((_sre.ASSERT | _sre.ASSERT_NOT | _sre.AT), _):
            return True
        case _:
            return False
