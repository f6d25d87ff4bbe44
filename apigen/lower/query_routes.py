"""Where queries are reached over HTTP (AG601, AG602, AG607)."""

import re
from collections.abc import Iterable
from dataclasses import replace

from apigen.ir.behaviour import Query, Route
from apigen.ir.types import ListOf, SetOf
from apigen.lower.rate_limits import message_limit
from apigen.lower.settings import bad_path, is_path
from apigen.lower.workspace import Workspace
from apigen.spec.located import Located, Named
from apigen.spec.queries import QueryRouteSpec, QuerySpec

_PARAMETER = re.compile(r":([a-z_][a-z0-9_]*)")


def with_query_routes(
    queries: tuple[Query, ...],
    specs: Iterable[Named[QuerySpec]],
    *,
    is_served: bool,
    work: Workspace,
) -> tuple[Query, ...]:
    """Return the queries of one owner with their routes; none when the owner is not served."""
    by_name = {named.name.value: named.value for named in specs}
    routed: list[Query] = []
    for query in queries:
        spec = by_name[query.name.text]
        route = _route(query, spec, is_served, work)
        name = query.name.text
        limit = message_limit(spec.rate_limit, name, work, is_served=route is not None)
        if route is not None:
            route = replace(route, rate_limit=limit)
        routed.append(replace(query, route=route))
    return tuple(routed)


def _route(query: Query, spec: QuerySpec, is_served: bool, work: Workspace) -> Route | None:
    api = spec.api
    if isinstance(api, Located) and not api.value:
        return None
    if not is_served:
        if isinstance(api, QueryRouteSpec):
            work.found.error(
                "AG601",
                f"a route is impossible for `{query.name.text}`: what it belongs to has none",
                api.span,
                help="remove it, or `api: false` of its owner",
            )
        return None
    written = api if isinstance(api, QueryRouteSpec) else QueryRouteSpec(span=spec.span)
    name = query.name.kebab if work.settings.naming.path == "kebab" else query.name.snake
    path = f"/{name}"
    if written.path is not None:
        path = _path(written.path, query, work) or path
    return Route(
        method="GET",
        path=path,
        status=200,
        tags=tuple(dict.fromkeys(tag.value for tag in written.tags or ())),
    )


def _path(written: Located[str], query: Query, work: Workspace) -> str | None:
    """Return a path as the system has it, its parameters in braces."""
    text = written.value
    if not is_path(_PARAMETER.sub("x", text)):
        bad_path(written, work.found)
        return None
    inputs = {field.attribute: field for field in query.input}
    names = _PARAMETER.findall(text)
    for name in names:
        problem = ""
        if name not in inputs:
            problem = f"`:{name}` of the path is no input of `{query.name.text}`"
        elif inputs[name].nullable or inputs[name].default is not None:
            problem = f"`:{name}` may be left out, and a path may not"
        elif isinstance(inputs[name].type, ListOf | SetOf):
            problem = f"`:{name}` is a list, and a path has one value there"
        elif names.count(name) > 1:
            problem = f"`:{name}` stands in the path twice"
        if problem:
            work.found.error(
                "AG602",
                problem,
                written.span,
                help="a parameter of the path is a required input, named once",
            )
            return None
    return _PARAMETER.sub(r"{\1}", text)
