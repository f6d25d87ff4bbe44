"""What each name that a module binds is called after the renames.

An import binds what it imports, unless under an alias; a generated module, class or function binds
what the renderings say. Where the new name is in use for something else, an import keeps the old
one as its alias, a variable stays, and a definition can not be renamed: that is for the owner.
"""

from dataclasses import field

from apigen.merge.renaming.classes import Classes
from apigen.merge.renaming.names import Names
from apigen.merge.renaming.scopes import Kind, Scope, Scopes, lookup
from apigen.values import dataclass

type Key = tuple[Scope, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A new name that the owner uses for something else in the same place."""

    name: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """New names by scope and old name."""

    new: dict[Key, str] = field(default_factory=dict)
    kept: set[Key] = field(default_factory=set)
    """Of these, the ones that keep their old name in the module."""
    taken: list[Taken] = field(default_factory=list)


def decisions(module: Scopes, names: Names, classes: Classes) -> Decisions:
    """Decide the new name of everything that is bound in a module."""
    found = Decisions()
    for scope in module.all:
        for name, bindings in scope.bindings.items():
            targets = [b.target for b in bindings if b.kind is Kind.IMPORT and not b.is_alias]
            news = [new for target in targets if (new := imported(target, names, classes))]
            new = news[0] if news else _own(scope, name, names, classes)
            if new is not None and new != name:
                found.new[scope, name] = new
    for (scope, name), new in found.new.items():
        if _is_free(module, scope, name, new, found):
            continue
        is_import = scope.bindings[name][0].kind is Kind.IMPORT
        if is_import or scope.kind not in {"module", "class"}:
            found.kept.add((scope, name))
            continue
        place = next(use for use in module.uses if use.scope is scope and use.name == new)
        found.taken.append(Taken(name=new, line=module.code.line(place.start)))
    return found


def imported(target: str, names: Names, classes: Classes) -> str | None:
    """Return the last name that an imported thing has after the renames, None for its own."""
    if target in names.modules:
        return names.modules[target].rpartition(".")[2]
    defined = classes.project.defined(target)
    owner, _, last = (defined.name if defined is not None else target).rpartition(".")
    new = names.definitions.get(owner, {}).get(last)
    # Another name was given to it on the way.
    return new if last == target.rpartition(".")[2] else None


def _own(scope: Scope, name: str, names: Names, classes: Classes) -> str | None:
    """Return the new name of what the module itself binds."""
    match scope.kind:
        case "module":
            return names.definitions.get(scope.name, {}).get(name)
        case "class":
            for owner in classes.ancestors(scope.name) or (scope.name,):
                new = names.members.get(owner, {}).get(name)
                if new is not None:
                    return new
            return None
        case "function":
            return names.variables.get(scope.name, {}).get(name)
        case _:
            return None


def _is_free(module: Scopes, scope: Scope, old: str, new: str, found: Decisions) -> bool:
    """Whether a name can be taken in a scope without another meaning of it getting lost."""
    if new in scope.bindings and (scope, new) not in found.new:
        return False
    if scope.kind == "class":
        return True
    for use in module.uses:
        home = lookup(use.scope, new)
        renamed_too = home is not None and (home, new) in found.new
        if renamed_too or home is scope:
            continue
        # Between the use and the scope, something else has the new name.
        is_between = home is not None and _is_within(home, scope)
        if use.name == old and is_between and lookup(use.scope, old) is scope:
            return False
        # What is outside of the scope would no longer be seen from inside.
        if use.name == new and not is_between and _is_within(use.scope, scope):
            return False
    return True


def _is_within(scope: Scope, outer: Scope) -> bool:
    current: Scope | None = scope
    while current is not None:
        if current is outer:
            return True
        current = current.parent
    return False
