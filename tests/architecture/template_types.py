"""Check a Jinja template against the dataclass its first line names, without rendering it.

Allowed are output, `for`, `if` over plain paths (`not` too), macros and the layout filters. All
else (comparisons, `set`, inline conditionals, includes, calls) is refused: a choice belongs in
`apigen.views`. What is printed must be text or a whole number.
"""

import dataclasses
import importlib
import types
import typing
from collections.abc import Sequence
from dataclasses import dataclass, field

from jinja2 import Environment, nodes

from apigen.render.filters import ALLOWED_FILTERS

ITERABLES = (tuple, list, frozenset, Sequence)


class Refused(Exception):
    """The template does something a template may not."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")


def view_class(name: str) -> type:
    """Return the dataclass `domain.events.EventModule` of `apigen.views`."""
    module, _, class_name = name.rpartition(".")
    found = getattr(importlib.import_module(f"apigen.views.{module}"), class_name)
    if not dataclasses.is_dataclass(found):
        raise TypeError(f"apigen.views.{name} is not a dataclass")
    return typing.cast(type, found)


@dataclass(frozen=True)
class Loop:
    """The type of `loop`: only what layout needs."""

    first: bool
    last: bool


@dataclass(frozen=True)
class Macro:
    """The type of a macro's name."""

    node: nodes.Macro
    home: "TemplateCheck"


@dataclass
class TemplateCheck:
    """One template being checked."""

    environment: Environment
    source: str
    placeholders: int = 0
    scopes: list[dict[str, object]] = field(default_factory=list)
    present: list[str] = field(default_factory=list)
    """Paths known not to be None here, innermost last."""

    def run(self, view: type | None) -> None:
        """Check the whole template; `view` is None for a file of macros."""
        tree = self.environment.parse(self.source)
        self.scopes = [{} if view is None else {"view": view}]
        self.body(tree.body)

    def body(self, body: Sequence[nodes.Node]) -> None:
        for node in body:
            self.statement(node)

    def statement(self, node: nodes.Node) -> None:
        match node:
            case nodes.Output():
                for part in node.nodes:
                    if not isinstance(part, nodes.TemplateData):
                        self.placeholders += 1
                        self.printable(part)
            case nodes.For():
                self.loop(node)
            case nodes.If():
                self.condition(node)
            case nodes.Macro():
                self.scopes[-1][node.name] = Macro(node, self)
            case nodes.FromImport():
                self.imported(node)
            case _:
                raise Refused(node.lineno, f"{type(node).__name__} is not allowed in a template")

    def loop(self, node: nodes.For) -> None:
        if node.test is not None or node.recursive:
            raise Refused(node.lineno, "a loop neither filters nor recurses")
        item = self.item(self.type_of(node.iter), node)
        scope: dict[str, object] = {"loop": Loop}
        match node.target:
            case nodes.Name():
                scope[node.target.name] = item
            case nodes.Tuple():
                parts = typing.get_args(item)
                if typing.get_origin(item) is not tuple or len(parts) != len(node.target.items):
                    raise Refused(node.lineno, f"{item} can not be unpacked here")
                for name, part in zip(node.target.items, parts, strict=True):
                    assert isinstance(name, nodes.Name)
                    scope[name.name] = part
            case _:
                raise Refused(node.lineno, "unknown loop target")
        self.scopes.append(scope)
        self.body(node.body)
        self.scopes.pop()
        self.body(node.else_)

    def condition(self, node: nodes.If) -> None:
        test, negated = node.test, False
        if isinstance(test, nodes.Not):
            test, negated = test.node, True
        if not isinstance(test, nodes.Name | nodes.Getattr):
            raise Refused(node.lineno, "`if` takes a plain path: decide in the view")
        self.type_of(test)
        known = len(self.present)
        if not negated:
            self.present.append(path_of(test))
        self.body(node.body)
        del self.present[known:]
        for other in node.elif_:
            self.condition(other)
        if negated:
            self.present.append(path_of(test))
        self.body(node.else_)
        del self.present[known:]

    def imported(self, node: nodes.FromImport) -> None:
        assert self.environment.loader is not None
        assert isinstance(node.template, nodes.Const)
        source, _, _ = self.environment.loader.get_source(self.environment, node.template.value)
        home = TemplateCheck(self.environment, source)
        home.run(None)
        for name in node.names:
            original, alias = (name, name) if isinstance(name, str) else name
            self.scopes[-1][alias] = home.scopes[0][original]

    def printable(self, node: nodes.Expr) -> None:
        if isinstance(node, nodes.Call):
            self.call(node)
            return
        if isinstance(node, nodes.Filter):
            if node.name not in ALLOWED_FILTERS:
                raise Refused(node.lineno, f"filter {node.name} is not allowed")
            assert node.node is not None
            arguments = [*node.args, *(keyword.value for keyword in node.kwargs)]
            if not all(isinstance(argument, nodes.Const) for argument in arguments):
                raise Refused(node.lineno, "filters take constants only")
            if node.name == "join":
                found = self.item(self.type_of(node.node), node)
                if found is not str:
                    raise Refused(node.lineno, f"join needs texts, not {found}")
                return
            self.printable(node.node)
            return
        found = self.type_of(node)
        for option in options(found):
            if option not in (str, int) and not is_new_str(option):
                raise Refused(
                    node.lineno,
                    f"{path_of(node)} is {option}, not text: can not be printed",
                )

    def call(self, node: nodes.Call) -> None:
        target = self.type_of(node.node) if isinstance(node.node, nodes.Name) else None
        if not isinstance(target, Macro):
            raise Refused(node.lineno, "only macros can be called")
        if node.kwargs or len(node.args) != len(target.node.args):
            raise Refused(
                node.lineno,
                f"{target.node.name} takes {len(target.node.args)} arguments",
            )
        names = [argument.name for argument in target.node.args]
        given = [
            type(argument.value) if isinstance(argument, nodes.Const) else self.type_of(argument)
            for argument in node.args
        ]
        home = target.home
        kept, present = home.scopes, home.present
        home.scopes, home.present = [kept[0], dict(zip(names, given, strict=True))], []
        home.body(target.node.body)
        home.scopes, home.present = kept, present

    def type_of(self, node: nodes.Node) -> object:
        found = self.declared(node)
        if isinstance(found, Macro):
            return found
        if path_of(node) in self.present:
            kept = tuple(option for option in options(found) if option is not type(None))
            return kept[0] if len(kept) == 1 else typing.Union[kept]  # noqa: UP007 - made at run time
        return found

    def declared(self, node: nodes.Node) -> object:
        match node:
            case nodes.Name():
                for scope in reversed(self.scopes):
                    if node.name in scope:
                        return scope[node.name]
                raise Refused(node.lineno, f"unknown name {node.name}")
            case nodes.Getattr():
                owner = self.type_of(node.node)
                kinds = {attribute(option, node) for option in options(owner)}
                return kinds.pop() if len(kinds) == 1 else typing.Union[tuple(kinds)]  # noqa: UP007
            case _:
                raise Refused(node.lineno, f"{type(node).__name__} is not allowed in a template")

    def item(self, iterable: object, node: nodes.Node) -> object:
        origin, parts = typing.get_origin(iterable), typing.get_args(iterable)
        if origin not in ITERABLES or (origin is tuple and parts[1:] != (...,)):
            raise Refused(node.lineno, f"{iterable} is not a sequence")
        return resolved(parts[0])


