"""What is different about who may do what: more people is a matter of security, fewer of clients.

Rows of rules are compared by what they say. A role that covers another one (`public` covers all,
`authenticated` all with a token) covers its permissions.
"""

from collections.abc import Iterator

from apigen.evolve.classification import Row, Subject, change
from apigen.evolve.record import SpecChange
from apigen.evolve.side import Side
from apigen.ir.access import AUTHENTICATED, PUBLIC, AccessTable
from apigen.ir.element import Element
from apigen.ir.system import System

type _Permission = tuple[str, str]
"""Role, and what its row rule says; empty for every row."""


def access_changes(
    before: AccessTable, after: AccessTable, owner: Element, old: Side
) -> Iterator[SpecChange]:
    """Yield the operations that more, or fewer, people may do; both of one are two changes."""
    then, now = _by_operation(before, old), _by_operation(after, None)
    for operation in then.keys() & now.keys() if before.entries and after.entries else ():
        was, allowed = then[operation], now[operation]
        subject = Subject(
            "access",
            f"{owner.qname}.{operation}",
            owner.span,
            is_stored=False,
            in_events=False,
        )
        name = f"`{operation}` of `{owner.name.text}`"
        texts = _shown(was), _shown(allowed)
        if any(not _covered(one, was) for one in allowed):
            yield change(
                Row.ACCESS_LOOSENED,
                subject,
                f"{name} is open to {texts[1]}, not only {texts[0]}: look at it as an attacker",
                attribute="access",
                before=texts[0],
                after=texts[1],
            )
        if any(not _covered(one, allowed) for one in was):
            yield change(
                Row.ACCESS_TIGHTENED,
                subject,
                f"{name} is open to {texts[1]}, no longer to {texts[0]}: it may reject",
                attribute="access",
                before=texts[0],
                after=texts[1],
            )


def security_changes(last: System, today: System, subject: Subject) -> Iterator[SpecChange]:
    """Yield what is different about how callers are known."""
    before, after = last.security, today.security
    if before is None and after is None:
        return
    if before is None or after is None:
        on = after is not None
        yield change(
            Row.SECURITY_ON if on else Row.SECURITY_OFF,
            subject,
            "callers are asked who they are" if on else "nobody is asked who they are any more",
            attribute="security",
        )
        return
    issuers = {one.issuer: one for one in before.issuers}
    for issuer in after.issuers:
        was = issuers.pop(issuer.issuer, None)
        if was is None or was != issuer:
            text = f"tokens of `{issuer.issuer}` are accepted in another way"
            yield change(Row.ACCESS_LOOSENED, subject, text, attribute="security.issuers")
    for name in issuers:
        text = f"tokens of `{name}` are no longer accepted"
        yield change(Row.ACCESS_TIGHTENED, subject, text, attribute="security.issuers")
    roles = {one.name: set(one.inherits) for one in before.roles}
    for role in after.roles:
        held = roles.pop(role.name, set())
        for row, found, verb in (
            (Row.ACCESS_LOOSENED, set(role.inherits) - held, "has"),
            (Row.ACCESS_TIGHTENED, held - set(role.inherits), "no longer has"),
        ):
            for other in sorted(found):
                text = f"role `{role.name}` {verb} what `{other}` has"
                yield change(row, subject, text, attribute="security.roles")
    for name in roles:
        text = f"role `{name}` is gone"
        yield change(Row.ACCESS_TIGHTENED, subject, text, attribute="security.roles")


def _by_operation(table: AccessTable, old: Side | None) -> dict[str, frozenset[_Permission]]:
    sources = {rule.name: rule.condition.source for rule in table.rules}
    return {
        entry.operation: frozenset(
            (one.role, _said(sources[one.rows], old) if one.rows else "")
            for one in entry.permissions
        )
        for entry in table.entries
    }


def _said(source: str, old: Side | None) -> str:
    return source if old is None else old.translated(source)


def _covered(one: _Permission, known: frozenset[_Permission]) -> bool:
    role, rows = one
    wider = (role, PUBLIC) if role == PUBLIC else (role, AUTHENTICATED, PUBLIC)
    return any((name, said) in known for name in wider for said in (rows, ""))


def _shown(permissions: frozenset[_Permission]) -> str:
    names = sorted({f"{role} if {rows}" if rows else role for role, rows in permissions})
    return ", ".join(names) or "nobody"
