"""Which modules, definitions, members, parameters and variables became which.

Read off two renderings of the same templates, statement by statement. Everything is keyed by its
old qualified name: `todo.domain.todo.aggregates.Task`.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace

from apigen.merge.renaming.code import NotPython, read_tree
from apigen.merge.renaming.pairing import Pair
from apigen.plan.file import FileClass
from apigen.values import dataclass

type Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """Old to new; what did not change is not in it."""

    modules: Mapping[str, str]
    """Dotted."""
    definitions: Mapping[str, Mapping[str, str]]
    """By module: what stands at its top level."""
    members: Mapping[str, Mapping[str, str]]
    """By class."""
    parameters: Mapping[str, Mapping[str, str]]
    """By function or method; by `__init__` of a pydantic model that has aliases, too."""
    variables: Mapping[str, Mapping[str, str]]
    """By function or method: what is bound in it, parameters among it."""
    words: frozenset[str]
    """Every old identifier; a file with none of them has nothing to rename."""


@dataclass(slots=True)
class _Found:
    modules: dict[str, str] = field(default_factory=dict)
    definitions: dict[str, dict[str, str]] = field(default_factory=dict)
    members: dict[str, dict[str, str]] = field(default_factory=dict)
    parameters: dict[str, dict[str, str]] = field(default_factory=dict)
    variables: dict[str, dict[str, str]] = field(default_factory=dict)


def module_name(path: str) -> str:
    """Return the dotted name a module of a project is imported by."""
    parts = path.removeprefix("src/").removesuffix(".py").split("/")
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def names(pairs: Iterable[Pair]) -> Names:
    """Read off what became which."""
    found = _Found()
    trees: list[tuple[str, ast.Module, ast.Module]] = []
    for pair in pairs:
        if not pair.old.path.endswith(".py") or pair.old.file_class is FileClass.VENDORED:
            continue
        module = module_name(pair.old.path)
        if pair.old.path != pair.new.path:
            found.modules[module] = module_name(pair.new.path)
        try:
            old, new = read_tree(pair.old.text), read_tree(pair.new.text)
        except NotPython:  # pragma: no cover  # a rendering was formatted, so it parses
            continue
        trees.append((module, old, new))
        if pair.old.content != pair.new.content:
            _body(module, old.body, new.body, found.definitions, found)
    for module, old, new in trees:
        _aliases(module, old, new, found)
    words = {part for module in found.modules for part in module.rsplit(".", 1)[-1:]}
    for table in (found.definitions, found.members, found.parameters):
        words.update(name for row in table.values() for name in row)
    return Names(
        modules=found.modules,
        definitions=found.definitions,
        members=found.members,
        parameters=found.parameters,
        variables=found.variables,
        words=frozenset(words),
    )


def moved_by_owner(table: Names, moves: Mapping[str, str]) -> Names:
    """Return names in which symbols that stand elsewhere have what they had at their place.

    Args:
        table: By the places that apigen gave them.
        moves: Dotted, old place to new.
    """
    return replace(
        table,
        members=_moved(table.members, moves),
        parameters=_moved(table.parameters, moves),
        variables=_moved(table.variables, moves),
    )


def _moved[T](rows: Mapping[str, T], moves: Mapping[str, str]) -> Mapping[str, T]:
    found = dict(rows)
    for old, new in moves.items():
        for owner, row in rows.items():
            if owner == old or owner.startswith(f"{old}."):
                found[new + owner.removeprefix(old)] = row
    return found


def is_import(statement: ast.stmt) -> bool:
    """Whether a statement only imports: a formatter sorts those by name."""
    return isinstance(statement, ast.Import | ast.ImportFrom)


def all_parameters(arguments: ast.arguments) -> list[ast.arg]:
    """Return the parameters of a function in order, `*args` and `**kwargs` among them."""
    found = [*arguments.posonlyargs, *arguments.args]
    found += [arguments.vararg] if arguments.vararg else []
    found += arguments.kwonlyargs
    return [*found, arguments.kwarg] if arguments.kwarg else found


def targets(statement: ast.stmt) -> list[ast.expr]:
    """Return what a statement assigns to."""
    match statement:
        case ast.Assign(targets=found):
            return found
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            return [target]
        case ast.TypeAlias(name=name):
            return [name]
        case _:
            return []


def _aliases(module: str, old: ast.Module, new: ast.Module, found: _Found) -> None:
    """Note what imported names are called in the module itself."""
    after = dict(_imported(new))
    for (origin, name), alias in _imported(old):
        new_origin = found.modules.get(origin, origin)
        new_name = found.definitions.get(origin, {}).get(name, name)
        new_alias = after.get((new_origin, new_name))
        if alias != name and new_alias is not None:
            _note(found.definitions, module, alias, new_alias)


def _imported(tree: ast.Module) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield module, name and what the name is called here, of the imports at the top."""
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom):
            for alias in statement.names:
                yield (statement.module or "", alias.name), alias.asname or alias.name


