"""Write the OpenAPI document of an application, each schema once.

FastAPI's own way makes an adapter of every field of every model, for names that pydantic finds
anyway, and reads and writes the whole document once more with a model of OpenAPI: four fifths of
the time. Operations are described by FastAPI as ever; schemas come from pydantic in one go.

Source: requirements 3.2, 84.1, 104.1.
"""

from collections.abc import Iterable
from typing import Any, cast

from fastapi import FastAPI
from fastapi.openapi.constants import REF_TEMPLATE
from fastapi.openapi.utils import get_fields_from_routes, get_openapi, get_openapi_path
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from .problems import PROBLEM_MEDIA_TYPE
from .routing import OrjsonRoute

# OpenAPI documents are free-form JSON.
type _Json = dict[str, Any]


def openapi_document(app: FastAPI) -> _Json:
    """Return the document of an application: what it is, its operations, their schemas."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version=app.openapi_version,
        summary=app.summary,
        description=app.description,
        terms_of_service=app.terms_of_service,
        contact=app.contact,
        license_info=app.license_info,
        routes=[],
        webhooks=app.webhooks.routes,
        tags=app.openapi_tags,
        servers=app.servers,
        external_docs=app.openapi_external_docs,
    )
    contexts = [one for one in iter_route_contexts(app.routes) if _is_shown(one)]
    schemas, definitions = _schemas(contexts)
    components: dict[str, _Json] = document.setdefault("components", {})
    paths: dict[str, _Json] = document["paths"]
    operation_ids: set[str] = set()
    for context in contexts:
        operations, security, more = get_openapi_path(
            route=cast(Any, context),
            operation_ids=operation_ids,
            model_name_map={},
            field_mapping=schemas,
        )
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
    return cast(_Json, _without_none(document))


def _is_shown(context: RouteContext) -> bool:
    return isinstance(context.original_route, APIRoute) and bool(context.include_in_schema)


# The keys are fields of FastAPI's and models: whatever has a schema.
def _schemas(contexts: list[RouteContext]) -> tuple[dict[Any, _Json], dict[str, _Json]]:
    """Return the schemas of fields and models by mode, and those that they refer to, by name."""
    fields: Iterable[Any] = get_fields_from_routes(contexts)
    models = {
        model: None
        for context in contexts
        if isinstance(context.original_route, OrjsonRoute)
        for model in context.original_route.answers.values()
    }
    inputs: list[tuple[Any, JsonSchemaMode, Any]] = [
        (model, "serialization", _core_schema(model)) for model in models
    ]
    inputs += [(field, field.mode, field._type_adapter.core_schema) for field in fields]
    found, definitions = GenerateJsonSchema(ref_template=REF_TEMPLATE).generate_definitions(inputs)
    return cast(dict[Any, _Json], found), cast(dict[str, _Json], definitions)


# A model is any type, and pydantic's schemas of validation are typed no further.
def _core_schema(model: Any) -> Any:
    if isinstance(model, type) and issubclass(model, BaseModel):
        model.model_rebuild()
        return model.__pydantic_core_schema__
    return TypeAdapter(model).core_schema


def _answer(responses: dict[str, _Json], context: RouteContext, schemas: dict[Any, _Json]) -> None:
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
