"""Something wrong with a file of a project rather than with the spec. Data only."""

from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingKind:
    """What findings have in common."""

    id: str
    """Kebab case, stable: programs filter by it."""
    title: str
    """Lower case, no full stop."""
    why: str
    exit: int
    """How `apigen check` ends because of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFinding:
    """One thing that is not what it should be, and what mends it."""

    kind: FindingKind
    file: str
    """Posix, below the project."""
    problem: str
    """Lower case, no full stop, stands alone."""
    command: str
    """Mends it; empty where no command does."""
    line: int = 0
    """From 1; 0: the file as a whole."""
    symbols: tuple[str, ...] = ()
    """Dotted names in the file."""
    elements: tuple[str, ...] = ()
    """Qualified names of the spec elements that it comes from."""
    advice: str = ""
    """What to do, where that is more than to run the command."""

    @property
    def help(self) -> str:
        """Return what to do, in words."""
        return self.advice or f"`{self.command}`"