def _body(
    owner: str,
    old: Sequence[ast.stmt],
    new: Sequence[ast.stmt],
    table: dict[str, dict[str, str]],
    found: _Found,
) -> None:
    ours = [statement for statement in old if not is_import(statement)]
    theirs = [statement for statement in new if not is_import(statement)]
    for before, after in zip(ours, theirs, strict=False):
        if type(before) is not type(after):
            continue
        match before, after:
            case ast.ClassDef(), ast.ClassDef():
                _note(table, owner, before.name, after.name)
                name = f"{owner}.{before.name}"
                _body(name, before.body, after.body, found.members, found)
                _keywords(f"{name}.__init__", before, after, found)
            case ast.FunctionDef(), ast.FunctionDef():
                _function(owner, before, after, table, found)
            case ast.AsyncFunctionDef(), ast.AsyncFunctionDef():
                _function(owner, before, after, table, found)
            case _:
                pairs = zip(targets(before), targets(after), strict=False)
                for target, now in pairs:
                    if isinstance(target, ast.Name) and isinstance(now, ast.Name):
                        _note(table, owner, target.id, now.id)


def _keywords(initialiser: str, old: ast.ClassDef, new: ast.ClassDef, found: _Found) -> None:
    """Note what instances of a pydantic model are made with: aliases, where fields have one."""
    before = [keyword for one in old.body if (keyword := _keyword(one))]
    after = [keyword for one in new.body if (keyword := _keyword(one))]
    for (name, alias), (new_name, new_alias) in zip(before, after, strict=False):
        if alias or new_alias:
            _note(found.parameters, initialiser, alias or name, new_alias or new_name)


def _keyword(statement: ast.stmt) -> tuple[str, str] | None:
    """Return name and alias of a field; the alias is empty when it has none."""
    match statement:
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.Call(keywords=keywords)):
            aliases = [one.value for one in keywords if one.arg == "alias"]
            texts = [one.value for one in aliases if isinstance(one, ast.Constant)]
            return name, str(texts[0]) if texts else ""
        case ast.AnnAssign(target=ast.Name(id=name)):
            return name, ""
        case _:
            return None


def _function(
    owner: str, old: Function, new: Function, table: dict[str, dict[str, str]], found: _Found
) -> None:
    _note(table, owner, old.name, new.name)
    name = f"{owner}.{old.name}"
    arguments = zip(all_parameters(old.args), all_parameters(new.args), strict=False)
    for before, after in arguments:
        _note(found.parameters, name, before.arg, after.arg)
        _note(found.variables, name, before.arg, after.arg)
    for inner, now in zip(ast.walk(old), ast.walk(new), strict=False):
        match inner, now:
            case ast.Name(id=id_, ctx=ast.Store()), ast.Name(id=other):
                _note(found.variables, name, id_, other)
            # What a method sets on `self` is a member.
            case (
                ast.Attribute(value=ast.Name(id="self"), attr=attribute, ctx=ast.Store()),
                ast.Attribute(attr=other),
            ):
                _note(found.members, name.rpartition(".")[0], attribute, other)


def _note(table: dict[str, dict[str, str]], owner: str, old: str, new: str) -> None:
    if old != new:
        table.setdefault(owner, {}).setdefault(old, new)
