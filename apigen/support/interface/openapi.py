"""What FastAPI can not know of an operation: parameters read from the query string as a whole.

Functions return what a route takes as `openapi_extra`, made of the resource's `ResourceQuery`, so
that the documentation says exactly what the parser accepts.

Source: requirements 3.2, 3.4, 104.1.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from ..application.queries import CONTROLS, PageStyle, QueryField, ResourceQuery
from ..core.json import dumps
from ..domain.specification import Operator

# OpenAPI objects are free-form JSON; FastAPI takes them as dict[str, Any].
type Extra = dict[str, Any]
type _Parameter = dict[str, Any]


_SCHEMAS = "#/components/schemas/"
_INPUT = "-Input"
"""What pydantic adds to the name of the one of two schemas that requests have."""
_NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")


def parameters_of_list(query: ResourceQuery) -> Extra:
    """Declare filters, search, order, page and embedding."""
    return _extra(
        _filters(query),
        _search(query),
        _sort(query),
        _paging(query),
        _expand(query),
        _language(query),
    )


def parameters_of_count(query: ResourceQuery) -> Extra:
    """Declare filters and search."""
    return _extra(_filters(query), _search(query), _language(query))


def parameters_of_export(query: ResourceQuery, *formats: str) -> Extra:
    """Declare filters, search, order and the format, and describe the file of each format."""
    described: Mapping[str, Extra] = {
        "csv": {"text/csv": {"schema": {"type": "string"}}},
        "json": {"application/json": {"schema": {"type": "array", "items": {"type": "object"}}}},
    }
    schema = {"type": "string", "enum": list(formats), "default": formats[0]}
    parameter = _query("format", schema, "What to export as.")
    extra = _extra(_filters(query), _search(query), _sort(query), _language(query), [parameter])
    content: Extra = {}
    for form in formats:
        content |= described[form]
    return extra | {"responses": {"200": {"description": "The file", "content": content}}}


def parameters_of_one(query: ResourceQuery, *, has_etag: bool) -> Extra:
    """Declare embedding and the header of a conditional read."""
    header = [_header("If-None-Match", "ETag of what the client has; 304 when it is current.")]
    return _extra(_expand(query), _language(query), header if has_etag else [])


def _header(name: str, description: str) -> _Parameter:
    return {"name": name, "in": "header", "description": description, "schema": {"type": "string"}}


IF_MATCH: Extra = {
    "parameters": [_header("If-Match", "ETag of what is meant; 412 when it is another by now.")]
}
"""The header of a conditional write."""


def idempotency_key(*, required: bool = False) -> Extra:
    """Declare the header that makes a write one with one effect."""
    header = _header("Idempotency-Key", "Chosen by the client; the same write has it again.")
    header["schema"] = {"type": "string", "pattern": "^[!-~]{1,255}$"}
    return {"parameters": [header | {"required": required}]}


def written_in(query: ResourceQuery) -> Extra:
    """Declare the headers of a write that say which languages it and its answer are in."""
    locales = [one for one in query.languages if one != "all"]
    content = _header("Content-Language", "Locale of plain texts; the default one without it.")
    content["schema"] = {"type": "string", "enum": locales}
    return {"parameters": [content, _ACCEPT_LANGUAGE]}


def declared(*extras: Extra) -> Extra:
    """Declare all of several: `declared(IF_MATCH, idempotency_key())`."""
    united: Extra = {}
    for extra in extras:
        for key, value in extra.items():
            united[key] = united.get(key, []) + value if key == "parameters" else value
    return united


PUBLIC: Extra = {"security": []}
"""An operation that needs no token where others do."""


_RESPONSE_HEADERS: Mapping[str, Extra] = {
    "ETag": {
        "description": "Version of the resource, for If-Match and If-None-Match.",
        "schema": {"type": "string"},
    },
    "Location": {
        "description": "Where the new resource is.",
        "schema": {"type": "string", "format": "uri-reference"},
    },
}
_NOT_MODIFIED = {"description": "The client has the current version"}


def answered(status: int, *headers: str) -> dict[int | str, dict[str, Any]]:
    """Declare the headers of an answer that is no problem, as FastAPI's `responses` has it.

    Args:
        status: 304, or the status of success, which FastAPI describes further.
        headers: Of ETag and Location.
    """
    described: Extra = {"headers": {name: _RESPONSE_HEADERS[name] for name in headers}}
    return {status: described | (_NOT_MODIFIED if status == 304 else {})}


def name_schemas_by_title(document: Extra) -> None:
    """Call each schema by its title where that is a name of its own, and follow the references.

    Pydantic names generic models after the types of their arguments, so that identifiers, which
    are types of their own only for the type checker, would all be `NewType`. A model that is sent
    in more forms than it is answered in has two schemas: `Money` of answers, and `Money-Input`.
    """
    schemas: dict[str, Any] = document.get("components", {}).get("schemas", {})
    wanted = {
        name: _NO_NAME.sub("_", str(schema.get("title", name))).strip("_")
        + (_INPUT if name.endswith(_INPUT) else "")
        for name, schema in schemas.items()
    }
    uses = Counter(wanted.values())
    names = {name: title if uses[title] == 1 else name for name, title in wanted.items()}
    if len(set(names.values())) < len(names):
        return
    references = {f"{_SCHEMAS}{name}": f"{_SCHEMAS}{title}" for name, title in names.items()}
    document["components"]["schemas"] = {names[name]: schemas[name] for name in schemas}
    _refer(document, references)


def _refer(node: object, references: Mapping[str, str]) -> None:
    """Replace references in place, those of discriminators included."""
    entries: Iterable[tuple[Any, object]] = ()
    match node:
        case dict():
            entries = list(node.items())
        case list():
            entries = list(enumerate(node))
        case _:
            return
    for key, value in entries:
        if isinstance(value, str):
            node[key] = references.get(value, value)
        else:
            _refer(value, references)


def _extra(*groups: list[_Parameter]) -> Extra:
    parameters = [parameter for group in groups for parameter in group]
    return {"parameters": parameters} if parameters else {}


def _query(name: str, schema: Mapping[str, object], description: str = "") -> _Parameter:
    described = {"description": description} if description else {}
    return {"name": name, "in": "query", **described, "schema": dict(schema)}


def _filters(query: ResourceQuery) -> list[_Parameter]:
    fields = [field for field in query.fields if field.ops]
    parameters: list[_Parameter] = []
    if "params" in query.filter_syntax:
        parameters += [_filter(field, operator) for field in fields for operator in field.ops]
    if "json" in query.filter_syntax and fields:
        example = dumps({fields[0].name: {str(fields[0].ops[0]): "…"}}).decode()
        schema = _conditions([field.name for field in fields])
        parameters.append(
            {
                "name": "filter",
                "in": "query",
                "description": f"Conditions as JSON, with and, or, not: `{example}`.",
                "content": {"application/json": {"schema": schema}},
            }
        )
    return parameters


def _conditions(names: list[str]) -> Extra:
    """Return the schema of a filter: of which fields, and how conditions are put together."""
    words = [word for word in ("and", "or", "not") if word not in names]
    one = {"type": "object", "minProperties": 1, "propertyNames": {"enum": [*names, *words]}}
    several = {"type": "array", "minItems": 1, "items": one}
    return one | {"properties": {word: one if word == "not" else several for word in words}}


def _filter(field: QueryField, operator: Operator) -> _Parameter:
    is_short = operator is Operator.EQ and field.name not in CONTROLS
    name = field.name if is_short else f"{field.name}[{operator}]"
    match operator:
        case Operator.IS_NULL:
            return _query(name, {"type": "boolean"}, "Whether there is no value.")
        case Operator.IN | Operator.NOT_IN:
            schema = {"type": "array", "items": field.type.schema, "minItems": 1, "maxItems": 100}
            several = _query(name, schema, "One of several.")
            return several | {"style": "form", "explode": False}
        case Operator.CONTAINS | Operator.STARTSWITH | Operator.ENDSWITH:
            return _query(name, {"type": "string"}, "Without regard to case.")
        case _:
            return _query(name, field.type.schema)


def _search(query: ResourceQuery) -> list[_Parameter]:
    if not query.search:
        return []
    schema = {"type": "string", "maxLength": 200}
    return [_query("q", schema, "Words that must all occur, in any searched field.")]


def _sort(query: ResourceQuery) -> list[_Parameter]:
    names = [field.name for field in query.fields if field.sortable]
    if not names:
        return []
    allowed = [sign + name for name in names for sign in ("", "-")]
    parameter = _query(
        "sort",
        _some_of(allowed) | {"uniqueItems": True},
        "Order; a leading minus turns a step round.",
    )
    return [parameter | {"style": "form", "explode": False}]


def _some_of(names: list[str]) -> Extra:
    """Return the schema of a list in a query; an empty one would be a name that there is not."""
    items = {"type": "string", "enum": names}
    return {"type": "array", "items": items, "minItems": 1}


_COUNT = _query(
    "count",
    {"type": "boolean", "default": True},
    "Whether to tell `total` and `pages`; a page of a long list is there sooner without.",
)


def _paging(query: ResourceQuery) -> list[_Parameter]:
    paging = query.paging
    sized: Mapping[str, object] = {
        "type": "integer",
        "minimum": 1,
        "maximum": paging.max_size,
        "default": paging.size,
    }
    match paging.style:
        case PageStyle.OFFSET:
            numbered = {"type": "integer", "minimum": 1, "default": 1}
            return [
                _query("page", numbered, "Number of the page, from 1."),
                _query("size", sized, "Elements of a page."),
                _COUNT,
            ]
        case PageStyle.CURSOR:
            return [
                _query("cursor", {"type": "string"}, "`next_cursor` of the part before."),
                _query("size", sized, "Elements of a part."),
            ]
        case PageStyle.NONE:
            return [_COUNT]


def _expand(query: ResourceQuery) -> list[_Parameter]:
    if not query.expand:
        return []
    names = [".".join(path) for path in query.expand]
    parameter = _query("expand", _some_of(names), "Relations to embed under `expanded`.")
    return [parameter | {"style": "form", "explode": False}]


_ACCEPT_LANGUAGE: _Parameter = {
    "name": "Accept-Language",
    "in": "header",
    "description": "Languages of the answer, by preference (RFC 9110).",
    "schema": {"type": "string"},
}


def _language(query: ResourceQuery) -> list[_Parameter]:
    if not query.languages:
        return []
    schema = {"type": "string", "enum": list(query.languages)}
    described = "Locale of the answer, before `Accept-Language`; `all` shows every text."
    return [_query("locale", schema, described), _ACCEPT_LANGUAGE]


_RETRY_HEADERS: Extra = {
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
    "RateLimit-Policy": {
        "description": 'The limit: `"api";q=60;w=60` is 60 requests in 60 seconds.',
        "schema": {"type": "string"},
    },
    "RateLimit": {
        "description": 'What is left, and seconds until all is: `"api";r=0;t=12`.',
        "schema": {"type": "string"},
    },
}


def declare_retry(responses: dict[str, dict[str, Any]]) -> None:
    """Declare the headers of the answer to one request too many, where there is such an answer."""
    if "429" in responses:
        responses["429"]["headers"] = _RETRY_HEADERS


def require_bearer(document: dict[str, Any]) -> None:
    """Declare that operations take a bearer token, but for those that say `security` themselves."""
    schemes = document.setdefault("components", {}).setdefault("securitySchemes", {})
    schemes["bearer"] = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    document["security"] = [{"bearer": []}]
