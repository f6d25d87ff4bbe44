"""The routes of questions with a name: their parameters, and the shape of the answer.

A question goes to the bus; its answer is JSON already, or a number.
"""

from collections.abc import Iterator
from dataclasses import replace

from apigen.ir.behaviour import Handler, Query, Shape
from apigen.ir.element import Deprecation
from apigen.ir.field import Field
from apigen.ir.system import Entity, PageStyle
from apigen.ir.types import Scalar, ScalarKind
from apigen.python import layout
from apigen.python.annotations import domain_annotation, dto_annotation, optional
from apigen.python.defaults import DefaultSource
from apigen.python.identifiers import spell, spell_variable
from apigen.python.literals import text
from apigen.views.application.dtos import asked
from apigen.views.application.hidden_paths import hidden_source
from apigen.views.application.query_messages import SHOWING, default_of
from apigen.views.interface.path_keys import input_annotation
from apigen.views.interface.rate_limits import message_limit
from apigen.views.interface.routes import Asked, RouteWriter, StatedRoute, route_tags
from apigen.views.nouns import noun

_BITS = {ScalarKind.INT: 31, ScalarKind.BIGINT: 63}
_NUMBERS = frozenset({*_BITS, ScalarKind.FLOAT})
_TAKEN = frozenset(
    {
        *("request", "handlers", "query", "replies", "router"),
        *("page", "size", "count", "cursor"),
    }
)


