"""Write the OpenAPI document of an application, each schema once.

FastAPI's own way makes an adapter of every field of every model, for names that pydantic finds
anyway, and reads and writes the whole document once more with a model of OpenAPI: four fifths of
the time. Operations are described by FastAPI as ever; schemas come from pydantic in one go.

Source: requirements 3.2, 84.1, 104.1.
"""

from collections.abc import Iterable
from typing import Any, cast

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from pydantic import BaseModel, TypeAdapter
from starlette.routing import BaseRoute

from .framework_internals import Described, Json, Shortcut, operations_of, schemas_of, works
from .problems import PROBLEM_MEDIA_TYPE
from .routing import OrjsonRoute


def openapi_document(app: FastAPI) -> Json:
    """Return the document of an application: what it is, its operations, their schemas."""
    if not works(Shortcut.QUICK_DOCUMENT):
        return _document(app, app.routes)
    document = _document(app, ())
    contexts = [one for one in iter_route_contexts(app.routes) if _is_shown(one)]
    schemas, definitions = schemas_of(contexts, _answers(contexts))
    components: dict[str, Json] = document.setdefault("components", {})
    paths: dict[str, Json] = document["paths"]
    operation_ids: set[str] = set()
    for context in contexts:
        operations, security, more = operations_of(context, schemas, operation_ids)
        definitions |= more
        components.setdefault("securitySchemes", {}).update(security)
        for operation in operations.values():
            _answer(operation["responses"], context, schemas)
        paths.setdefault(context.path_format or "", {}).update(operations)
    known = components.setdefault("schemas", {})
    known |= definitions
    components["schemas"] = {name: known[name] for name in sorted(known)}
    document["components"] = {name: part for name, part in sorted(components.items()) if part}
    if not document["components"]:
        del document["components"]
    return cast(Json, _without_none(document))


def _document(app: FastAPI, routes: Iterable[BaseRoute]) -> Json:
    """Return the document of some of an application's routes, as FastAPI writes it."""
    return get_openapi(
        title=app.title,
        version=app.version,
        openapi_version=app.openapi_version,
        summary=app.summary,
        description=app.description,
        terms_of_service=app.terms_of_service,
        contact=app.contact,
        license_info=app.license_info,
        routes=list(routes),
        webhooks=app.webhooks.routes,
        tags=app.openapi_tags,
        servers=app.servers,
        external_docs=app.openapi_external_docs,
    )


def _is_shown(context: RouteContext) -> bool:
    return isinstance(context.original_route, APIRoute) and bool(context.include_in_schema)


def _answers(contexts: Iterable[RouteContext]) -> Iterable[Described]:
    """Return the models of answers that FastAPI does not know."""
    models = {
        model: None
        for context in contexts
        if isinstance(context.original_route, OrjsonRoute)
        for model in context.original_route.answers.values()
    }
    return [(model, "serialization", _core_schema(model)) for model in models]


# A model is any type, and pydantic's schemas of validation are typed no further.
def _core_schema(model: Any) -> Any:
    if isinstance(model, type) and issubclass(model, BaseModel):
        model.model_rebuild()
        return model.__pydantic_core_schema__
    return TypeAdapter(model).core_schema


def _answer(responses: dict[str, Json], context: RouteContext, schemas: dict[Any, Json]) -> None:
    """Give the answers of an operation their schemas."""
    route = context.original_route
    if not isinstance(route, OrjsonRoute):
        return
    for status, model in route.answers.items():
        schema = schemas[model, "serialization"]
        if "$ref" not in schema:
            name = "_".join(filter(None, ("Response", status, context.unique_id)))
            schema = {**schema, "title": name.title().replace("_", " ")}
        media_type = PROBLEM_MEDIA_TYPE if status >= "400" else "application/json"
        if status:
            content = responses[status].setdefault("content", {})
            content.setdefault(media_type, {})["schema"] = schema
        else:
            success = responses[str(context.status_code or 200)].get("content", {})
            if media_type in success:
                success[media_type]["schema"] = schema


# A document is JSON: nothing is known of its nodes.
def _without_none(node: Any) -> Any:
    """Leave out what is null, as FastAPI does: defaults above all."""
    match node:
        case dict():
            return {key: _without_none(value) for key, value in node.items() if value is not None}
        case list():
            return [_without_none(value) for value in node]
        case _:
            return node
