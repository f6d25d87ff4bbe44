"""A client of the application under test that checks every answer against its OpenAPI document.

A status, a content type or a body that the document does not declare fails the test that asked.
"""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from fastapi import FastAPI
from jsonschema import Draft202012Validator

from ..core.identifiers import uuid7
from ..core.json import Json, dumps

type Document = Mapping[str, Any]
"""An OpenAPI document: JSON whose shape the specification gives, not this program."""

AS_ONE = "-as-one"
"""Ends the token of somebody who is the same each time."""

_KEY = "idempotency-key"
_JSON = re.compile(r"application/(json|[a-z.-]+\+json)")


class Contract:
    """What an OpenAPI document says about responses."""

    def __init__(self, document: Document) -> None:
        """Read the paths of `document`."""
        self.document = document
        self._paths = sorted(
            (
                (re.compile(re.sub(r"\\\{[^{}]+\\\}", "[^/]+", re.escape(path))), operations)
                for path, operations in document["paths"].items()
            ),
            key=lambda entry: entry[0].pattern.count("[^/]+"),
        )
        self._validators: dict[int, Draft202012Validator] = {}

    def operation(self, method: str, path: str) -> Document | None:
        """Return what the document has about a request, or None."""
        for pattern, operations in self._paths:
            if pattern.fullmatch(path):
                found: Document | None = operations.get(method.lower())
                return found
        return None

    def check(self, response: httpx2.Response) -> None:
        """Assert that a response is one that the document declares."""
        request = response.request
        operation = self.operation(request.method, request.url.path)
        if operation is None:
            assert response.status_code in (200, 404, 405), f"undocumented: {request.url}"
            return
        declared = operation["responses"].get(str(response.status_code))
        asked = f"{request.method} {request.url.path}"
        assert declared is not None, f"{asked}: undocumented status {response.status_code}"
        content = declared.get("content", {})
        if not response.content:
            return
        kind = response.headers["content-type"].partition(";")[0]
        ranges = (kind, f"{kind.partition('/')[0]}/*", "*/*")
        found = next((one for one in ranges if one in content), None)
        assert found is not None, f"{asked}: undocumented content type {kind}"
        schema = content[found].get("schema")
        if schema and _JSON.fullmatch(kind):
            self._validator(schema).validate(response.json())

    def _validator(self, schema: Document) -> Draft202012Validator:
        if id(schema) not in self._validators:
            whole = {**schema, "components": self.document.get("components", {})}
            self._validators[id(schema)] = Draft202012Validator(whole)
        return self._validators[id(schema)]


class ApiClient:
    """Sends requests to the application in this process and checks each answer."""

    def __init__(
        self,
        http: httpx2.AsyncClient,
        contract: Contract,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Send through `http`, with `headers`; check by `contract`."""
        self.http = http
        self.contract = contract
        self.headers = headers or {}

    def with_token(self, token: str) -> "ApiClient":
        """Return a client that sends this bearer token."""
        return ApiClient(self.http, self.contract, {"authorization": f"Bearer {token}"})

    def without_token(self) -> "ApiClient":
        """Return a client that says nothing of who asks."""
        return ApiClient(self.http, self.contract)

    def as_one(self) -> "ApiClient":
        """Return a client that is the same somebody each time, where tokens say who asks."""
        said = self.headers.get("authorization")
        headers = {} if said is None else {"authorization": f"{said}{AS_ONE}"}
        return ApiClient(self.http, self.contract, headers)

    async def send(
        self,
        method: str,
        path: str,
        body: Json = None,
        *,
        query: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """Send a request with a JSON body, or none, and return the checked answer."""
        return await self.send_content(
            method,
            f"{path}?{query}" if query else path,
            None if body is None else dumps(body),
            headers={
                **({} if body is None else {"content-type": "application/json"}),
                **(headers or {}),
            },
        )

    async def send_content(
        self,
        method: str,
        url: str,
        content: bytes | AsyncIterator[bytes] | None,
        *,
        headers: Mapping[str, str],
    ) -> httpx2.Response:
        """Send a request with a body of any kind, and return the checked answer."""
        known = self._key(method, url.partition("?")[0])
        response = await self.http.request(
            method, url, content=content, headers={**self.headers, **known, **headers}
        )
        self.contract.check(response)
        return response

    def _key(self, method: str, path: str) -> dict[str, str]:
        """Return a key of its own for a write that takes one."""
        operation = self.contract.operation(method, path) or {}
        taken = (parameter["name"].lower() for parameter in operation.get("parameters", ()))
        return {_KEY: str(uuid7())} if _KEY in taken else {}

    async def get(
        self, path: str, *, query: str = "", headers: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        """Send a GET request."""
        return await self.send("GET", path, query=query, headers=headers)

    async def post(self, path: str, body: Json = None) -> httpx2.Response:
        """Send a POST request."""
        return await self.send("POST", path, body)


def assert_problem(response: httpx2.Response, status: int, *, field: str | None = None) -> None:
    """Assert that a response is a problem (RFC 9457) of this status, about `field` if given."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"].startswith("application/problem+json")
    body = response.json()
    assert body["status"] == status
    assert body["instance"] == response.request.url.path
    assert body["title"]
    assert body["code"]
    assert body["detail"]
    assert body["request_id"] == response.headers["x-request-id"]
    if field is not None:
        named = [error["field"] for error in body["errors"]]
        assert any(name == field or name.startswith(f"{field}.") for name in named), named


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[ApiClient]:
    """Lend a client of the application, which is started and stopped around it."""
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app),
            base_url="http://testserver",
            # A compressed answer has a tag of its own: tests are about what is in it.
            headers={"accept-encoding": "identity"},
        ) as http,
    ):
        yield ApiClient(http, Contract(app.openapi()))
