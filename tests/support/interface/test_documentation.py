"""The OpenAPI document is valid, complete and true; its readers need no network."""

import asyncio
import re
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from openapi_spec_validator import OpenAPIV31SpecValidator

from apigen.support.interface.openapi import name_schemas_by_title
from apigen.support.interface.openapi_document import openapi_document
from apigen.support.interface.problems import problems
from tests.support.interface.notes import Shelf, note_app


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return note_app(Shelf()).openapi()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


@pytest.mark.criterion("R38.1")
@pytest.mark.criterion("R104.1")
def test_the_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    OpenAPIV31SpecValidator(document).validate()
    assert document["info"] == {
        "title": "Notes",
        "version": "1.2.3",
        "description": "Keeps *notes*.",
        "license": {"name": "MIT"},
        "contact": {"name": "Me", "email": "me@example.com"},
    }


@pytest.mark.criterion("R3.2")
def test_operation_ids_are_unique(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(document)]

    assert len(ids) == len(set(ids))
    assert "create_note" in ids


@pytest.mark.criterion("R3.2")
def test_errors_are_problems(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        for status, response in operation["responses"].items():
            if status >= "400":
                assert list(response["content"]) == ["application/problem+json"], (method, path)
                schema = response["content"]["application/problem+json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/ProblemDetail"}
    assert "HTTPValidationError" not in document["components"]["schemas"]


@pytest.mark.criterion("R104.1")
def test_headers_of_answers_are_declared(document: dict[str, Any]) -> None:
    declared = {
        (operation["operationId"], status): sorted(response["headers"])
        for _, _, operation in operations(document)
        for status, response in operation["responses"].items()
        if "headers" in response
    }

    assert declared == {
        ("create_note", "201"): ["ETag", "Location"],
        ("get_note", "200"): ["ETag"],
        ("get_note", "304"): ["ETag"],
        ("update_note", "200"): ["ETag"],
    }
    created = document["paths"]["/api/v1/notes"]["post"]["responses"]["201"]
    assert created["description"] == "Successful Response"
    assert created["content"]["application/json"]["schema"]["$ref"].endswith("/NoteRead")


def test_operations_with_a_body_tell_what_they_refuse(document: dict[str, Any]) -> None:
    for _, _, operation in operations(document):
        if "requestBody" in operation:
            assert {"413", "415", "422"} <= operation["responses"].keys()


def test_parameters_are_those_that_the_parser_takes(document: dict[str, Any]) -> None:
    def names(path: str, method: str = "get") -> list[str]:
        operation = document["paths"][f"/api/v1{path}"][method]
        return [parameter["name"] for parameter in operation["parameters"]]

    filters = ["text", "text[in]", "filter", "q"]
    assert names("/notes") == [*filters, "sort", "page", "size", "count", "expand"]
    assert names("/notes/count") == filters
    assert names("/notes/export") == [*filters, "sort", "format"]
    assert names("/notes/{note_id}") == ["note_id", "expand", "If-None-Match"]
    assert names("/notes/{note_id}", "patch") == ["note_id", "If-Match"]


def test_conditions_orders_and_relations_say_what_the_parser_refuses(
    document: dict[str, Any],
) -> None:
    parameters = {
        one["name"]: one for one in document["paths"]["/api/v1/notes"]["get"]["parameters"]
    }
    condition = {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"enum": ["text", "and", "or", "not"]},
    }
    several = {"type": "array", "minItems": 1, "items": condition}

    assert parameters["filter"]["content"]["application/json"]["schema"] == condition | {
        "properties": {"and": several, "or": several, "not": condition}
    }
    assert parameters["sort"]["schema"] == {
        "type": "array",
        "items": {"type": "string", "enum": ["text", "-text"]},
        "minItems": 1,
        "uniqueItems": True,
    }
    assert parameters["expand"]["schema"]["minItems"] == 1


def test_an_export_has_the_media_types_of_its_formats(document: dict[str, Any]) -> None:
    content = document["paths"]["/api/v1/notes/export"]["get"]["responses"]["200"]["content"]

    assert list(content) == ["text/csv", "application/json"]


def test_the_document_is_the_same_every_time(document: dict[str, Any]) -> None:
    assert note_app(Shelf()).openapi() == document
    app = note_app(Shelf())
    assert app.openapi() == app.openapi() == document


def test_generic_schemas_are_named_after_their_arguments(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]

    assert {"BulkIds_NoteId", "BulkChange_NoteId_NoteCreate", "PaginatedResponse_NoteRead"} <= (
        schemas.keys()
    )
    assert "NewType" not in str(document)


