"""Access rules to a table of every operation (AG103, AG601, AG701, AG702, AG707).

Default deny: what nobody is given, nobody may do. An operation takes the first of: its own rule,
`all`, both again of `defaults.entity.access`, `security.default_access`. What only reads rows
(queries, export) takes `read` before the defaults: a new query never shows more than the list.
"""

from collections.abc import Iterable
from dataclasses import field
from typing import Protocol

from apigen.diagnostics import Label
from apigen.diagnostics.near import did_you_mean, nearest
from apigen.ir.access import (
    AUTHENTICATED,
    CREATE,
    DELETE,
    EXPORT,
    NOBODY,
    OPEN,
    READ,
    RESTORE,
    UPDATE,
    AccessEntry,
    AccessTable,
    Permission,
    RowRule,
)
from apigen.ir.expr import TypedExpr
from apigen.lower.workspace import Workspace
from apigen.spec.access import AccessSpec, GrantSpec
from apigen.spec.located import Located, Named
from apigen.values import dataclass

ALL = "all"
GENERATED = (READ, CREATE, UPDATE, DELETE, RESTORE, EXPORT)
"""Operations that have a name of their own in `access`, in the order of a table."""


class Conditions(Protocol):
    """What gives the words after `if` their meaning."""

    def policy(self, name: str) -> Located[str] | None:
        """Return the condition of a policy that may be used here."""
        ...

    def policies(self) -> Iterable[str]:
        """Return the names of all policies that may be used here."""
        ...

    def is_field(self, name: str) -> bool:
        """Whether a bare word is a field of the row."""
        ...

    def typed(self, text: Located[str], use: Located[str]) -> TypedExpr | None:
        """Return the condition over a row; report at `text`, which `use` has named."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessOwner:
    """Whose operations they are, and everything that is said about them."""

    title: str
    operations: tuple[str, ...]
    """In the order of the table."""
    missing: tuple[tuple[str, str], ...] = ()
    """Operations that have a name but are not there, and why."""
    reading: frozenset[str] = frozenset()
    """Operations that only show rows: they take the rule of `read` before the defaults."""
    listed: tuple[Named[AccessSpec], ...] = ()
    """Of the owner's `access`."""
    inherited: tuple[Named[AccessSpec], ...] = ()
    """Of the `access` of its mixins, which no name of `listed` repeats."""
    blocks: tuple[Named[AccessSpec], ...] = ()
    """Of the `access` keys of its commands and queries, by their names."""
    defaults: tuple[Named[AccessSpec], ...] = ()
    """Of `defaults.entity.access`."""
    base: AccessTable | None = None
    """Of what the rows are taken from: reads take its `read` before the defaults."""


def access_table(owner: AccessOwner, conditions: Conditions | None, work: Workspace) -> AccessTable:
    """Return the table; `OPEN` without authentication, when rules are read all the same.

    Without `conditions` there are no rows that a condition could be about.
    """
    table = _Table(owner, conditions, work)
    entries = tuple(table.entry(operation) for operation in owner.operations)
    if work.security is None:
        return OPEN
    return AccessTable(entries=entries, rules=tuple(table.rules.values()))


