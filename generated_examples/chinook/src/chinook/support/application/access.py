"""Who may do what: decided here and nowhere else, and refused unless a permission says otherwise.

A project states permissions by operation. A permission holds for every row, or for those that a
named row rule allows; what a rule means in SQL is the infrastructure's business.

Source: requirement 15.2.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..core.actor import Actor
from ..core.context import current_context
from ..core.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from ..core.protocols import PermittedRows

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


class AccessControl[IdT]:
    """The permissions on one kind of resource, identified by `IdT`."""

    def __init__(
        self,
        resource: str,
        permissions: Mapping[str, tuple[Permission, ...]],
        *,
        phrases: Mapping[str, str] | None = None,
    ) -> None:
        """State who may do what.

        Args:
            resource: What messages call one of them: `order`.
            permissions: By operation; an operation that is missing, or has none, is nobody's.
            phrases: What messages say is done by operations that are not about one of them:
                `ask for waiting orders`, `award points`.
        """
        self._resource = resource
        self._permissions = permissions
        self._phrases = phrases or {}

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
        phrase = self._phrases.get(operation)
        raise ForbiddenError(operation, self._resource, phrase=phrase)

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

        Called inside the transaction, before anything is changed.

        Raises:
            UnauthenticatedError, ForbiddenError: As `grant`; also for a row that may be read only.
            NotFoundError: The actor may not even read one of the rows.
        """
        refused = await self._refused(self.grant(operation, actor), rows, ids, actor)
        if not refused:
            return
        readable = self.granted(READ, actor)
        if readable is None or await self._refused(readable, rows, refused[:1], actor):
            raise NotFoundError(self._resource, refused[0])
        raise ForbiddenError(operation, self._resource)

    async def require_results(
        self, operation: str, rows: PermittedRows[IdT], ids: Sequence[IdT], actor: Actor
    ) -> None:
        """Make sure that the actor may leave these rows behind as they are stored now.

        Called inside the transaction once all is flushed, so that nobody can create a row that is
        not theirs, or move one into or out of their own reach.

        Raises:
            ForbiddenError: One of the rows is beyond what the operation is granted for.
        """
        if await self._refused(self.grant(operation, actor), rows, ids, actor):
            raise ForbiddenError(operation, self._resource)

    async def _refused(
        self, grant: Grant, rows: PermittedRows[IdT], ids: Sequence[IdT], actor: Actor
    ) -> list[IdT]:
        if not grant.rules:
            return []
        permitted = await rows.permitted(ids, grant.rules, actor)
        return [id for id in ids if id not in permitted]


@dataclass(frozen=True, kw_only=True)
class WriteAccess[WorkT, IdT]:
    """The permissions of one kind of resource, and the rows that they are checked on."""

    control: AccessControl[IdT]
    rows: Callable[[WorkT], PermittedRows[IdT]]

    def require(self, operation: str) -> None:
        """Refuse whoever is asking now when they may do it with no row at all."""
        self.control.grant(operation, current_context().actor)

    async def before(self, operation: str, work: WorkT, ids: Sequence[IdT]) -> None:
        """Check the rows that are about to change."""
        actor = current_context().actor
        await self.control.require_rows(operation, self.rows(work), ids, actor)

    async def after(self, operation: str, work: WorkT, ids: Sequence[IdT]) -> None:
        """Check the rows that were stored, before they are committed."""
        actor = current_context().actor
        await self.control.require_results(operation, self.rows(work), ids, actor)


@dataclass(frozen=True, slots=True)
class OperationAccess:
    """The permissions on operations that are about no rows: those that no aggregate owns."""

    # Any: there are no identifiers.
    control: AccessControl[Any]

    def require(self, operation: str) -> None:
        """Refuse whoever is asking now when they may not."""
        self.control.grant(operation, current_context().actor)

    async def before(self, operation: str, work: object, ids: Sequence[object]) -> None:
        """Check nothing more: there are no rows."""

    async def after(self, operation: str, work: object, ids: Sequence[object]) -> None:
        """Check nothing more: there are no rows."""


def _holds(role: str, actor: Actor) -> bool:
    if role == PUBLIC:
        return True
    if role == AUTHENTICATED:
        return actor.is_authenticated
    return actor.has_role(role)
