"""AG807: a lock that does not fit, because two branches or a person changed it, or it is old."""

from apigen.diagnostics import Diagnostic, Span
from apigen.evolve.identity import Identified
from apigen.evolve.record import LastRun, Symbol

_SHOWN = 3


def stale(last: LastRun, identity: Identified, span: Span) -> tuple[Diagnostic, ...]:
    """Return AG807 for each thing that the lock says two ways, and for an old lock of another spec.

    Args:
        last: What the project remembers.
        identity: Today's system, matched with it.
        span: The lock's.
    """
    found = [_dispute(lines, span) for lines in identity.known.disputes]
    if last.lock is not None and last.lock.schema is None:
        before = {_place(symbol) for symbol in last.lock.symbols if not symbol.removed}
        after = {_place(symbol) for symbol in identity.symbols if not symbol.removed}
        # apigen 0.1 had no lines for members and for the fields of value objects.
        after = {place for place in after if place[1] != "member"}
        nested = {place for place in after if place[1] == "field" and place[3] == "-"} - before
        different = sorted(before ^ (after - nested))
        if different:
            names = list(dict.fromkeys(f"`{qname}`" for _, _, qname, _ in different))
            shown = ", ".join(names[:_SHOWN]) + (" and more" if len(names) > _SHOWN else "")
            found.append(
                Diagnostic(
                    code="AG807",
                    message=f"the lock is of an older apigen and of another spec: {shown}",
                    span=span,
                    help="put the spec back as it was at the last run, run `apigen upgrade`, then"
                    " edit it",
                )
            )
    return tuple(found)


def _dispute(lines: tuple[Symbol, ...], span: Span) -> Diagnostic:
    names = list(dict.fromkeys(f"`{line.qname}`" for line in lines))
    said = " and ".join(names) if len(names) > 1 else f"{names[0]} twice"
    return Diagnostic(
        code="AG807",
        message=f"the lock has one thing in two ways: {said}",
        span=span,
        help="two branches renamed it differently: in `.apigen/lock.json` keep the line of the"
        " branch whose name the database has, and name that one in `renamed_from`",
    )


def _place(symbol: Symbol) -> tuple[str, str, str, str]:
    return (symbol.id, symbol.kind, symbol.qname, symbol.storage)
