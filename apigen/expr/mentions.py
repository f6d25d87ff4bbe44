"""Where a rule mentions what: for those who rename or remove what it mentions.

Recorded while names are resolved, because only then it is known whether `paid` is a field or a
member of the enumeration beside it.
"""

from apigen.diagnostics import Span
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One name in one rule: a field or collection by its declaration, or a member of an enum."""

    rule: Span
    """Where the text of the rule stands, without quotes around it."""
    text: str
    """The rule as YAML gives it."""
    start: int
    """Offset in `text` of the first letter of the name."""
    end: int
    declared: Span | None = None
    """Of the field or collection; None for a member."""
    enum: str = ""
    """Qualified name of the enumeration of a member."""

    @property
    def name(self) -> str:
        """As written."""
        return self.text[self.start : self.end]
