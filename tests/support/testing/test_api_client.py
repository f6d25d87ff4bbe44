"""The client of generated tests."""

from fastapi import FastAPI, Request

from apigen.support.testing.api_client import serving


async def test_answers_are_not_compressed_unless_a_test_asks_for_it() -> None:
    """Tests compare the tags of answers, long ones too."""
    app = FastAPI()

    @app.get("/asked")
    async def asked(request: Request) -> str:
        return request.headers["accept-encoding"]

    async with serving(app) as client:
        plain = await client.get("/asked")
        compressed = await client.get("/asked", headers={"accept-encoding": "br"})

    assert plain.json() == "identity"
    assert compressed.json() == "br"
