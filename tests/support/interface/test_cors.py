"""Pages of other origins may call what the rules say."""

import httpx2
import pytest
from structlog.testing import capture_logs

from apigen.support.interface.cors import CorsPolicy, CrossOrigins
from tests.support.interface.notes import Shelf, note_app

ORIGIN = "https://shop.example"
PARTNER = "https://partner.example"
EVIL = "https://evil.example"


def client_of(rules: CrossOrigins | None) -> httpx2.AsyncClient:
    app = note_app(Shelf(), cors=rules)
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test")


async def get(rules: CrossOrigins | None, origin: str, path: str = "/api/v1/notes") -> str | None:
    """Return which origin an answer may be read by."""
    async with client_of(rules) as client:
        response = await client.get(path, headers={"Origin": origin})
    found: str | None = response.headers.get("access-control-allow-origin")
    return found


async def preflight(
    rules: CrossOrigins, origin: str, path: str = "/api/v1/notes", method: str = "PATCH"
) -> httpx2.Response:
    async with client_of(rules) as client:
        return await client.options(
            path,
            headers={
                "Origin": origin,
                "Access-Control-Request-Method": method,
                "Access-Control-Request-Headers": "content-type,if-match",
            },
        )


async def test_without_rules_no_origin_is_allowed() -> None:
    assert await get(None, ORIGIN) is None


@pytest.mark.parametrize(
    ("method", "path", "length", "status"),
    [
        ("GET", "/api/v1/nowhere", 0, 404),
        ("DELETE", "/api/v1/notes", 0, 405),
        ("POST", "/api/v1/notes", 2_000_000, 413),
        ("POST", "/api/v1/nowhere", 2_000_000, 413),
        ("POST", "/api/v1/notes", 1, 422),
    ],
)
async def test_errors_too_can_be_read_by_pages_that_may_call(
    method: str, path: str, length: int, status: int
) -> None:
    """A page is told by its browser of nothing but a broken connection otherwise."""
    rules = CrossOrigins(CorsPolicy(origins=(ORIGIN,)))
    headers = {"Origin": ORIGIN, "Content-Type": "application/json"}
    async with client_of(rules) as client:
        answer = await client.request(method, path, content=b" " * length, headers=headers)

    assert answer.status_code == status
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert answer.headers.get_list("content-type") == ["application/problem+json"]
    assert answer.headers.get_list("content-length") == [str(len(answer.content))]


@pytest.mark.criterion("R80.3")
async def test_credentials_are_allowed_to_a_named_origin() -> None:
    rules = CrossOrigins(CorsPolicy(origins=(ORIGIN,), credentials=True))
    async with client_of(rules) as client:
        allowed = await client.get("/api/v1/notes", headers={"Origin": ORIGIN})
        foreign = await client.get("/api/v1/notes", headers={"Origin": EVIL})

    assert allowed.headers["access-control-allow-credentials"] == "true"
    assert allowed.headers["access-control-allow-origin"] == ORIGIN
    assert "Origin" in allowed.headers["vary"]
    assert "ETag" in allowed.headers["access-control-expose-headers"]
    assert "access-control-allow-origin" not in foreign.headers
    assert "Origin" in foreign.headers["vary"]


@pytest.mark.criterion("R80.3")
async def test_credentials_are_not_allowed_unless_asked_for() -> None:
    async with client_of(CrossOrigins(CorsPolicy(origins=(ORIGIN,)))) as client:
        response = await client.get("/api/v1/notes", headers={"Origin": ORIGIN})

    assert "access-control-allow-credentials" not in response.headers


async def test_every_origin_is_told_so() -> None:
    assert await get(CrossOrigins(CorsPolicy(origins=("*",))), EVIL) == "*"


@pytest.mark.criterion("R80.2")
@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
async def test_a_preflight_is_answered_and_may_be_kept(method: str) -> None:
    rules = CrossOrigins(CorsPolicy(origins=(ORIGIN,), max_age_s=90))

    response = await preflight(rules, ORIGIN, method=method)
    refused = await preflight(rules, EVIL, method=method)

    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == ORIGIN
    assert response.headers["access-control-max-age"] == "90"
    assert method in response.headers["access-control-allow-methods"]
    assert refused.status_code == 400
    assert "access-control-allow-origin" not in refused.headers


@pytest.mark.criterion("R80.1")
async def test_a_resource_has_origins_of_its_own() -> None:
    rules = CrossOrigins(
        CorsPolicy(origins=(ORIGIN,)),
        {
            "/api/v1/notes": CorsPolicy(origins=(PARTNER,), max_age_s=5),
            "/api/v1/notes/{note_id}/pages": None,
        },
    )

    assert await get(rules, PARTNER) == PARTNER
    assert await get(rules, PARTNER, "/api/v1/notes/7") == PARTNER
    assert await get(rules, ORIGIN) is None
    # What only begins alike is another path.
    assert await get(rules, ORIGIN, "/api/v1/notesbooks") == ORIGIN
    assert await get(rules, PARTNER, "/api/v1/notes/7/pages/1") is None
    assert (await preflight(rules, PARTNER)).headers["access-control-max-age"] == "5"
    assert (await preflight(rules, ORIGIN)).status_code == 400
    # Nobody answers preflights there: no route has OPTIONS.
    assert (await preflight(rules, PARTNER, "/api/v1/notes/7/pages")).status_code in (404, 405)


async def test_the_path_of_a_resource_is_below_that_of_a_proxy() -> None:
    own = CorsPolicy(origins=(PARTNER,))
    rules = CrossOrigins(CorsPolicy(origins=(ORIGIN,)), {"/api/v1/notes": own})
    transport = httpx2.ASGITransport(note_app(Shelf(), cors=rules), root_path="/svc")
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.get("/svc/api/v1/notes", headers={"Origin": PARTNER})

    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == PARTNER


@pytest.mark.criterion("R80.4")
async def test_a_function_may_decide_of_origins() -> None:
    asked: list[str] = []

    async def is_tenant(origin: str) -> bool:
        asked.append(origin)
        return origin.endswith(".tenants.example")

    rules = CrossOrigins(CorsPolicy(origins=(ORIGIN,), check=is_tenant, credentials=True))
    tenant = "https://a.tenants.example"

    assert await get(rules, tenant) == tenant
    assert await get(rules, EVIL) is None
    assert await get(rules, ORIGIN) == ORIGIN
    assert (await preflight(rules, tenant)).headers["access-control-allow-origin"] == tenant
    assert (await preflight(rules, EVIL)).status_code == 400
    # Of those that are named nobody is asked, nor of requests without an origin.
    async with client_of(rules) as client:
        await client.get("/api/v1/notes")
    assert asked == [tenant, EVIL, tenant, EVIL]


@pytest.mark.criterion("R80.4")
async def test_a_function_that_fails_allows_nobody() -> None:
    async def broken(origin: str) -> bool:
        raise RuntimeError("no database")

    with capture_logs() as logs:
        assert await get(CrossOrigins(CorsPolicy(check=broken)), ORIGIN) is None

    assert logs[0]["event"] == "origin_not_checked"


async def test_pages_may_read_errors_too() -> None:
    shelf = Shelf(is_broken=True)
    app = note_app(shelf, cors=CrossOrigins(CorsPolicy(origins=(ORIGIN,))))
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
        response = await client.post(
            "/api/v1/notes", json={"text": "a"}, headers={"Origin": ORIGIN}
        )

    assert response.status_code == 500
    assert response.headers["access-control-allow-origin"] == ORIGIN
