"""Who may do what: decided here and nowhere else, and refused unless a permission says otherwise.

A project states permissions by operation. A permission holds for every row, or for those that a
named row rule allows; what a rule means in SQL is the infrastructure's business.

Source: requirement 15.2.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..core.actor import Actor
from ..core.errors import ForbiddenError, NotFoundError, UnauthenticatedError

READ = "read"
"""The operation that decides which rows an actor knows of at all."""

CREATE, UPDATE, DELETE, RESTORE, EXPORT = "create", "update", "delete", "restore", "export"
"""The other operations that every resource may have; commands and queries have their own names."""

PUBLIC, AUTHENTICATED = "public", "authenticated"
"""Roles of everybody, and of everybody with a token."""


@dataclass(frozen=True, slots=True)
class Permission:
    """Holders of `role` may do it: with every row, or with those that the rule `rows` allows."""

    role: str
    rows: str | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """What an actor may touch: every row (no rules), or the rows that any of the rules allows."""

    rules: tuple[str, ...] = ()


EVERY_ROW = Grant()


class PermittedRows[IdT](Protocol):
    """What can tell which stored rows a rule allows: a repository in its transaction."""

    async def permitted(self, ids: Sequence[IdT], rules: Sequence[str], actor: Actor) -> set[IdT]:
        """Return those of the identifiers whose stored row any of the rules allows."""
        ...


class AccessControl[IdT]:
    """The permissions on one kind of resource, identified by `IdT`."""

    def __init__(self, resource: str, permissions: Mapping[str, tuple[Permission, ...]]) -> None:
        """State who may do what.

        Args:
            resource: What messages call one of them: `order`.
            permissions: By operation; an operation that is missing, or has none, is nobody's.
        """
        self._resource = resource
        self._permissions = permissions

    def grant(self, operation: str, actor: Actor) -> Grant:
        """Return what the actor may touch with an operation.

        Raises:
            UnauthenticatedError: Nobody without a token may do it, and the actor has none.
            ForbiddenError: The actor may not do it with any row.
        """
        found = self.granted(operation, actor)
        if found is not None:
            return found
        if not actor.is_authenticated:
            raise UnauthenticatedError
        raise ForbiddenError(operation, self._resource)

    def granted(self, operation: str, actor: Actor) -> Grant | None:
        """Return what the actor may touch with an operation, or None."""
        if actor.is_system:
            return EVERY_ROW
        held = [
            permission
            for permission in self._permissions.get(operation, ())
            if _holds(permission.role, actor)
        ]
        if not held:
            return None
        rules = [permission.rows for permission in held if permission.rows is not None]
        return EVERY_ROW if len(rules) < len(held) else Grant(tuple(dict.fromkeys(rules)))

    async def require_rows(
        self, operation: str, rows: PermittedRows[IdT], ids: Sequence[IdT], actor: Actor
    ) -> None:
        """Make sure that the actor may do an operation with each of these stored rows.

        Called inside the transaction: before a change for the rows as they were, and after it for
        the rows as they would be, so that nobody can move a row out of or into their own reach.

        Raises:
            UnauthenticatedError, ForbiddenError: As `grant`; also for a row that may be read only.
            NotFoundError: The actor may not even read one of the rows.
        """
        grant = self.grant(operation, actor)
        if not grant.rules:
            return
        permitted = await rows.permitted(ids, grant.rules, actor)
        refused = [id for id in ids if id not in permitted]
        if not refused:
            return
        readable = self.granted(READ, actor)
        if readable is None or (
            readable.rules
            and refused[0] not in await rows.permitted(refused[:1], readable.rules, actor)
        ):
            raise NotFoundError(self._resource, refused[0])
        raise ForbiddenError(operation, self._resource)


def _holds(role: str, actor: Actor) -> bool:
    match role:
        case "public":
            return True
        case "authenticated":
            return actor.is_authenticated
        case _:
            return actor.has_role(role)
