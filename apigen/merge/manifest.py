"""What apigen remembers of the files it answers for. Data only; `apigen.disk` reads it."""

from collections.abc import Mapping
from dataclasses import field

from apigen.plan.file import FileClass
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestEntry:
    """One file as apigen wrote it last."""

    path: str
    file_class: FileClass
    sha256: str
    """Of the base for a file that is merged, else of what was written."""
    elements: tuple[str, ...]
    executable: bool | None = None
    """None in a manifest of apigen 0.1, which did not note it."""
    ejected: bool = False
    """Vendored by the plan, but its owner's since `apigen eject`: it is merged."""
    others: tuple[str, ...] = ()
    """Hashes of other lines for the same path: two branches wrote it, and git united the lines.

    The base is then what git united too, and has none of the hashes.
    """

    @property
    def hashes(self) -> frozenset[str]:
        """All hashes that apigen wrote."""
        return frozenset((self.sha256, *self.others))


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A symbol that its owner moved to another file, and said so with `apigen adopt`."""

    path: str
    """Where apigen writes it."""
    symbol: str
    at: str
    """The file in which its owner has it."""
    at_symbol: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All files apigen wrote, by path."""

    entries: Mapping[str, ManifestEntry]
    links: tuple[Link, ...] = field(default=())
    version: str | None = None
    """Of the apigen that wrote it; None when nothing was written yet."""


EMPTY = Manifest(entries={})
