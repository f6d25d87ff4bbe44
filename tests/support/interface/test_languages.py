"""Which language a request is answered in, and what its answer says of that."""

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from apigen.support.core.languages import Locales, answer_language, content_language
from apigen.support.interface.api import Api
from apigen.support.interface.languages import RequestLanguages

LOCALES = Locales(default="en", chains={"en": ("en",), "de": ("de", "en"), "fr": ("fr", "en")})


async def spoken(request: Request) -> Response:
    """Answer with both languages, which depends on them."""
    return PlainTextResponse(f"{answer_language(LOCALES)} {content_language()}")


async def silent(request: Request) -> Response:
    """Answer with what is the same in all languages."""
    return PlainTextResponse("7")


@pytest.fixture
def client() -> httpx2.AsyncClient:
    """Return a client of both."""

    async def close() -> None:
        pass

    app = Api(
        title="Test",
        version="1",
        description="",
        tags=(),
        max_body_bytes=1000,
        readers=(),
        health_checks={},
        close=close,
        access_log=False,
        languages=RequestLanguages(LOCALES),
        beside=[Route("/spoken", spoken), Route("/silent", silent)],
    )
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test")


@pytest.mark.criterion("R99.4")
@pytest.mark.parametrize(
    ("query", "accepted", "answer"),
    [
        ("", "de", "de"),
        ("", "it, fr;q=0.5, en;q=0.4", "fr"),
        ("", "it", "en"),
        ("?locale=fr", "de", "fr"),
        ("?locale=it", "de", "de"),
    ],
)
async def test_an_answer_that_depends_on_the_language_says_so(
    client: httpx2.AsyncClient, query: str, accepted: str, answer: str
) -> None:
    found = await client.get(f"/spoken{query}", headers={"accept-language": accepted})

    assert found.text == f"{answer} None"
    assert found.headers["content-language"] == answer
    assert found.headers["vary"] == "Accept-Language"


async def test_all_locales_are_named(client: httpx2.AsyncClient) -> None:
    found = await client.get("/spoken?locale=all")

    assert found.text == "all None"
    assert found.headers["content-language"] == "en, de, fr"


async def test_what_was_sent_has_a_language_of_its_own(client: httpx2.AsyncClient) -> None:
    found = await client.get("/spoken", headers={"content-language": "fr"})

    assert found.text == "en fr"


async def test_an_answer_of_no_language_says_nothing(client: httpx2.AsyncClient) -> None:
    found = await client.get("/silent", headers={"accept-language": "de"})

    assert "content-language" not in found.headers
    assert "vary" not in found.headers


async def test_a_request_leaves_no_language_behind(client: httpx2.AsyncClient) -> None:
    await client.get("/spoken", headers={"accept-language": "de"})

    assert answer_language(LOCALES) == "en"
