"""What an amendment gives: new texts, where the typed ones stand in them, or why there are none."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from apigen.diagnostics import Diagnostic, Label, Span
from apigen.source.positions import Positions
from apigen.values import dataclass

_ENTRY = re.compile(r"\s*([^\s:]+)\s*:\s*(\S.*?)?\s*\Z", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place that stands in the way, and what it is."""

    span: Span
    text: str


class RefusedError(Exception):
    """What was asked for makes no sense in this spec."""

    def __init__(self, message: str, *, help: str = "", places: Iterable[Place] = ()) -> None:
        """Keep what to tell."""
        super().__init__(message)
        self.help = help
        self.places = tuple(places)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A text a person typed, and where its parts stand in the new text of a file."""

    name: str
    """What messages call it: `--field`."""
    text: str
    file: str
    parts: tuple[tuple[int, int, int], ...]
    """Start and end in the file, and the offset in `text` of what stands there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What goes."""

    what: str
    """For people: "`total` of `Order`"."""
    symbols: frozenset[str]
    """Qualified names that the database and clients lose."""
    is_meant: Callable[[str], bool]
    """Whether an identifier in code speaks of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """A spec as it will be."""

    texts: Mapping[str, str]
    """Every file, as they were given; the root first."""
    typed: tuple[Typed, ...] = ()
    notes: tuple[str, ...] = ()
    """What a person should know beside."""
    removal: Removal | None = None
    """None when nothing goes."""

    def pointed(self, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Return findings about what was typed pointing into the typed text."""
        positions = {typed.file: Positions(self.texts[typed.file]) for typed in self.typed}
        return tuple(
            replace(
                one,
                span=self._pointed(one.span, positions),
                labels=tuple(
                    Label(span=self._pointed(label.span, positions), text=label.text)
                    for label in one.labels
                ),
                # A fix would mend the file, and the text is not there.
                fix=None if self._pointed(one.span, positions) != one.span else one.fix,
            )
            for one in found
        )

    def _pointed(self, span: Span, positions: Mapping[str, Positions]) -> Span:
        known = positions.get(span.file)
        if known is None:
            return span
        start, end = known.bounds(span)
        for typed in self.typed:
            for first, last, offset in typed.parts if typed.file == span.file else ():
                if first <= start <= last:
                    begin = min(start - first + offset, len(typed.text))
                    stop = min(max(min(end, last) - first + offset, begin), len(typed.text))
                    return Span(
                        file=typed.name, line=1, column=begin + 1, end_line=1, end_column=stop + 1
                    )
        return span


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldText:
    """`name: type …` as typed."""

    label: str
    text: str
    name: str
    value: str
    name_at: int
    value_at: int

    def placed(self, file: str, text: str, start: int, end: int) -> Typed:
        """Tell where it stands: `text[start:end]` is `name: value`, perhaps quoted."""
        region = text[start:end]
        at = start + len(region) - len(region[len(self.name) + 1 :].lstrip())
        if text[at : at + 1] in ("'", '"') and not self.value.startswith(text[at]):
            at += 1
        return Typed(
            name=self.label,
            text=self.text,
            file=file,
            parts=(
                (start, start + len(self.name), self.name_at),
                (at, end, self.value_at),
            ),
        )


def field_text(text: str, label: str = "--field") -> FieldText:
    """Take `name: type …` apart.

    Raises:
        RefusedError: it is not of this form.
    """
    found = _ENTRY.match(text)
    if found is None or found[2] is None or "\n" in text:
        message = f"cannot read the field `{text}`"
        raise RefusedError(message, help="write `name: type`, such as `due_on: date?`")
    return FieldText(
        label=label,
        text=text,
        name=found[1],
        value=found[2],
        name_at=found.start(1),
        value_at=found.start(2),
    )
