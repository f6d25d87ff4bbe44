"""What comes of each operation for each caller, worked out from the permissions of a spec.

A caller has no token, a token without roles, or one role; and is the one whom the row rules mean,
or somebody else. Knows nothing of how tests are written.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

from apigen.ir.access import AUTHENTICATED, PUBLIC, READ, AccessTable, Permission
from apigen.ir.system import Entity, System
from apigen.ir.types import ActorDefault
from apigen.python.command_samples import CommandSamples
from apigen.python.sample_values import Reference, Value
from apigen.values import dataclass

STRANGER = "somebody-else"
_DEPTH = 3
"""How many references are followed to find whom a rule means."""


class Answer(Enum):
    """What comes of an operation."""

    PERMITTED = 0
    UNAUTHENTICATED = 401
    FORBIDDEN = 403
    NOT_FOUND = 404
    UNAWARE = 200
    """A list without the row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Somebody who asks; no subject is no token."""

    subject: str
    roles: tuple[str, ...]
    claims: Mapping[str, Value]


class AccessSamples:
    """Decides as the program does: default deny, rows by their rules."""

    def __init__(self, system: System, samples: CommandSamples) -> None:
        self._system = system
        self._samples = samples

    def callers(self, table: AccessTable, row: Mapping[str, Value]) -> tuple[Caller, ...]:
        """Return everybody who asks, anonymous first; somebody whom the row rules mean last."""
        security = self._system.security
        if security is None:
            return ()
        roles = [(), *((role.name,) for role in security.roles)]
        found = [Caller(subject="", roles=(), claims={})]
        subjects: list[tuple[str, Mapping[str, Value]]] = [(STRANGER, {})]
        owner = self._owner(table, row)
        if owner is not None:
            subjects.append(owner)
        for subject, claims in subjects:
            known = {claim.name: claims.get(claim.name) for claim in security.claims}
            given = {name: value for name, value in known.items() if value is not None}
            found += [Caller(subject=subject, roles=held, claims=given) for held in roles]
        return tuple(found)

    def row_answer(
        self,
        entity: Entity,
        operation: str,
        row: Mapping[str, Value],
        caller: Caller,
        *,
        after: Mapping[str, Value] | None = None,
    ) -> Answer | None:
        """Return what comes of an operation with a stored row; None when nobody can tell.

        A resource below another one is looked for, as whoever asks may read it, before it is
        changed.

        Args:
            entity: Whose row it is.
            operation: Its name in access rules.
            row: The row.
            caller: Who asks.
            after: What the operation makes of the row, which has to be within reach too.
        """
        if (refusal := self._refusal(entity.access, operation, caller)) is not None:
            return refusal
        if entity.resource is not None and entity.resource.nested_under is not None:
            found = self.shown_answer([(entity.access, READ)], row, caller)
            if found is not Answer.PERMITTED:
                return Answer.NOT_FOUND if found is Answer.UNAWARE else found
        allowed = self._rows(entity.access, operation, row, caller)
        if allowed and after is not None:
            kept = self._rows(entity.access, operation, after, caller)
            return None if kept is None else Answer.PERMITTED if kept else Answer.FORBIDDEN
        if allowed is None or allowed:
            return None if allowed is None else Answer.PERMITTED
        if self._refusal(entity.access, READ, caller) is not None:
            return Answer.NOT_FOUND
        readable = self._rows(entity.access, READ, row, caller)
        if readable is None:
            return None
        return Answer.FORBIDDEN if readable else Answer.NOT_FOUND

    def shown_answer(
        self,
        asked: Sequence[tuple[AccessTable, str]],
        row: Mapping[str, Value],
        caller: Caller,
    ) -> Answer | None:
        """Return what a list tells of a row that all of these operations must allow.

        None when nobody can tell.
        """
        for table, operation in asked:
            if (refusal := self._refusal(table, operation, caller)) is not None:
                return refusal
        verdicts = [self._rows(table, operation, row, caller) for table, operation in asked]
        if False in verdicts:
            return Answer.UNAWARE
        return None if None in verdicts else Answer.PERMITTED

    def create_answer(
        self, entity: Entity, operation: str, row: Mapping[str, Value], caller: Caller
    ) -> Answer | None:
        """Return what comes of making a row like `row`; None when nobody can tell."""
        if (refusal := self._refusal(entity.access, operation, caller)) is not None:
            return refusal
        made = {
            **row,
            **{
                field.attribute: self._claim(caller, field.default.claim)
                for field in entity.fields
                if isinstance(field.default, ActorDefault)
            },
        }
        allowed = self._rows(entity.access, operation, made, caller)
        if allowed is None:
            return None
        return Answer.PERMITTED if allowed else Answer.FORBIDDEN

    def grant_answer(self, table: AccessTable, operation: str, caller: Caller) -> Answer:
        """Return whether somebody is let at all, whatever the rows."""
        return self._refusal(table, operation, caller) or Answer.PERMITTED

    def _held(self, table: AccessTable, operation: str, caller: Caller) -> list[Permission]:
        held = self._roles(caller)
        return [
            permission
            for entry in table.entries
            if entry.operation == operation
            for permission in entry.permissions
            if permission.role == PUBLIC
            or (permission.role == AUTHENTICATED and caller.subject)
            or permission.role in held
        ]

    def _refusal(self, table: AccessTable, operation: str, caller: Caller) -> Answer | None:
        if self._held(table, operation, caller):
            return None
        return Answer.FORBIDDEN if caller.subject else Answer.UNAUTHENTICATED

    def _claim(self, caller: Caller, claim: str) -> Value:
        return caller.subject if claim == "id" else caller.claims.get(claim)

    def _rows(
        self, table: AccessTable, operation: str, row: Mapping[str, Value], caller: Caller
    ) -> bool | None:
        held = self._held(table, operation, caller)
        if any(permission.rows is None for permission in held):
            return True
        verdicts = {
            self._samples.verdict(rule.condition, row, self._actor(caller))
            for rule in table.rules
            if rule.name in {permission.rows for permission in held}
        }
        if True in verdicts:
            return True
        return None if None in verdicts else False

    def _roles(self, caller: Caller) -> frozenset[str]:
        security = self._system.security
        assert security is not None
        more = (set(role.inherits) for role in security.roles if role.name in caller.roles)
        return frozenset(caller.roles).union(*more)

    def _actor(self, caller: Caller) -> dict[str, object]:
        security = self._system.security
        assert security is not None
        roles = self._roles(caller)
        scopes = {s for role in security.roles if role.name in roles for s in role.scopes}
        claims = {claim.name: caller.claims.get(claim.name) for claim in security.claims}
        return {**claims, "id": caller.subject, "roles": sorted(roles), "scopes": sorted(scopes)}

    def _owner(
        self, table: AccessTable, row: Mapping[str, Value]
    ) -> tuple[str, Mapping[str, Value]] | None:
        """Return subject and claims of somebody whom the row rules mean; the best there is."""
        security = self._system.security
        rules = table.rules
        if security is None or not rules:
            return None
        best, most = None, 0
        for value in dict.fromkeys(self._values(row, _DEPTH)):
            claims: dict[str, Value] = {claim.name: value for claim in security.claims}
            caller = Caller(subject=str(value), roles=(), claims=claims)
            met = [self._samples.verdict(one.condition, row, self._actor(caller)) for one in rules]
            if met.count(True) > most:
                best, most = (str(value), claims), met.count(True)
        return best

    def _values(self, row: Mapping[str, Value], depth: int) -> Iterator[str | int]:
        """Yield texts and numbers of a row, and of the rows it refers to."""
        for value in row.values():
            match value:
                case bool():
                    continue
                case str() | int() if value:
                    yield value
                case Reference(entity=target, n=n) if depth:
                    referred = self._samples.row(self._system.entities[target], n)
                    yield from self._values(referred or {}, depth - 1)
                case _:
                    continue