class QueryRoutes:
    """Writes the routes of the questions about one resource, or of one context."""

    def __init__(
        self, writer: RouteWriter, *, above: tuple[str, ...] = (), ends: Deprecation | None = None
    ) -> None:
        """Write with `writer`.

        Args:
            writer: Of the module.
            above: Parameters of the parent that the resource is nested under.
            ends: Until when clients are served the resource.
        """
        self._writer = writer
        self._above = above
        self._ends = ends

    def route(self, query: Query, source: Entity) -> StatedRoute:
        """Return the route of a query that reads `source`."""
        assert query.route is not None
        path = query.route.path
        fixed: list[str] = []
        options: list[str] = []
        arguments: list[str] = []
        known: list[str] = []
        for field in query.input:
            if not asked(field):
                continue
            name = spell_variable(field.attribute, _TAKEN)
            arguments.append(f"{spell(field.attribute)}={name}")
            if f"{{{field.attribute}}}" in path:
                path = path.replace(f"{{{field.attribute}}}", f"{{{name}}}")
                annotation = input_annotation(self._writer.system, field, self._writer.imports)
                fixed.append(f"{name}: {annotation}")
                continue
            known.append(field.wire)
            default = default_of(self._writer.system, field, self._writer.imports)
            parameter = f"{name}: {self._annotation(field, name, default)}"
            if default is None or default.is_factory:
                fixed.append(parameter)
            else:
                options.append(f"{parameter} = {default.value}")
        if query.shape is Shape.PAGE:
            for name, option in self._paging(source):
                options.append(option)
                arguments.append(f"{name}={name}")
                known.append(name)
        hidden = hidden_source(self._writer.system, replace(source, resource=None))
        if query.shape in SHOWING and hidden:
            arguments.append(f"hidden={hidden}")
        require = self._writer.support("interface.parameters", "require_known")
        asked_with = "".join(f", {text(name)}" for name in known)
        message = self._writer.imports.use(layout.query_message(self._writer.system, query))
        asked_for = Asked(
            function=layout.query_snake(self._writer.system, query),
            path=path,
            doc=query.doc or f"Answer `{query.name.text}` of {noun(source.name)}s.",
            settings=(
                f"response_model={self._shape(query, source)}",
                *route_tags(query.route.tags),
            ),
            parameters=(*self._above, *fixed),
            options=tuple(options),
            checks=(f"{require}(request{asked_with})",),
            problems=(404, 422) if query.shape is Shape.ONE else (422,),
            operation=query.name.snake,
            is_reading=True,
            needs_read=query.handler is not Handler.CUSTOM,
            deprecation=query.lifespan.deprecated or self._ends,
            lifespan=query.lifespan,
            limit=message_limit(self._writer.system, query),
        )
        return StatedRoute(
            verb="get",
            route=self._writer.route(asked_for),
            statements=(
                f"query = {message}({', '.join(arguments)})",
                f"return {self._reply(query, source)}",
            ),
        )

    def _annotation(self, field: Field, name: str, default: DefaultSource | None) -> str:
        writer = self._writer
        annotation = self._type(field)
        arguments = list(_bounds(field))
        if default is not None and default.is_factory:
            arguments.append(f"default_factory={default.value}")
        if field.wire != name:
            arguments.append(f"alias={text(field.wire)}")
        if field.doc.strip():
            arguments.append(f"description={text(' '.join(field.doc.split()))}")
        parameter = writer.imports.add("fastapi", "Query")
        annotated = writer.imports.add("typing", "Annotated")
        marked = f"{parameter}({', '.join(arguments)})"
        if annotation.startswith(f"{annotated}[") and annotation.endswith("]"):
            return f"{annotation.removesuffix(']')}, {marked}]"
        return f"{annotated}[{annotation}, {marked}]"

    def _type(self, field: Field) -> str:
        # Constraints of numbers in payloads refuse texts, which is all that a query string has.
        plain = isinstance(field.type, Scalar) and field.type.kind in _NUMBERS
        spelled = domain_annotation if plain else dto_annotation
        system, imports = self._writer.system, self._writer.imports
        return optional(spelled(field.type, system=system, imports=imports), field.nullable)

    def _paging(self, source: Entity) -> tuple[tuple[str, str], ...]:
        style = _page_style(source)
        if style is PageStyle.NONE:
            return ()
        writer = self._writer
        annotated = writer.imports.add("typing", "Annotated")
        parameter = writer.imports.add("fastapi", "Query")
        paging = source.resource.paging if source.resource is not None else None
        size, largest = (20, 100) if paging is None else (paging.size, paging.max_size)
        sized = f"size: {annotated}[int, {parameter}(ge=1, le={largest})] = {size}"
        if style is PageStyle.CURSOR:
            cursor = f"cursor: {annotated}[str | None, {parameter}()] = None"
            return (("cursor", cursor), ("size", sized))
        page = f"page: {annotated}[int, {parameter}(ge=1, le=1_000_000_000)] = 1"
        count = f"count: {annotated}[bool, {parameter}()] = True"
        return (("page", page), ("size", sized), ("count", count))

    def _shape(self, query: Query, source: Entity) -> str:
        writer = self._writer
        match query.shape:
            case Shape.COUNT:
                return writer.support("interface.replies", "Count")
            case Shape.EXISTS:
                return writer.support("interface.replies", "Exists")
            case _:
                read = writer.imports.use(layout.dto(writer.system, source.qname, "Read"))
        match query.shape:
            case Shape.LIST:
                return f"list[{read}]"
            case Shape.ONE:
                return read
            case _:
                is_cursor = _page_style(source) is PageStyle.CURSOR
                page = "CursorPage" if is_cursor else "PaginatedResponse"
                return f"{writer.support('application.dtos', page)}[{read}]"

    def _reply(self, query: Query, source: Entity) -> str:
        names = {
            Shape.PAGE: "document",
            Shape.LIST: "document",
            Shape.ONE: "first_document",
            Shape.COUNT: "counted",
            Shape.EXISTS: "existing",
        }
        reply = self._writer.support("interface.replies", names[query.shape])
        what = f", {text(noun(source.name))}" if query.shape is Shape.ONE else ""
        return f"{reply}(request, await handlers.queries.dispatch(query){what})"


def _bounds(field: Field) -> Iterator[str]:
    """Yield the limits of a number as arguments of a parameter."""
    if not isinstance(field.type, Scalar) or field.type.kind not in _NUMBERS:
        return
    limits = field.type.constraints
    least, most = limits.min, limits.max
    if field.type.kind in _BITS:
        bits = _BITS[field.type.kind]
        least = -(2**bits) if least is None and limits.gt is None else least
        most = 2**bits - 1 if most is None and limits.lt is None else most
    for name, value in (("ge", least), ("le", most), ("gt", limits.gt), ("lt", limits.lt)):
        if value is not None:
            yield f"{name}={value}"
    if limits.step is not None:
        yield f"multiple_of={limits.step}"


def _page_style(source: Entity) -> PageStyle:
    """Return how the answer of a question in pages is cut."""
    return source.resource.paging.style if source.resource is not None else PageStyle.OFFSET
