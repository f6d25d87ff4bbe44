"""What the owner has agreed to: `Order`, `Order.note`, `orders.Order.note`."""

from collections.abc import Iterable


def names_of(qname: str) -> tuple[str, ...]:
    """Return how a symbol may be called on the command line: qualified, or without its context."""
    return (qname, qname.partition(".")[2])


def is_acknowledged(qname: str, permitted: Iterable[str]) -> bool:
    """Whether a symbol, or what owns it, was named."""
    wanted = frozenset(permitted)
    parts = qname.split(".")
    owners = (".".join(parts[:end]) for end in range(2, len(parts) + 1))
    return any(name in wanted for owner in owners for name in names_of(owner))


def short(qname: str) -> str:
    """Return a symbol without its context, as people write it."""
    return qname.partition(".")[2] or qname