def test_schemas_with_one_title_keep_their_names_apart() -> None:
    reference = "#/components/schemas/"
    document: dict[str, Any] = {
        "components": {"schemas": {"a__X": {"title": "X"}, "b__X": {"title": "X"}, "Y_": {}}},
        "mapping": {"one": f"{reference}a__X", "two": [{"$ref": f"{reference}Y_"}]},
    }

    name_schemas_by_title(document)

    assert list(document["components"]["schemas"]) == ["a__X", "b__X", "Y"]
    assert document["mapping"] == {
        "one": f"{reference}a__X",
        "two": [{"$ref": f"{reference}Y"}],
    }


def test_what_is_sent_in_more_forms_has_a_name_of_its_own() -> None:
    reference = "#/components/schemas/"
    document: dict[str, Any] = {
        "components": {
            "schemas": {"Money-Input": {"title": "Money"}, "Money-Output": {"title": "Money"}}
        },
        "sent": {"$ref": f"{reference}Money-Input"},
        "answered": {"$ref": f"{reference}Money-Output"},
    }

    name_schemas_by_title(document)

    assert list(document["components"]["schemas"]) == ["Money-Input", "Money"]
    assert document["sent"] == {"$ref": f"{reference}Money-Input"}
    assert document["answered"] == {"$ref": f"{reference}Money"}


def test_a_route_that_comes_later_is_in_the_document() -> None:
    app = note_app(Shelf())
    app.openapi()

    app.add_api_route("/later", lambda: None, responses=problems(404))

    responses = app.openapi()["paths"]["/later"]["get"]["responses"]
    assert list(responses["404"]["content"]) == ["application/problem+json"]


@pytest.mark.criterion("R38.3")
@pytest.mark.parametrize("path", ["/docs", "/redoc"])
async def test_readers_are_served_from_the_project_itself(
    client: httpx2.AsyncClient, path: str
) -> None:
    page = await client.get(path)

    assert page.status_code == 200
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert loaded
    for address in loaded:
        assert address.startswith("/"), f"{address} is not ours"
        assert (await client.get(address)).status_code == 200
    assert "/openapi.json" in page.text
    assert "https://" not in page.text
    assert "script-src 'self' 'unsafe-inline'" in page.headers["content-security-policy"]


@pytest.mark.criterion("R38.4")
async def test_the_document_is_served(client: httpx2.AsyncClient, document: dict[str, Any]) -> None:
    first = await client.get("/openapi.json")
    second = await client.get("/openapi.json")

    assert first.json() == document
    assert first.content == second.content


async def test_a_reader_that_is_not_wanted_is_not_served() -> None:
    app = note_app(Shelf(), readers=("redoc",))
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.get("/docs")).status_code == 404
        assert (await client.get("/redoc")).status_code == 200


async def test_a_title_is_text_not_markup() -> None:
    app = note_app(Shelf(), title="</title><script>alert(1)</script>")
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        for path in ("/docs", "/redoc"):
            assert "<script>alert" not in (await client.get(path)).text


async def test_the_document_is_sent_to_who_does_not_have_it(client: httpx2.AsyncClient) -> None:
    first = await client.get("/openapi.json")
    again = await client.get("/openapi.json", headers={"If-None-Match": first.headers["etag"]})
    other = await client.get("/openapi.json", headers={"If-None-Match": '"1"'})

    assert (first.status_code, again.status_code, other.status_code) == (200, 304, 200)
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    assert other.content == first.content


async def test_the_document_tells_the_path_that_a_proxy_has_it_below() -> None:
    app = note_app(Shelf())
    found = []
    for root in ("", "/svc", "/other"):
        transport = httpx2.ASGITransport(app, root_path=root)
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            found.append(await client.get(f"{root}/openapi.json"))

    documents = [answer.json() for answer in found]
    assert [document.pop("servers", None) for document in documents] == [
        None,
        [{"url": "/svc"}],
        [{"url": "/other"}],
    ]
    assert documents[0] == documents[1] == documents[2]
    assert len({answer.headers["etag"] for answer in found}) == 3


async def test_the_document_is_made_once_however_many_ask_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[int] = []

    def document(app: FastAPI) -> dict[str, Any]:
        made.append(1)
        time.sleep(0.05)
        return openapi_document(app)

    monkeypatch.setattr("apigen.support.interface.api.openapi_document", document)
    transport = httpx2.ASGITransport(note_app(Shelf()))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        answers = await asyncio.gather(*(client.get("/openapi.json") for _ in range(50)))

    assert len(made) == 1
    assert {answer.content for answer in answers} == {answers[0].content}
