"""Who asks too often is told so, and when to come back."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx2
import pytest
import pytest_asyncio
from opentelemetry.metrics import Counter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response
from structlog.testing import capture_logs

from apigen.support.application.access import AUTHENTICATED, AccessControl, Permission
from apigen.support.application.dtos import Dto
from apigen.support.application.rate_limits import Rate, RateAlgorithm, RateLimit, RateSubject
from apigen.support.core.actor import Actor
from apigen.support.infrastructure.rate_limiter import CountingRateLimiter
from apigen.support.interface import rate_limiting
from apigen.support.interface.api import Api
from apigen.support.interface.authentication import bearer_authentication
from apigen.support.interface.permission import requires
from apigen.support.interface.problems import problems
from apigen.support.interface.rate_limiting import RateGate, client_network, rate_limited
from apigen.support.interface.routing import ResourceRouter

CONTROL = AccessControl[int](
    "parcel", {"send": (Permission("clerk"),), "read": (Permission(AUTHENTICATED),)}
)
LIMIT = RateLimit(
    name="api",
    algorithm=RateAlgorithm.FIXED_WINDOW,
    rates={
        "anonymous": Rate(2, 3600),
        "authenticated": Rate(3, 3600),
        "clerk": Rate(20, 3600),
    },
)
BY_ADDRESS = RateLimit(
    name="stamps",
    algorithm=RateAlgorithm.FIXED_WINDOW,
    by=RateSubject.IP,
    rates={"anonymous": Rate(1, 3600), "authenticated": Rate(2, 3600)},
)
RARE = RateLimit(
    name="weigh_parcel", algorithm=RateAlgorithm.FIXED_WINDOW, rates={"anonymous": Rate(1, 3600)}
)


class Parcel(Dto):
    """What a client sends."""

    weight: Annotated[int, Field(ge=1)]


router = ResourceRouter(prefix="/parcels", tags=["Parcels"])
stamps = ResourceRouter(prefix="/stamps", tags=["Stamps"], gate=RateGate(BY_ADDRESS))


@router.get("/open", operation_id="open", responses=problems(422, 429))
async def open_parcel() -> Response:
    """Answer anybody."""
    return Response("{}", media_type="application/json")


@router.put("/{number}", operation_id="send", responses=problems(401, 403, 422, 429))
@requires(CONTROL, "send")
async def send_parcel(request: Request, number: int, data: Parcel) -> Response:
    """Take a parcel."""
    return Response("{}", media_type="application/json")


@router.post("/{number}/weigh", operation_id="weigh", responses=problems(422, 429))
@rate_limited(RateGate(RARE))
async def weigh_parcel(request: Request, number: int) -> Response:
    """Do something that is expensive."""
    return Response("{}", media_type="application/json")


@stamps.get("", operation_id="stamps", responses=problems(422, 429))
async def list_stamps() -> Response:
    """Answer anybody."""
    return Response("[]", media_type="application/json")


async def _actor(token: str) -> Actor:
    name, _, role = token.partition("-")
    return Actor(id=name, roles=frozenset({role} if role else ()))


class Client:
    """A client at some address."""

    def __init__(self, app: Api, address: str = "192.0.2.1") -> None:
        transport = httpx2.ASGITransport(app, client=(address, 1))
        self.http = httpx2.AsyncClient(transport=transport, base_url="http://test")

    async def ask(
        self, path: str = "/parcels/open", *, token: str = "", method: str = "GET", **more: Any
    ) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return await self.http.request(method, path, headers=headers, **more)

    async def statuses(self, count: int, path: str = "/parcels/open", **more: Any) -> list[int]:
        return [(await self.ask(path, **more)).status_code for _ in range(count)]


@pytest_asyncio.fixture
async def app() -> AsyncIterator[Api]:
    async def close() -> None:
        """Nothing is held."""

    app = Api(
        title="Parcels",
        version="1",
        description="",
        tags=[],
        max_body_bytes=500,
        readers=(),
        health_checks={},
        close=close,
        access_log=False,
        authenticate=bearer_authentication(_actor),
        gate=RateGate(LIMIT),
    )
    app.state.rate_limiter = CountingRateLimiter(prefix="test")
    app.include_router(router)
    app.include_router(stamps)
    yield app


@pytest.fixture
def client(app: Api) -> Client:
    return Client(app)


@pytest.mark.criterion("R69.3")
async def test_one_too_many_is_a_problem_that_says_when_to_come_back(client: Client) -> None:
    assert await client.statuses(2) == [200, 200]

    refused = await client.ask()

    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["code"] == "rate_limit_exceeded"
    assert refused.json()["title"] == "Too Many Requests"
    assert 0 < int(refused.headers["retry-after"]) <= 3600
    assert refused.headers["ratelimit-policy"] == '"api";q=2;w=3600'
    assert refused.headers["ratelimit"].startswith('"api";r=0;t=')


async def test_what_is_left_is_told_with_each_answer(client: Client) -> None:
    answer = await client.ask()

    assert answer.headers["ratelimit-policy"] == '"api";q=2;w=3600'
    assert answer.headers["ratelimit"].startswith('"api";r=1;t=')
    assert "retry-after" not in answer.headers


@pytest.mark.criterion("R13.2")
async def test_tiers_have_rates_of_their_own(client: Client) -> None:
    assert (await client.statuses(4)).count(200) == 2
    assert (await client.statuses(5, token="ann")).count(200) == 3
    assert (await client.statuses(25, token="bob-clerk")).count(200) == 20


async def test_users_are_counted_wherever_they_are(app: Api) -> None:
    here, there = Client(app), Client(app, "198.51.100.7")

    assert await here.statuses(3, token="ann") == [200] * 3
    assert await there.statuses(1, token="ann") == [429]
    assert await there.statuses(1, token="eve") == [200]


async def test_who_is_nobody_is_counted_by_address(app: Api) -> None:
    here, there = Client(app), Client(app, "198.51.100.7")

    assert await here.statuses(3) == [200, 200, 429]
    assert await there.statuses(1) == [200]


async def test_an_address_is_counted_whoever_asks(app: Api) -> None:
    here, there = Client(app), Client(app, "198.51.100.7")

    assert await here.statuses(2, "/stamps", token="ann") == [200, 200]
    assert await here.statuses(1, "/stamps", token="eve") == [429]
    assert await there.statuses(1, "/stamps", token="ann") == [200]


async def test_what_a_client_says_of_its_address_counts_for_nothing(client: Client) -> None:
    for number in range(3):
        answer = await client.http.get(
            "/parcels/open", headers={"X-Forwarded-For": f"203.0.113.{number}"}
        )

    assert answer.status_code == 429


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("not:an:address", "not:an:address"),
        ("unix", "unix"),
    ],
)
def test_one_client_has_a_network_of_ipv6(address: str, network: str) -> None:
    request = Request({"type": "http", "client": (address, 1), "headers": []})

    assert client_network(request) == network


def test_a_server_may_not_know_the_address() -> None:
    assert client_network(Request({"type": "http", "client": None, "headers": []})) == ""


async def test_a_resource_or_a_command_has_a_limit_of_its_own_instead(client: Client) -> None:
    assert await client.statuses(2, "/parcels/1/weigh", method="POST") == [200, 429]
    assert await client.statuses(2, "/stamps") == [200, 429]
    # Neither has used up what others have.
    assert await client.statuses(3) == [200, 200, 429]


async def test_a_request_is_counted_once_whatever_is_wrong_with_it(client: Client) -> None:
    """FastAPI is asked after the shorter way has given up on a body."""
    sent = [{"weight": 0}, {"weight": 1}, {"weight": "x"}]
    answers = [
        await client.ask("/parcels/1", token="bob-clerk", method="PUT", json=body) for body in sent
    ]
    left = [int(answer.headers["ratelimit"].split(";")[1][2:]) for answer in answers]

    assert [answer.status_code for answer in answers] == [422, 200, 422]
    assert left == [19, 18, 17]


async def test_a_limit_is_told_before_anything_else(client: Client) -> None:
    """Of who may ask, and of what was sent, nothing is said any more."""
    await client.statuses(3)

    forbidden = await client.ask("/parcels/1", method="PUT", json={"weight": 1})
    strange = await client.ask("/parcels/x", method="PUT", content=b"{")

    assert forbidden.status_code == 429
    assert strange.status_code == 429


async def test_refused_attempts_are_counted(client: Client) -> None:
    statuses = await client.statuses(4, "/parcels/1", method="PUT", token="ann", json={"weight": 1})

    assert statuses == [403, 403, 403, 429]


async def test_health_is_never_limited(client: Client) -> None:
    assert await client.statuses(5, "/live") == [200] * 5


async def test_without_a_limiter_nothing_is_limited(app: Api, client: Client) -> None:
    app.state.rate_limiter = None

    assert await client.statuses(5) == [200] * 5


@pytest.mark.criterion("R69.4")
async def test_what_happens_is_metered(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    metered: list[tuple[float, Any]] = []

    class Kept(Counter):
        def __init__(self) -> None:
            """Nothing has a name."""

        def add(self, amount: float, attributes: Any = None, context: Any = None) -> None:
            metered.append((amount, attributes))

    monkeypatch.setattr(rate_limiting, "_requests", Kept())
    with capture_logs() as logs:
        await client.statuses(3)
        await client.statuses(20, token="bob-clerk")

    outcomes = [attributes["outcome"] for _, attributes in metered]
    assert outcomes[:3] == ["allowed", "near", "limited"]
    # Twenty are allowed; 10 % are left after the eighteenth.
    assert outcomes[3:] == ["allowed"] * 17 + ["near"] * 3
    assert {attributes["tier"] for _, attributes in metered} == {"anonymous", "clerk"}
    assert [(entry["event"], entry["tier"]) for entry in logs] == [
        ("rate_limit_near", "anonymous"),
        ("rate_limit_exceeded", "anonymous"),
        ("rate_limit_near", "clerk"),
    ]
    assert "192.0.2.1" not in str(logs)
    assert "bob" not in str(logs)


def test_the_documentation_tells_of_it(app: Api) -> None:
    operation = app.openapi()["paths"]["/parcels/open"]["get"]

    refused = operation["responses"]["429"]
    assert set(refused["headers"]) == {"Retry-After", "RateLimit", "RateLimit-Policy"}
    assert list(refused["content"]) == ["application/problem+json"]
