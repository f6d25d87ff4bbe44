"""Whether an attribute of an unknown receiver can only be the renamed one."""

import builtins
import datetime
import decimal
import pathlib
import uuid
from collections.abc import Callable, Iterable
from dataclasses import field
from functools import cache

from apigen.merge.renaming.classes import Classes
from apigen.merge.renaming.names import Names
from apigen.merge.renaming.project import members
from apigen.merge.renaming.scopes import Kind, Scope, surrounding
from apigen.values import dataclass


@dataclass(slots=True, kw_only=True)
class Rivals:
    """Who else in a project has an attribute of a name."""

    names: Names
    classes: Classes
    files: Callable[[str], Iterable[str]]
    """Paths of the Python files that spell a word, vendored ones among them."""
    answers: dict[str, str | None] = field(default_factory=dict)

    def is_member(self, name: str) -> bool:
        """Whether a renamed class has a member of this old name."""
        return any(name in row for row in self.names.members.values())

    def only(self, name: str) -> str | None:
        """Return the new name when every class of the project that has it is renamed alike."""
        if name not in self.answers:
            self.answers[name] = self._only(name)
        return self.answers[name]

    def _only(self, name: str) -> str | None:
        news = {row[name] for row in self.names.members.values() if name in row}
        if len(news) != 1 or name in _usual_attributes():
            return None
        for path in self.files(name):
            analysis = self.classes.project.file(path)
            for scope in analysis.all if analysis is not None else ():
                if scope.kind == "class" and name in _members(scope) and not self._has(scope, name):
                    return None
        return news.pop()

    def _has(self, scope: Scope, name: str) -> bool:
        """Whether a class has a renamed member, its own or of a base."""
        owners = self.classes.ancestors(scope.name) or (scope.name,)
        return any(name in self.names.members.get(owner, {}) for owner in owners)


def _members(scope: Scope) -> Iterable[str]:
    around = surrounding(scope)
    assert around is not None
    for bindings in around.bindings.values():
        for binding in bindings:
            if binding.scope is scope and binding.kind is Kind.CLASS:
                return members(binding.node, scope)  # type: ignore[arg-type]  # kind says it
    return ()


@cache
def _usual_attributes() -> frozenset[str]:
    """Return the attributes of types that values of any program are of."""
    types: list[type] = [kind for kind in vars(builtins).values() if isinstance(kind, type)]
    types += (datetime.datetime, datetime.timedelta, decimal.Decimal, pathlib.Path, uuid.UUID)
    return frozenset(name for kind in types for name in dir(kind))
