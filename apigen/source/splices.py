"""Replace parts of a text by their offsets."""

from collections.abc import Iterable

from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Splice:
    """Replace `text[start:end]`."""

    start: int
    end: int
    text: str


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """Return `text` with every splice made.

    Raises:
        ValueError: two of them overlap.
    """
    pieces: list[str] = []
    done = 0
    for splice in sorted(set(splices)):
        if splice.start < done:
            message = f"two edits meet at {splice.start}"
            raise ValueError(message)
        pieces += (text[done : splice.start], splice.text)
        done = splice.end
    pieces.append(text[done:])
    return "".join(pieces)
