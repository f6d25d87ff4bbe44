"""Find the scopes of a module, in one walk over its tree."""

import ast
from collections.abc import Sequence

from apigen.merge.renaming.code import Code, NotPython
from apigen.merge.renaming.names import Function, all_parameters
from apigen.merge.renaming.scope_recorder import ScopeRecorder
from apigen.merge.renaming.scopes import (
    Binding,
    Kind,
    Scope,
    Scopes,
    Step,
    imported_module,
)


def scopes(code: Code, module: str, *, is_package: bool) -> Scopes:
    """Analyse a module.

    Raises:
        NotPython: it is nested too deeply to be walked.
    """
    package = module if is_package else module.rpartition(".")[0]
    builder = _Builder(code, module, package)
    try:
        builder.body(code.tree.body)
    except RecursionError as problem:
        raise NotPython("is nested too deeply") from problem
    return Scopes(
        module=module,
        package=package,
        code=code,
        root=builder.root,
        all=tuple(builder.all),
        uses=tuple(builder.uses),
        places=tuple(builder.places),
        imports=tuple(builder.imports),
    )


class _Builder(ScopeRecorder, ast.NodeVisitor):
    def body(self, nodes: Sequence[ast.AST]) -> None:
        for node in nodes:
            self.visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        self._use(node.id, self._start(node))
        if not isinstance(node.ctx, ast.Load):
            self._bind(node.id, Binding(kind=Kind.VARIABLE))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self._place(node)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        self._place(node)
        match node:
            case ast.Call(func=ast.Name(id="cast") | ast.Attribute(attr="cast"), args=[first, *_]):
                self._annotation(first)
                self.visit(node.func)
                self.body([*node.args[1:], *node.keywords])
                return
            case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=name), kind]):
                self.scope.tests.setdefault(name, []).append(kind)
            case ast.Call(func=ast.Name(id="map" | "filter"), args=[ast.Lambda() as each, many]):
                self.elements[each] = many
            case ast.Call(func=ast.Name(id="sorted" | "min" | "max"), args=[many]):
                self._key(node, many)
            case ast.Call(func=ast.Attribute(attr="sort", value=many)):
                self._key(node, many)
        self.generic_visit(node)

    def _key(self, node: ast.Call, many: ast.expr) -> None:
        for keyword in node.keywords:
            if keyword.arg == "key" and isinstance(keyword.value, ast.Lambda):
                self.elements[keyword.value] = many

    def visit_MatchClass(self, node: ast.MatchClass) -> None:
        self._place(node)
        self.generic_visit(node)

    def visit_FunctionDef(self, node: Function) -> None:
        self.body(node.decorator_list)
        self.body([one for one in (*node.args.defaults, *node.args.kw_defaults) if one])
        inner = self._define(node, Kind.FUNCTION)
        outer = self._type_parameters(node.type_params)
        for argument in all_parameters(node.args):
            self._annotation(argument.annotation)
        self._annotation(node.returns)
        inner.parent, self.scope = self.scope, inner
        self._parameters(node.args)
        self.body(node.body)
        self.scope = outer

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815  # ast names it

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.body([one for one in (*node.args.defaults, *node.args.kw_defaults) if one])
        outer = self._open("function", "<lambda>")
        self._parameters(node.args)
        many = self.elements.get(node)
        if many is not None and node.args.args:
            element = Binding(kind=Kind.PARAMETER, value=many, steps=("element",), scope=outer)
            self._bind(node.args.args[0].arg, element)
        self.visit(node.body)
        self.scope = outer

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self.body(node.decorator_list)
        inner = self._define(node, Kind.CLASS)
        outer = self._type_parameters(node.type_params)
        self.body([*node.bases, *node.keywords])
        inner.parent, self.scope = self.scope, inner
        self.body(node.body)
        self.scope = outer

    def visit_Import(self, node: ast.Import) -> None:
        self.imports.append(node)
        for alias in node.names:
            first = alias.asname or alias.name.partition(".")[0]
            target = alias.name if alias.asname else first
            start = self._last_token(alias) if alias.asname else self.code.start(alias)
            self._use(first, start)
            self._bind(first, Binding(kind=Kind.IMPORT, target=target, is_alias=True))

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.imports.append(node)
        module = imported_module(node, self.package)
        for alias in node.names:
            if alias.name == "*":
                self.root.stars.append(module)
                continue
            target = f"{module}.{alias.name}"
            name = alias.asname or alias.name
            is_alias = alias.asname is not None
            imports = "" if is_alias else target
            self._use(name, self._last_token(alias), imports=imports)
            self._bind(name, Binding(kind=Kind.IMPORT, target=target, is_alias=is_alias))

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self._target(target, node.value, ())

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._annotation(node.annotation)
        if node.value is not None:
            self.visit(node.value)
        self._target(node.target, node.value, (), annotation=node.annotation)

    def visit_TypeAlias(self, node: ast.TypeAlias) -> None:
        self._use(node.name.id, self._start(node.name))
        outer = self._type_parameters(node.type_params)
        self.visit(node.value)
        around = self.scope if self.scope is not outer else None
        self.scope = outer
        self._bind(node.name.id, Binding(kind=Kind.VARIABLE, value=node.value, scope=around))

    def _type_parameters(self, parameters: Sequence[ast.type_param]) -> Scope:
        outer = self._open_type_parameters(parameters)
        for parameter in parameters:
            # A default is Python 3.13's.
            for part in ("bound", "default_value"):
                self._annotation(getattr(parameter, part, None))
        return outer

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        inner = self.scope
        while self.scope.kind == "comprehension" and self.scope.parent is not None:
            self.scope = self.scope.parent
        self._target(node.target, node.value, ())
        self.scope = inner

    def visit_For(self, node: ast.For) -> None:
        self._loop(node)

    def visit_AsyncFor(self, node: ast.AsyncFor) -> None:
        self._loop(node)

    def visit_withitem(self, node: ast.withitem) -> None:
        self.visit(node.context_expr)
        if node.optional_vars is not None:
            self._target(node.optional_vars, node.context_expr, ("entered",))

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> None:
        self._comprehension(node.generators, [node.elt])

    visit_SetComp = visit_GeneratorExp = visit_ListComp  # noqa: N815  # ast names them

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._comprehension(node.generators, [node.key, node.value])

    def visit_Global(self, node: ast.Global) -> None:
        self._elsewhere(node, is_global=True)

    def visit_Nonlocal(self, node: ast.Nonlocal) -> None:
        self._elsewhere(node, is_global=False)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.type is not None:
            self.visit(node.type)
            if node.name is not None:
                after = self.code.index(self.code.end(node.type))
                names = (t.start for t in self.code.tokens[after:] if t.text == node.name)
                self._use(node.name, next(names))
                self._bind(node.name, Binding(kind=Kind.VARIABLE, value=node.type, steps=("made",)))
        self.body(node.body)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        if node.pattern is not None:
            self.visit(node.pattern)
        if node.name is not None:
            self._use(node.name, self._last_token(node))
            value = node.pattern.cls if isinstance(node.pattern, ast.MatchClass) else None
            steps = ("made",) if value is not None else ()
            self._bind(node.name, Binding(kind=Kind.VARIABLE, value=value, steps=steps))

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        if node.name is not None:
            self._use(node.name, self._last_token(node))
            self._bind(node.name, Binding(kind=Kind.VARIABLE))

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        self.generic_visit(node)
        if node.rest is not None:
            tokens = self.code.within(self._start(node), self._end(node))
            starts = [t.start for t in tokens if t.text == node.rest]
            self._use(node.rest, starts[-1])
            self._bind(node.rest, Binding(kind=Kind.VARIABLE))

    def _loop(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        self._target(node.target, node.iter, ("element",))
        self.body([*node.body, *node.orelse])

    def _comprehension(self, generators: list[ast.comprehension], results: list[ast.expr]) -> None:
        self.visit(generators[0].iter)
        outer = self._open("comprehension", "<comprehension>")
        for number, generator in enumerate(generators):
            if number:
                self.visit(generator.iter)
            self._target(generator.target, generator.iter, ("element",))
            self.body(generator.ifs)
        self.body(results)
        self.scope = outer

    def _target(
        self,
        target: ast.expr,
        value: ast.expr | None,
        steps: tuple[Step, ...],
        *,
        annotation: ast.expr | None = None,
    ) -> None:
        match target:
            case ast.Name(id=name):
                self._use(name, self._start(target))
                self._bind(
                    name,
                    Binding(kind=Kind.VARIABLE, annotation=annotation, value=value, steps=steps),
                )
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for index, part in enumerate(parts):
                    self._target(part, value, (*steps, index))
            case ast.Starred(value=inner):
                self._target(inner, None, ())
            case _:
                self.visit(target)

    def _annotation(self, node: ast.expr | None) -> None:
        """Visit an annotation; a text in it is code, but not within Literal and Annotated."""
        match node:
            case None:
                pass
            case ast.Constant(value=str(text)) if self.shift is None:
                self._text(node, text)
            case ast.Subscript(value=ast.Name(id="Literal") | ast.Attribute(attr="Literal")):
                self.visit(node)
            case ast.Subscript(
                value=ast.Name(id="Annotated") | ast.Attribute(attr="Annotated"),
                slice=ast.Tuple(elts=[first, *rest]),
            ):
                self.visit(node.value)
                self._annotation(first)
                self.body(rest)
            case ast.Subscript(value=value, slice=inner):
                self.visit(value)
                self._annotation(inner)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for part in parts:
                    self._annotation(part)
            case ast.BinOp(left=left, right=right):
                self._annotation(left)
                self._annotation(right)
            case _:
                self.visit(node)

    def _text(self, node: ast.Constant, text: str) -> None:
        start = self.code.start(node)
        quoted = self.code.text[start + 1 : start + 1 + len(text)]
        try:
            inner = ast.parse(text, mode="eval").body
        except SyntaxError:
            return
        # A text with escapes, prefixes or several lines has no simple place for its parts.
        if quoted == text and text.isascii():
            self.shift = start + 1
            self._annotation(inner)
            self.shift = None
