"""Who may do what, then and today: what is open to more is to be reviewed, the rest may reject."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from apigen.evolve.classification import Row, Subject, change
from apigen.evolve.record import SpecChange
from apigen.evolve.side import Side
from apigen.ir.access import (
    AUTHENTICATED,
    NOBODY,
    PUBLIC,
    AccessTable,
    Permission,
    Role,
    Security,
    TokenIssuer,
)
from apigen.ir.system import System


class _Grant(NamedTuple):
    """A permission with the rule of its rows in today's words; empty for all rows."""

    role: str
    rows: str


def security_changes(last: System, today: System, subject: Subject) -> Iterator[SpecChange]:
    """Yield what changed of how callers are known."""
    own = subject._replace(element="security", symbol="security")
    before, after = last.security, today.security
    if before is None or after is None:
        if after is not None:
            yield change(Row.SECURITY_ON, own, "callers need a token", attribute="auth")
        elif before is not None:
            text = "callers need no token, and may do everything: security review"
            yield change(Row.SECURITY_OFF, own, text, attribute="auth")
        return
    was, now = _issuers(before), _issuers(after)
    for issuer in sorted(was.keys() - now.keys()):
        text = f"tokens of `{issuer[0]}` as they were are not accepted"
        yield change(Row.TOKENS_CHANGED, own, text, attribute="issuers", before=issuer[0])
    for issuer in sorted(now.keys() - was.keys()):
        text = f"tokens of `{issuer[0]}` are accepted: security review"
        yield change(Row.ACCESS_LOOSENED, own, text, attribute="issuers", after=issuer[0])
    if before.claims != after.claims:
        yield change(
            Row.ACCESS_TIGHTENED,
            own,
            "other claims of tokens are read: some may be rejected",
            attribute="claims",
            before=" ".join(claim.name for claim in before.claims),
            after=" ".join(claim.name for claim in after.claims),
        )
    yield from _roles(before, after, own)


def _issuers(security: Security) -> dict[tuple[str, str], TokenIssuer]:
    return {(one.issuer, repr(one)): one for one in security.issuers}


def _roles(before: Security, after: Security, subject: Subject) -> Iterator[SpecChange]:
    known = {role.name: role for role in before.roles}
    for role in after.roles:
        was = known.get(role.name)
        has = (frozenset(role.inherits), frozenset(role.scopes))
        had = (frozenset(was.inherits), frozenset(was.scopes)) if was is not None else has
        for gone, row, words in (
            (had[0] - has[0] | has[1] - had[1], Row.ACCESS_TIGHTENED, "may do less"),
            (has[0] - had[0] | had[1] - has[1], Row.ACCESS_LOOSENED, "may do more"),
        ):
            if gone:
                review = "security review" if row is Row.ACCESS_LOOSENED else "it may be rejected"
                yield change(
                    row,
                    subject,
                    f"role `{role.name}` {words}: {review}",
                    attribute=f"roles.{role.name}",
                )


def access_changes(
    before: AccessTable,
    after: AccessTable,
    roles: tuple[Role, ...],
    subject: Subject,
    title: str,
    old: Side,
) -> Iterator[SpecChange]:
    """Yield operations that are open to more, or to fewer.

    Nothing is told of operations that came or went, nor while security is switched on or off.
    """
    was, now = _grants(before, old), _grants(after, None)
    own = subject._replace(element="access", is_stored=False, in_events=False, in_api=True)
    for operation, grants in now.items():
        previous = was.get(operation)
        if previous is None:
            continue
        lost = [one for one in previous if not _covered(one, grants, roles)]
        gained = [one for one in grants if not _covered(one, previous, roles)]
        for row, found, words in (
            (Row.ACCESS_TIGHTENED, lost, "is closed to {}: it may reject"),
            (Row.ACCESS_LOOSENED, gained, "is open to {}: security review"),
        ):
            if found:
                who = ", ".join(f"`{_shown(one)}`" for one in found)
                yield change(
                    row,
                    own,
                    f"`{operation}` of `{title}` {words.format(who)}",
                    attribute=f"access.{operation}",
                    before=", ".join(map(_shown, previous)),
                    after=", ".join(map(_shown, grants)),
                )


def _grants(table: AccessTable, old: Side | None) -> Mapping[str, list[_Grant]]:
    rules = {rule.name: rule.condition.source for rule in table.rules}

    def grant(permission: Permission) -> _Grant:
        rows = rules[permission.rows] if permission.rows is not None else ""
        return _Grant(permission.role, rows if old is None else old.translated(rows))

    named = (lambda name: name) if old is None else old.translated
    return {
        named(entry.operation): [grant(one) for one in entry.permissions] for entry in table.entries
    }


def _covered(grant: _Grant, by: list[_Grant], roles: tuple[Role, ...]) -> bool:
    """Whether everybody that a grant lets in comes in by one of others too."""
    if grant.role == NOBODY:
        return True
    wider = {grant.role, PUBLIC} | ({AUTHENTICATED} if grant.role != PUBLIC else set())
    for role in roles:
        if role.name == grant.role:
            wider.update(role.inherits)
    return any(other.role in wider and other.rows in ("", grant.rows) for other in by)


def _shown(grant: _Grant) -> str:
    return f"{grant.role} if {grant.rows}" if grant.rows else grant.role
