"""The codes and what they mean at length, for `apigen explain` and the reports that link to it.

Every code has a module of its own in `apigen.diagnostics.codes`, named `ag201.py`, that holds one
`EXPLANATION`; only the one asked for is imported. The rules themselves live where they are
applied (`source`, `spec`, `expr`, `lower`, `check`).
"""

import re
from importlib import import_module

from apigen.values import dataclass

_CODE = re.compile(r"AG[0-9]{3}")
_TOPICS = {"types": "AG201"}
"""Words that messages send a reader to."""
_MODULE = re.compile(r"(ag[0-9]{3})\.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What a code means. Examples are whole specs; `# file: …` begins another file."""

    code: str
    title: str
    why: str
    """Why it matters, in a few sentences."""
    wrong: str
    """A spec that earns exactly this code."""
    right: str
    """The same spec put right, which earns nothing."""


def codes() -> tuple[str, ...]:
    """Return every code that has an explanation, sorted."""
    # Dear to import, and explaining one code has no need of it.
    from importlib.resources import files

    names = (entry.name for entry in files("apigen.diagnostics.codes").iterdir())
    matches = (_MODULE.fullmatch(name) for name in names)
    return tuple(sorted(match[1].upper() for match in matches if match is not None))


def explain(code: str) -> Explanation | None:
    """Return the explanation of a code, in any case; None when there is no such code."""
    wanted = _TOPICS.get(code.strip().lower(), code.strip().upper())
    if not _CODE.fullmatch(wanted):
        return None
    name = f"apigen.diagnostics.codes.{wanted.lower()}"
    try:
        module = import_module(name)
    except ModuleNotFoundError:
        return None
    explanation = module.EXPLANATION
    return explanation if isinstance(explanation, Explanation) else None
