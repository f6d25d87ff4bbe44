"""Versions are chosen by path, header or parameter, announced, and ended."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any, cast

import httpx2
import pytest
import structlog
from openapi_spec_validator import validate
from starlette.requests import Request
from starlette.responses import Response

from apigen.support.application.queries import (
    Hidden,
    Path,
    Representation,
    ResourceQuery,
    ResourceReader,
    Scope,
)
from apigen.support.core.actor import Actor
from apigen.support.core.context import add_context
from apigen.support.core.errors import ConflictError
from apigen.support.interface.api import Api
from apigen.support.interface.authentication import bearer_authentication
from apigen.support.interface.deprecation import deprecated
from apigen.support.interface.problems import problems
from apigen.support.interface.public_path import public_path
from apigen.support.interface.replies import ReadReplies
from apigen.support.interface.routing import OrjsonResponse, ResourceRouter
from apigen.support.interface.versioning import (
    ServedVersion,
    Versions,
    VersionStrategy,
    served_in,
)

BEFORE = datetime(2027, 6, 29, 23, 59, 59, tzinfo=UTC)
AFTER = datetime(2027, 6, 30, tzinfo=UTC)
SINCE = date(2023, 7, 1)
SUNSET = date(2027, 6, 30)
V1 = ServedVersion(name="v1", sunset=SUNSET, successor="v2")
V2 = ServedVersion(name="v2")


def things(version: str) -> ResourceRouter:
    """Return the routes of one version."""
    router = ResourceRouter(prefix="/things", tags=["Things"])

    @router.get("", operation_id=f"list_things_{version}", responses=problems(422))
    async def list_things(request: Request) -> Response:
        """Tell what was asked for."""
        seen = {
            "version": version,
            "path": public_path(request),
            "query": request.url.query,
        }
        return OrjsonResponse(seen)

    @router.post("", operation_id=f"create_thing_{version}", responses=problems(409, 422))
    async def create_thing() -> Response:
        """Refuse to."""
        raise ConflictError("thing")

    if version == "v2":

        @router.get("/old", operation_id="get_old", responses=problems(422))
        @deprecated(reason="Use the list.", since=SINCE, sunset=SUNSET)
        async def get_old(number: int) -> dict[str, int]:
            """Tell a number."""
            return {"number": number}

        @router.get("/tired", operation_id="get_tired")
        @deprecated()
        async def get_tired() -> dict[str, str]:
            """Tell nothing."""
            return {}

    return router


class OneThing:
    """As much of a reader as a route for one thing asks; it has been changed twice."""

    async def one(
        self,
        id: int,
        *,
        expand: tuple[Path, ...] = (),
        scope: Scope | None = None,
        hidden: Hidden = (),
        known: int | None = None,
    ) -> Representation | None:
        return Representation(body=b"{}", version=3)


REPLIES = ReadReplies(query=ResourceQuery(resource="thing", fields=()), has_etag=True)


def shared_router() -> ResourceRouter:
    """Return routes that are the same in both versions."""
    router = ResourceRouter(prefix="/shared", tags=["Shared"])

    @router.get("", operation_id="list_shared")
    async def list_shared() -> dict[str, str]:
        """Tell nothing."""
        return {}

    @router.get("/one", operation_id="get_one")
    async def get_one(request: Request) -> Response:
        """Tell of one."""
        return await REPLIES.one(request, cast(ResourceReader[int], OneThing()), 1)

    @router.get("/added", operation_id="get_added")
    @served_in("v2")
    async def get_added() -> dict[str, str]:
        """Tell nothing."""
        return {}

    @router.get("/removed", operation_id="get_removed")
    @served_in("v1")
    async def get_removed() -> dict[str, str]:
        """Tell nothing."""
        return {}

    return router


def app_of(strategy: VersionStrategy, *, now: datetime = BEFORE, prefix: str = "/api") -> Api:
    async def close() -> None:
        """Close nothing."""

    async def who(token: str) -> Actor:
        return Actor(id=token)

    versions = Versions(prefix=prefix, served=(V1, V2), strategy=strategy)
    app = Api(
        title="Things",
        version="1",
        description="",
        tags=(),
        max_body_bytes=1000,
        readers=("redoc",),
        health_checks={},
        close=close,
        access_log=False,
        authenticate=bearer_authentication(who),
        versions=versions,
        clock=lambda: now,
    )
    shared = shared_router()
    for version in versions.served:
        app.include_router(things(version.name), prefix=versions.root(version))
        app.include_router(shared, prefix=versions.root(version))
    return app


@asynccontextmanager
async def client_of(
    strategy: VersionStrategy, *, now: datetime = BEFORE, prefix: str = "/api", root: str = ""
) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app_of(strategy, now=now, prefix=prefix), root_path=root)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def test_versions_at_one_address_have_tags_of_their_own() -> None:
    """Who has seen one of them is not told that it is the other."""
    v1 = {"API-Version": "v1"}
    async with client_of(VersionStrategy.HEADER) as http:
        old = await http.get("/api/shared/one", headers=v1)
        new = await http.get("/api/shared/one")
        has_old = {"If-None-Match": old.headers["etag"]}
        answers = [
            await http.get("/api/shared/one", headers=has_old | v1),
            await http.get("/api/shared/one", headers=has_old),
        ]
    async with client_of(VersionStrategy.PATH) as http:
        by_path = await http.get("/api/v1/shared/one")

    assert [one.headers["etag"] for one in (old, new, by_path)] == ['"3.v1"', '"3"', '"3"']
    assert [one.status_code for one in answers] == [304, 200]


@pytest.mark.criterion("R21.4")
async def test_a_path_says_the_version() -> None:
    async with client_of(VersionStrategy.PATH) as http:
        old = await http.get("/api/v1/things")
        new = await http.get("/api/v2/things")
        unknown = await http.get("/api/v3/things")

    assert (old.json()["version"], new.json()["version"]) == ("v1", "v2")
    assert unknown.status_code == 404


@pytest.mark.criterion("R21.4")
@pytest.mark.parametrize("prefix", ["/api", ""])
async def test_a_header_says_the_version_and_the_newest_is_meant_without(prefix: str) -> None:
    path = f"{prefix}/things"
    async with client_of(VersionStrategy.HEADER, prefix=prefix) as http:
        old = await http.get(f"{path}?a=b%20c", headers={"API-Version": "v1"})
        new = await http.get(path)
        hidden = await http.get(f"{prefix}/v1/things")
        health = await http.get("/live")
        documentation = await http.get("/openapi.json")

    assert old.json() == {"version": "v1", "path": path, "query": "a=b%20c"}
    assert new.json() == {"version": "v2", "path": path, "query": ""}
    assert (old.headers["api-version"], new.headers["api-version"]) == ("v1", "v2")
    assert old.headers["vary"] == "API-Version"
    assert hidden.status_code == 404
    assert health.status_code == documentation.status_code == 200


@pytest.mark.criterion("R21.4")
async def test_a_parameter_says_the_version_and_is_no_filter() -> None:
    async with client_of(VersionStrategy.QUERY) as http:
        old = await http.get("/api/things?a=b%20c&api-version=v1&d=")
        new = await http.get("/api/things?a=b%20c")

    assert old.json() == {"version": "v1", "path": "/api/things", "query": "a=b+c&d="}
    assert new.json() == {"version": "v2", "path": "/api/things", "query": "a=b%20c"}


@pytest.mark.parametrize("sent", [["v3"], [""], ["v1", "v2"], ["../v1"], ["V1"]])
async def test_a_version_that_there_is_not_is_refused(sent: list[str]) -> None:
    headers = [("API-Version", one) for one in sent]
    query = "&".join(f"api-version={one}" for one in sent)
    async with client_of(VersionStrategy.HEADER) as http:
        by_header = await http.get("/api/things", headers=headers)
    async with client_of(VersionStrategy.QUERY) as http:
        by_query = await http.get(f"/api/things?{query}")

    for response in (by_header, by_query):
        assert response.status_code == 400
        assert response.json()["code"] == "unknown_api_version"
        assert "v1, v2" in response.json()["detail"]


async def test_problems_name_the_path_that_was_asked_for() -> None:
    async with client_of(VersionStrategy.HEADER) as http:
        response = await http.post("/api/things")

    assert response.status_code == 409
    assert response.json()["instance"] == "/api/things"


async def test_an_operation_is_there_in_the_versions_that_have_it() -> None:
    names = ("added", "removed")
    async with client_of(VersionStrategy.PATH) as http:
        document = (await http.get("/openapi.json")).json()
        by_path = {
            (version, name): (await http.get(f"/api/{version}/shared/{name}")).status_code
            for version in ("v1", "v2")
            for name in names
        }
    async with client_of(VersionStrategy.HEADER) as http:
        by_header = {
            (version, name): (
                await http.get(f"/api/shared/{name}", headers={"API-Version": version})
            ).status_code
            for version in ("v1", "v2")
            for name in names
        }

    assert by_path == {
        ("v1", "added"): 404,
        ("v1", "removed"): 200,
        ("v2", "added"): 200,
        ("v2", "removed"): 404,
    }
    assert by_header == by_path
    assert "/api/v1/shared/added" not in document["paths"]
    assert "/api/v2/shared/added" in document["paths"]
    assert "x-versions" not in str(document)


@pytest.mark.criterion("R72.1")
async def test_a_version_that_ends_is_announced_in_every_answer() -> None:
    async with client_of(VersionStrategy.PATH) as http:
        answers = [
            await http.get("/api/v1/things"),
            await http.post("/api/v1/things"),
            await http.get("/api/v1/nowhere"),
        ]
        lasting = await http.get("/api/v2/things")

    for response in answers:
        assert response.headers["deprecation"] == "@0"
        assert response.headers["sunset"] == "Wed, 30 Jun 2027 00:00:00 GMT"
    assert answers[0].headers["link"] == '</api/v2/things>; rel="successor-version"'
    assert "deprecation" not in lasting.headers


@pytest.mark.criterion("R72.1")
async def test_since_when_it_is_deprecated_is_a_moment() -> None:
    """The one that RFC 9745 has as its example is the last second of the day before."""
    async with client_of(VersionStrategy.PATH) as http:
        response = await http.get("/api/v2/things/old?number=1")

    assert response.headers["deprecation"] == "@1688169600"
    version = ServedVersion(name="v1", is_deprecated=True, deprecated_since=SINCE)
    assert version.deprecation is not None
    assert version.deprecation.headers() == [("Deprecation", "@1688169600")]


@pytest.mark.criterion("R72.2")
async def test_who_uses_what_ends_is_logged() -> None:
    async with client_of(VersionStrategy.PATH) as http:
        with structlog.testing.capture_logs(processors=[add_context]) as logged:
            sent = {"Authorization": "Bearer u1"}
            await http.get("/api/v1/things", headers=sent)
            await http.get("/api/v2/things/old?number=1", headers=sent)

    used = [entry for entry in logged if entry["event"] == "deprecated_use"]
    assert [(entry["name"], entry["user_id"]) for entry in used] == [
        ("Version v1", "u1"),
        ("get_old", "u1"),
    ]


@pytest.mark.criterion("R72.3")
@pytest.mark.parametrize(
    ("strategy", "path", "headers", "advice"),
    [
        (VersionStrategy.PATH, "/api/v1/things", {}, "Use /api/v2/things."),
        (VersionStrategy.HEADER, "/api/things", {"API-Version": "v1"}, "Use version v2."),
        (
            VersionStrategy.QUERY,
            "/api/things?api-version=v1",
            {},
            "Use /api/things?api-version=v2.",
        ),
        (VersionStrategy.PATH, "/api/v2/things/old?number=x", {}, "Use the list."),
    ],
)
async def test_what_has_ended_is_gone_and_says_what_to_use(
    strategy: VersionStrategy, path: str, headers: dict[str, str], advice: str
) -> None:
    async with client_of(strategy, now=AFTER) as http:
        response = await http.get(path, headers=headers)

    assert response.status_code == 410
    assert response.json()["code"] == "gone"
    assert advice in response.json()["detail"]
    assert "2027-06-30" in response.json()["detail"]
    assert response.headers["sunset"] == "Wed, 30 Jun 2027 00:00:00 GMT"


async def test_what_has_not_ended_is_answered() -> None:
    async with client_of(VersionStrategy.PATH, now=AFTER) as http:
        tired = await http.get("/api/v2/things/tired")
        lasting = await http.get("/api/v2/things")

    assert (tired.status_code, lasting.status_code) == (200, 200)
    assert tired.headers["deprecation"] == "@0"
    assert "sunset" not in tired.headers


async def test_an_operation_that_ends_is_announced_when_it_refuses_too() -> None:
    async with client_of(VersionStrategy.PATH) as http:
        response = await http.get("/api/v2/things/old?number=x")

    assert response.status_code == 422
    assert response.headers["sunset"] == "Wed, 30 Jun 2027 00:00:00 GMT"


@pytest.mark.criterion("R72.4")
async def test_the_documentation_says_what_ends() -> None:
    async with client_of(VersionStrategy.PATH) as http:
        document = (await http.get("/openapi.json")).json()

    validate(document)
    old, new = document["paths"]["/api/v1/things"], document["paths"]["/api/v2/things"]
    assert old["get"]["deprecated"] is True
    assert old["get"]["x-sunset"] == "2027-06-30"
    assert "410" in old["get"]["responses"]
    assert "deprecated" not in new["get"]
    ending = document["paths"]["/api/v2/things/old"]["get"]
    assert (ending["deprecated"], ending["x-sunset"]) == (True, "2027-06-30")
    assert "application/problem+json" in ending["responses"]["410"]["content"]
    assert document["paths"]["/api/v2/things/tired"]["get"]["deprecated"] is True
    shared = [document["paths"][f"/api/{one}/shared"]["get"] for one in ("v1", "v2")]
    assert [one["operationId"] for one in shared] == ["list_shared_v1", "list_shared"]


def test_an_operation_that_ends_before_its_version_says_so() -> None:
    versions = Versions(prefix="/api", served=(V1, V2))
    documents: list[dict[str, Any]] = [
        {"paths": {"/api/v1/things": {"get": {"responses": {}, "x-sunset": day}}}}
        for day in ("2026-01-01", "2030-01-01")
    ]
    for document in documents:
        versions.describe(document)

    described = [one["paths"]["/api/v1/things"]["get"]["x-sunset"] for one in documents]
    assert described == ["2026-01-01", "2027-06-30"]


@pytest.mark.parametrize(
    ("strategy", "name"),
    [(VersionStrategy.HEADER, "API-Version"), (VersionStrategy.QUERY, "api-version")],
)
async def test_the_documentation_has_public_paths_and_how_to_choose(
    strategy: VersionStrategy, name: str
) -> None:
    async with client_of(strategy) as http:
        first = (await http.get("/openapi.json")).json()
        document = (await http.get("/openapi.json")).json()

    validate(document)
    assert first == document
    assert sorted(document["paths"]) == [
        "/api/shared",
        "/api/shared/added",
        "/api/shared/one",
        "/api/shared/removed",
        "/api/things",
        "/api/things/old",
        "/api/things/tired",
    ]
    listing = document["paths"]["/api/things"]["get"]
    assert listing["operationId"] == "list_things_v2"
    assert [one["name"] for one in listing["parameters"]] == [name]
    assert listing["parameters"][0]["schema"]["enum"] == ["v1", "v2"]
    assert "400" in listing["responses"]
    # The newest is not over, and a client may ask for a version that is.
    assert "410" in listing["responses"]
    assert "x-sunset" not in listing


@pytest.mark.parametrize(
    ("strategy", "path", "successor"),
    [
        (VersionStrategy.PATH, "/svc/api/v1/things", "</svc/api/v2/things>"),
        (
            VersionStrategy.QUERY,
            "/svc/api/things?api-version=v1",
            "</svc/api/things?api-version=v2>",
        ),
        (VersionStrategy.HEADER, "/svc/api/things", None),
    ],
)
async def test_versions_are_found_below_the_path_of_a_proxy(
    strategy: VersionStrategy, path: str, successor: str | None
) -> None:
    headers = {"API-Version": "v1"}
    async with client_of(strategy, root="/svc") as http:
        before = await http.get(path, headers=headers)
        problem = await http.post(path, headers=headers)
    async with client_of(strategy, now=AFTER, root="/svc") as http:
        after = await http.get(path, headers=headers)

    assert before.json()["version"] == "v1"
    assert before.json()["path"] == path.partition("?")[0]
    assert before.headers["sunset"] == "Wed, 30 Jun 2027 00:00:00 GMT"
    link = f'{successor}; rel="successor-version"' if successor else None
    assert before.headers.get("link") == link
    assert (problem.status_code, after.status_code) == (409, 410)


@pytest.mark.parametrize("strategy", list(VersionStrategy))
async def test_what_one_version_has_is_found_below_the_path_of_a_proxy(
    strategy: VersionStrategy,
) -> None:
    below = "/v2" if strategy is VersionStrategy.PATH else ""
    async with client_of(strategy, root="/svc") as http:
        added = await http.get(f"/svc/api{below}/shared/added")
        removed = await http.get(f"/svc/api{below}/shared/removed")

    assert (added.status_code, removed.status_code) == (200, 404)