def attribute(owner: object, node: nodes.Getattr) -> object:
    """Return the type of `node.attr` on `owner`."""
    if not isinstance(owner, type):
        raise Refused(node.lineno, f"{owner} has no attribute {node.attr}")
    hints = typing.get_type_hints(owner)
    if node.attr in hints:
        return resolved(hints[node.attr])
    member = getattr(owner, node.attr, None)
    if isinstance(member, property) and member.fget is not None:
        return resolved(typing.get_type_hints(member.fget)["return"])
    raise Refused(node.lineno, f"{owner.__name__} has no attribute {node.attr}")


def resolved(kind: object) -> object:
    """Look through `type X = …`."""
    while isinstance(kind, typing.TypeAliasType):
        kind = kind.__value__
    return kind


def options(kind: object) -> tuple[object, ...]:
    """Return the members of a union, or the type itself."""
    kind = resolved(kind)
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        return tuple(part for member in typing.get_args(kind) for part in options(member))
    return (kind,)


def is_new_str(kind: object) -> bool:
    """Whether `kind` is a NewType of str or a class derived from it."""
    supertype = getattr(kind, "__supertype__", kind)
    return isinstance(supertype, type) and issubclass(supertype, str)


def path_of(node: nodes.Node) -> str:
    """Write `view.entity.name` again."""
    match node:
        case nodes.Name():
            return node.name
        case nodes.Getattr():
            return f"{path_of(node.node)}.{node.attr}"
    return "expression"
