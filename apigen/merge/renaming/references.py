"""References of one module to what was renamed, by scope and by the class of the receiver.

A place is edited, or known to mean something else and left for good, or doubtful: it spells an old
name and nothing tells what it means. Doubts are reported, never edited.
"""

import ast
from dataclasses import field

from apigen.merge.renaming.classes import Type
from apigen.merge.renaming.code import Edit
from apigen.merge.renaming.decisions import Taken, decisions, imported
from apigen.merge.renaming.names import Names
from apigen.merge.renaming.project import dotted
from apigen.merge.renaming.receivers import Receivers
from apigen.merge.renaming.rivals import Rivals
from apigen.merge.renaming.scopes import Kind, Place, Scope, Scopes, Use, lookup
from apigen.values import dataclass


@dataclass(slots=True, kw_only=True)
class References:
    """What was found in a module."""

    edits: dict[int, Edit] = field(default_factory=dict)
    """By start."""
    left: set[int] = field(default_factory=set)
    """Where names start that mean something else."""
    kept: set[int] = field(default_factory=set)
    """Where names start that keep the old name because the new one is taken."""
    doubts: dict[int, str] = field(default_factory=dict)
    """Start to old name."""
    taken: tuple[Taken, ...] = ()


def references(module: Scopes, names: Names, receivers: Receivers, rivals: Rivals) -> References:
    """Find what a module has to call by a new name.

    Args:
        module: As it stands, before any edit.
        names: What became which.
        receivers: Tells what an expression is of.
        rivals: Tells whether an attribute's name is renamed wherever the project has it.
    """
    reader = _Reader(module, names, receivers, rivals)
    reader.imports()
    reader.uses()
    reader.places()
    reader.exports()
    return reader.found


