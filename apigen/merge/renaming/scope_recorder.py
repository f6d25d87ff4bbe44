"""Scopes, names and places as a walk over a module comes across them."""

import ast
from collections.abc import Sequence

from apigen.merge.renaming.code import Code
from apigen.merge.renaming.names import Function, all_parameters
from apigen.merge.renaming.scopes import (
    TYPE_PARAMETERS,
    Binding,
    Kind,
    Place,
    Scope,
    Use,
)

type _Node = ast.expr | ast.arg | ast.keyword | ast.alias | ast.stmt | ast.pattern


class ScopeRecorder:
    """Keeps what a walk finds; what to walk is for who derives from it."""

    def __init__(self, code: Code, module: str, package: str) -> None:
        self.code = code
        self.package = package
        self.root = Scope(kind="module", name=module, parent=None)
        self.scope = self.root
        self.all: list[Scope] = [self.root]
        self.uses: list[Use] = []
        self.places: list[Place] = []
        self.imports: list[ast.Import | ast.ImportFrom] = []
        self.shift: int | None = None
        self.elements: dict[ast.Lambda, ast.expr] = {}
        """Functions that are called with each element of something."""

    def _define(self, node: Function | ast.ClassDef, kind: Kind) -> Scope:
        tokens = self.code.tokens
        index = self.code.index(self.code.start(node))
        while tokens[index].text != node.name:
            index += 1
        self._use(node.name, tokens[index].start)
        inner = Scope(kind=kind.value, name=f"{self.scope.name}.{node.name}", parent=self.scope)
        self.all.append(inner)
        self._bind(node.name, Binding(kind=kind, node=node, scope=inner))
        return inner

    def _open(self, kind: str, name: str) -> Scope:
        outer = self.scope
        self.scope = Scope(kind=kind, name=f"{outer.name}.{name}", parent=outer)
        self.all.append(self.scope)
        return outer

    def _open_type_parameters(self, parameters: Sequence[ast.type_param]) -> Scope:
        """Open the scope of type parameters, when there are any; return the one around it."""
        if not parameters:
            return self.scope
        outer = self._open(TYPE_PARAMETERS, f"<{TYPE_PARAMETERS}>")
        for parameter in parameters:
            index = self.code.index(self.code.start(parameter))
            while self.code.tokens[index].text in {"*", "**"}:
                index += 1
            token = self.code.tokens[index]
            self._use(token.text, token.start)
            self._bind(token.text, Binding(kind=Kind.TYPE_PARAMETER))
        return outer

    def _use(self, name: str, start: int, *, imports: str = "") -> None:
        self.uses.append(Use(scope=self.scope, name=name, start=start, imports=imports))

    def _bind(self, name: str, binding: Binding) -> None:
        self.scope.bindings.setdefault(name, []).append(binding)

    def _place(self, node: ast.Attribute | ast.Call | ast.MatchClass) -> None:
        self.places.append(Place(node=node, scope=self.scope, shift=self.shift))

    def _start(self, node: _Node) -> int:
        if self.shift is not None:
            return self.shift + node.col_offset
        return self.code.offset(node.lineno, node.col_offset)

    def _end(self, node: _Node) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.code.offset(node.end_lineno, node.end_col_offset)

    def _last_token(self, node: _Node) -> int:
        """Return where the last token of a node begins."""
        return self.code.tokens[self.code.index(self._end(node)) - 1].start

    def _parameters(self, arguments: ast.arguments) -> None:
        for argument in all_parameters(arguments):
            self._use(argument.arg, self._start(argument))
            is_many = argument in (arguments.vararg, arguments.kwarg)
            annotation = None if is_many else argument.annotation
            self._bind(argument.arg, Binding(kind=Kind.PARAMETER, annotation=annotation))

    def _elsewhere(self, node: ast.Global | ast.Nonlocal, *, is_global: bool) -> None:
        for token in self.code.within(self._start(node), self._end(node))[1:]:
            if token.text in node.names:
                self.scope.elsewhere[token.text] = is_global
                self._use(token.text, token.start)