@dataclass(slots=True)
class _Table:
    owner: AccessOwner
    conditions: Conditions | None
    work: Workspace
    rules: dict[str, RowRule] = field(default_factory=dict)
    _names: dict[str, str | None] = field(default_factory=dict)
    """Text of a condition to the name of its rule; None for one that is wrong."""
    _given: dict[str, AccessSpec] = field(default_factory=dict)
    _permissions: dict[int, tuple[Permission, ...]] = field(default_factory=dict)
    """By identity of the rule, as several operations share one and it is reported once."""

    def __post_init__(self) -> None:
        owner = self.owner
        own = (*owner.listed, *owner.blocks)
        spans: dict[str, Located[str]] = {}
        for is_own, named in (
            *((False, one) for one in owner.inherited),
            *((True, one) for one in sorted(own, key=lambda one: one.name.span)),
        ):
            name = named.name
            first = spans.setdefault(name.value, name)
            if first is not name:
                self.work.found.error(
                    "AG004",
                    f"who may `{name.value}` is said twice",
                    name.span,
                    labels=(Label(span=first.span, text="first said here"),),
                    help="keep one of them",
                )
                continue
            if self._is_known(name, strict=is_own):
                self._given[name.value] = named.value
        # What is shown says no more than what is reported: every rule is read once.
        for operation, rule in self._given.items():
            self._read(operation, rule)

    def entry(self, operation: str) -> AccessEntry:
        """Return who may do an operation."""
        return AccessEntry(operation=operation, permissions=self._of(operation))

    def _of(self, operation: str) -> tuple[Permission, ...]:
        owner = self.owner
        defaults = {named.name.value: named.value for named in owner.defaults}
        is_reading = operation in owner.reading
        for rules in (self._given, defaults):
            for name in (operation, ALL):
                if name in rules:
                    return self._read(name, rules[name])
            if is_reading and READ in rules:
                return self._read(READ, rules[READ])
        if owner.base is not None:
            return self._of_base(owner.base)
        return self._fallback()

    def _of_base(self, base: AccessTable) -> tuple[Permission, ...]:
        for entry in base.entries:
            if entry.operation == READ:
                wanted = {one.rows for one in entry.permissions}
                self.rules |= {rule.name: rule for rule in base.rules if rule.name in wanted}
                return entry.permissions
        return ()

    def _fallback(self) -> tuple[Permission, ...]:
        security = self.work.security
        role = security.default_access if security is not None else AUTHENTICATED
        return () if role == NOBODY else (Permission(role=role, rows=None),)

    def _is_known(self, name: Located[str], *, strict: bool) -> bool:
        """Report AG103 or AG601 for an operation that the owner does not have."""
        if name.value == ALL or name.value in self.owner.operations:
            return True
        why = dict(self.owner.missing).get(name.value)
        if why is not None:
            if strict:
                self.work.found.error(
                    "AG601",
                    f"operation `{name.value}` is impossible for `{self.owner.title}`: {why}",
                    name.span,
                    help="remove the rule, or switch the operation on",
                )
            return False
        known = (*self.owner.operations, ALL)
        self.work.found.error(
            "AG103",
            f"no operation named `{name.value}` in `{self.owner.title}`",
            name.span,
            help=did_you_mean(nearest(name.value, known))
            or f"there are {', '.join(f'`{one}`' for one in known)}",
        )
        return False

    def _read(self, operation: str, rule: AccessSpec) -> tuple[Permission, ...]:
        known = self._permissions.get(id(rule))
        if known is None:
            permissions = [
                permission for grant in rule for permission in self._granted(operation, grant)
            ]
            known = self._permissions[id(rule)] = tuple(dict.fromkeys(permissions))
        return known

    def _granted(self, operation: str, grant: GrantSpec) -> tuple[Permission, ...]:
        roles = [role for role in grant.roles if self.work.roles.check(role, self.work.found)]
        rows = None
        if grant.condition is not None:
            rows = self._row_rule(operation, grant.condition)
            if rows is None:
                return ()
        return tuple(Permission(role=one.value, rows=rows) for one in roles if one.value != NOBODY)

    def _row_rule(self, operation: str, condition: Located[str]) -> str | None:
        """Return the name of the rule that a condition is, None when it is wrong."""
        text = condition.value
        if text not in self._names:
            # Said once for all that it names, so that a wrong one is reported once.
            self._names[text] = None
            self._names[text] = self._named(operation, condition)
        return self._names[text]

    def _named(self, operation: str, condition: Located[str]) -> str | None:
        if self.conditions is None:
            self.work.found.error(
                "AG707",
                f"`{operation}` has no row that `{condition.value}` could be about",
                condition.span,
                help="give it to roles alone; a custom handler can refuse by what it is sent",
            )
            return None
        policy = self.conditions.policy(condition.value)
        name = condition.value if policy is not None else self._derived(operation)
        if policy is None and self._is_misspelt(condition):
            return None
        typed = self.conditions.typed(policy or condition, condition)
        if typed is None:
            return None
        self.rules[name] = RowRule(name=name, condition=typed)
        return name

    def _is_misspelt(self, condition: Located[str]) -> bool:
        """Report AG103 for one word that is neither a policy nor a field."""
        assert self.conditions is not None
        word = condition.value
        if not word.isidentifier() or word in ("True", "False") or self.conditions.is_field(word):
            return False
        self.work.found.error(
            "AG103",
            f"no policy named `{word}`",
            condition.span,
            help=did_you_mean(nearest(word, self.conditions.policies()))
            or f"declare it: `policies: {{ {word}: owner_id == actor.id }}`",
        )
        return True

    def _derived(self, operation: str) -> str:
        assert self.conditions is not None
        taken = {*self.rules, *self.conditions.policies()}
        stem = f"{operation}_rule"
        if stem not in taken:
            return stem
        number = 2
        while f"{stem}_{number}" in taken:
            number += 1
        return f"{stem}_{number}"
