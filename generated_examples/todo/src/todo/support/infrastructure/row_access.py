"""Row rules as SQL: the WHERE that every read gets, and what a repository checks writes with.

Source: requirement 15.2.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from ..application.access import READ, AccessControl
from ..core.actor import Actor
from ..core.context import current_context

type RowRules = Mapping[str, Callable[[Actor], ColumnElement[bool]]]
"""Name of a rule to the condition it puts on rows of the table, for one actor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowAccess:
    """Who may read which rows of one table."""

    # Any: permissions do not depend on the type of the key.
    control: AccessControl[Any]
    rules: RowRules = field(default_factory=dict)

    def readable(self, operation: str = READ) -> list[ColumnElement[bool]]:
        """Return the conditions that rows must meet for whoever is asking now.

        Raises:
            UnauthenticatedError, ForbiddenError: No row may be read.
        """
        conditions = self.granted(operation)
        if operation != READ:
            conditions += self.readable()
        return conditions

    def granted(self, operation: str) -> list[ColumnElement[bool]]:
        """Return the conditions that one operation alone asks for.

        Raises:
            UnauthenticatedError, ForbiddenError: It may be done with no row.
        """
        actor = current_context().actor
        return allowed(self.rules, self.control.grant(operation, actor).rules, actor)

    def embeddable(self) -> list[ColumnElement[bool]]:
        """Return the conditions of rows that are shown, or filtered by, through other resources.

        Whoever may read none of them meets none, instead of an error.
        """
        actor = current_context().actor
        grant = self.control.granted(READ, actor)
        return [sa.false()] if grant is None else allowed(self.rules, grant.rules, actor)


def allowed(rules: RowRules, names: Sequence[str], actor: Actor) -> list[ColumnElement[bool]]:
    """Return the condition that any of the named rules allows the row; none for no names."""
    return [sa.or_(*(rules[name](actor) for name in names))] if names else []