class _Reader:
    def __init__(self, module: Scopes, names: Names, receivers: Receivers, rivals: Rivals) -> None:
        self.module = module
        self.names = names
        self.receivers = receivers
        self.project = receivers.classes.project
        self.rivals = rivals
        self.decisions = decisions(module, names, receivers.classes)
        self.found = References(taken=tuple(self.decisions.taken))

    def _imported(self, target: str) -> str | None:
        return imported(target, self.names, self.receivers.classes)

    def imports(self) -> None:
        """Edit the modules that import statements name."""
        code = self.module.code
        for node in self.module.imports:
            if isinstance(node, ast.ImportFrom):
                level = len(self.module.package.split(".")) - node.level + 1 if node.level else 0
                prefix = self.module.package.split(".")[:level]
                spelled = node.module.split(".") if node.module else []
                start = code.index(code.start(node)) + 1
                self._path([*prefix, *spelled], len(prefix), start)
            for alias in node.names:
                first = code.index(code.start(alias))
                if isinstance(node, ast.Import):
                    self._path(alias.name.split("."), 0, first)
                elif alias.asname is not None:
                    self._renamed_alias(alias, first)

    def _renamed_alias(self, alias: ast.alias, index: int) -> None:
        name = alias.asname or alias.name
        for bindings in (scope.bindings.get(name, ()) for scope in self.module.all):
            for binding in bindings:
                if binding.kind is Kind.IMPORT and binding.target.endswith(f".{alias.name}"):
                    new = self._imported(binding.target)
                    if new is not None:
                        self._edit(self.module.code.tokens[index].start, alias.name, new)

    def _path(self, parts: list[str], hidden: int, index: int) -> None:
        """Edit the parts of a dotted module that are spelled from a token on."""
        tokens = self.module.code.tokens
        while tokens[index].text in {".", "..."}:
            index += 1
        for number in range(hidden, len(parts)):
            moved = self.names.modules.get(".".join(parts[: number + 1]))
            if moved is not None:
                self._edit(tokens[index].start, parts[number], moved.rpartition(".")[2])
            index += 2

    def uses(self) -> None:
        """Edit every name that is bound to something renamed."""
        for use in self.module.uses:
            home = lookup(use.scope, use.name)
            if home is None:
                self._from_star(use)
                continue
            key = home, use.name
            new = self.decisions.new.get(key)
            if key in self.decisions.kept:
                self.found.kept.add(use.start)
                if use.imports and new is not None:
                    self._edit(use.start, use.name, f"{new} as {use.name}")
            elif new is not None:
                self._edit(use.start, use.name, new)
            elif home.kind == "module" and home.bindings.get(use.name):
                self.found.left.add(use.start)

    def _from_star(self, use: Use) -> None:
        for star in self.module.root.stars:
            defined = self.project.defined(f"{star}.{use.name}")
            new = self._imported(defined.name) if defined is not None else None
            if new is not None:
                self._edit(use.start, use.name, new)

    def places(self) -> None:
        """Edit attributes, keyword arguments and keyword patterns."""
        for place in self.module.places:
            match place.node:
                case ast.Attribute(attr=name) as node:
                    if name in self.names.words:
                        self._attribute(place, node)
                case ast.Call() as node:
                    for keyword in node.keywords:
                        if keyword.arg in self.names.words:
                            self._keyword(place.scope, node, keyword)
                case ast.MatchClass() as node:
                    self._pattern(place.scope, node)

    def _attribute(self, place: Place, node: ast.Attribute) -> None:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        code = self.module.code
        end = code.offset(node.end_lineno, node.end_col_offset)
        if place.shift is not None:
            end = place.shift + node.end_col_offset
        start = end - len(node.attr)
        name = dotted(node, place.scope)
        if name is not None:
            moved = self._imported(name)
            if moved is not None:
                self._edit(start, node.attr, moved)
                return
            if self.project.is_module(name.rpartition(".")[0]):
                self.found.left.add(start)
                return
        kinds = self.receivers.of(node.value, place.scope)
        self._decide(start, node.attr, kinds)

    def _decide(self, start: int, name: str, kinds: tuple[Type, ...]) -> None:
        """Edit, leave or doubt an attribute of what is one of `kinds`."""
        news = {self._member(kind, name) for kind in kinds if kind.kind in {"class", "instance"}}
        news.discard("")
        if len(news) == 1:
            new = next(iter(news))
            if new is None:
                self.found.left.add(start)
            else:
                self._edit(start, name, new)
            return
        if not news and any(kind.kind != "variable" for kind in kinds):
            self.found.left.add(start)
            return
        agreed = None if news else self.rivals.only(name)
        if agreed is not None:
            self._edit(start, name, agreed)
        elif self.rivals.is_member(name):
            self.found.doubts[start] = name

    def _member(self, kind: Type, name: str) -> str | None:
        """Return a member's new name; None: it keeps its own; empty: not known."""
        if "." not in kind.name:
            return None
        member = self.receivers.classes.member(kind, name)
        # A class of the owner's may have it again, or the definition may be deleted.
        start = member.owner if member is not None else kind.name
        for owner in self.receivers.classes.ancestors(start):
            new = self.names.members.get(owner, {}).get(name)
            if new is not None:
                return new
        return None if member is not None else ""

    def _keyword(self, scope: Scope, call: ast.Call, keyword: ast.keyword) -> None:
        assert keyword.arg is not None
        start = self.module.code.start(keyword)
        callee = dotted(call.func, scope)
        of, arguments = call.func, call.args
        if callee in {"dataclasses.replace", "copy.replace"} and arguments:
            self._decide(start, keyword.arg, self.receivers.of(arguments[0], scope))
            return
        if callee == "functools.partial" and arguments:
            of = arguments[0]
        kinds = self.receivers.of(of, scope)
        classes = tuple(kind for kind in kinds if kind.kind == "class")
        for kind in kinds:
            if kind.kind == "function":
                new = self.names.parameters.get(kind.name, {}).get(keyword.arg)
                if new is not None:
                    self._edit(start, keyword.arg, new)
                return
        if classes:
            self._made(start, keyword.arg, classes)
        elif not kinds and self.rivals.is_member(keyword.arg):
            self.found.doubts[start] = keyword.arg

    def _made(self, start: int, name: str, classes: tuple[Type, ...]) -> None:
        """Edit a keyword of a call that makes an instance."""
        for kind in classes:
            initialiser = self.receivers.classes.member(kind, "__init__")
            if initialiser is None:
                for owner in self.receivers.classes.ancestors(kind.name):
                    new = self.names.parameters.get(f"{owner}.__init__", {}).get(name)
                    if new is not None:
                        self._edit(start, name, new)
                        return
                self._decide(start, name, classes)
                return
            new = self.names.parameters.get(f"{initialiser.owner}.__init__", {}).get(name)
            new = new or self._member(kind, name)
            if new:
                self._edit(start, name, new)

    def _pattern(self, scope: Scope, node: ast.MatchClass) -> None:
        kinds = self.receivers.of(node.cls, scope)
        code = self.module.code
        for name, pattern in zip(node.kwd_attrs, node.kwd_patterns, strict=True):
            index = code.index(code.offset(pattern.lineno, pattern.col_offset))
            while code.tokens[index].text != "=" or code.tokens[index - 1].text != name:
                index -= 1
            if name in self.names.words:
                self._decide(code.tokens[index - 1].start, name, kinds)

    def exports(self) -> None:
        """Edit the names in `__all__`: texts, but of names of this module."""
        root = self.module.root
        for binding in root.bindings.get("__all__", ()):
            if not isinstance(binding.value, ast.List | ast.Tuple):
                continue
            for part in binding.value.elts:
                match part:
                    case ast.Constant(value=str(name)):
                        new = self.decisions.new.get((root, name))
                        if new is not None and (root, name) not in self.decisions.kept:
                            self._edit(self.module.code.start(part) + 1, name, new)

    def _edit(self, start: int, old: str, new: str) -> None:
        end = start + len(old)
        if self.module.code.text[start:end] == old and old != new:
            self.found.edits[start] = Edit(start=start, end=end, text=new)
