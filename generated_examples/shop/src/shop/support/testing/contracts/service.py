"""The service as a whole: health, documentation, and answers to requests that no route takes."""

from typing import ClassVar

from jsonschema import Draft202012Validator

from ..api_client import ApiClient, assert_problem


class ServiceContract:
    """What every service answers, whatever its resources."""

    readers: ClassVar[tuple[str, ...]] = ()
    """Paths of the pages that show the API's documentation."""

    async def test_health_tells_of_each_component(self, client: ApiClient) -> None:
        """All four answer 200 while the database is there and its schema is up to date."""
        for path in ("/live", "/ready", "/startup", "/health"):
            response = await client.http.get(path)

            assert response.status_code == 200, response.text
            body = response.json()
            assert body["status"] == "up"
            assert all(part["status"] == "up" for part in body["components"].values())
        assert "database" in (await client.http.get("/ready")).json()["components"]

    async def test_document_describes_every_operation(self, client: ApiClient) -> None:
        """OpenAPI 3.1, unique operation ids, each with a summary, a tag and its errors."""
        document = (await client.http.get("/openapi.json")).json()

        assert document["openapi"].startswith("3.1")
        operations = [
            operation for path in document["paths"].values() for operation in path.values()
        ]
        ids = [operation["operationId"] for operation in operations]
        assert len(ids) == len(set(ids))
        assert all(operation["summary"] and operation["tags"] for operation in operations)
        assert all("422" in operation["responses"] for operation in operations)
        for schema in document.get("components", {}).get("schemas", {}).values():
            Draft202012Validator.check_schema(schema)

    async def test_pages_need_no_other_host(self, client: ApiClient) -> None:
        """The documentation's scripts and styles come from the service itself."""
        for path in self.readers:
            page = await client.http.get(path)

            assert page.status_code == 200
            assert "https://" not in page.text.replace("https://spec.openapis.org", "")

    async def test_unknown_route_is_a_problem(self, client: ApiClient) -> None:
        """404 and 405 have the shape of every other error."""
        assert_problem(await client.http.get("/no/such/route"), 404)
        path = next(iter(client.contract.document["paths"]), None)
        if path is not None:
            assert_problem(await client.http.request("TRACE", path), 405)

    async def test_request_id_is_kept(self, client: ApiClient) -> None:
        """The caller's id comes back; without one, or with a bad one, there is a new one."""
        given = await client.http.get("/live", headers={"x-request-id": "test-1"})
        made = await client.http.get("/live")
        bad = await client.http.get("/live", headers={"x-request-id": "a b" * 200})

        assert given.headers["x-request-id"] == "test-1"
        assert made.headers["x-request-id"]
        assert bad.headers["x-request-id"] not in ("", "a b" * 200)
