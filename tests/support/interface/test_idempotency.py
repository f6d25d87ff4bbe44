"""A write that is sent twice has one effect and one answer."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.responses import Response

from apigen.support.application.idempotency import Refusal
from apigen.support.infrastructure.engine import create_engine
from apigen.support.infrastructure.idempotency import IdempotencyPolicy
from apigen.support.interface.idempotency import idempotent
from tests.support.interface.payments import METADATA, PAYMENTS, client_of, payment_app

KEYS, DUPLICATES = (1000, 20) if os.environ.get("TEST_IDEMPOTENCY_FULLY") else (20, 6)
PATH = "/payments"
KEY = {"Idempotency-Key": "k1"}


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    made = create_engine(f"sqlite+aiosqlite:///{tmp_path / 'test.db'}")
    async with made.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    yield made
    await made.dispose()


@pytest.fixture
async def http(engine: AsyncEngine) -> AsyncIterator[httpx2.AsyncClient]:
    async with client_of(payment_app(engine, IdempotencyPolicy(wait_s=0))) as client:
        yield client


async def payments(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        counted = await connection.scalar(sa.select(sa.func.count()).select_from(PAYMENTS))
        return int(counted or 0)


@pytest.mark.criterion("R30.1", "R30.2")
async def test_a_duplicate_gets_the_first_answer(
    http: httpx2.AsyncClient, engine: AsyncEngine
) -> None:
    first = await http.post(PATH, json={"name": "a"}, headers=KEY)
    second = await http.post(PATH, json={"name": "a"}, headers=KEY)

    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    for name in ("location", "etag", "content-type"):
        assert first.headers[name] == second.headers[name]
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert await payments(engine) == 1


async def test_the_same_key_with_another_body_is_refused(
    http: httpx2.AsyncClient, engine: AsyncEngine
) -> None:
    await http.post(PATH, json={"name": "a"}, headers=KEY)

    response = await http.post(PATH, json={"name": "b"}, headers=KEY)

    assert response.status_code == 422
    assert response.json()["code"] == "idempotency_key_reused"
    assert await payments(engine) == 1


async def test_a_key_belongs_to_one_caller_and_one_path(
    http: httpx2.AsyncClient, engine: AsyncEngine
) -> None:
    for token in ("u1", "u2"):
        sent = KEY | {"Authorization": f"Bearer {token}"}
        response = await http.post(PATH, json={"name": token}, headers=sent)
        assert response.status_code == 201
    gone = [await http.delete(f"{PATH}/{name}", headers=KEY) for name in ("u1", "u2", "u1")]

    assert [response.status_code for response in gone] == [204, 204, 204]
    assert gone[2].headers["idempotency-replayed"] == "true"


async def test_a_required_key_is_asked_for(http: httpx2.AsyncClient) -> None:
    response = await http.post(PATH, json={"name": "a"})

    assert response.status_code == 400
    assert response.json()["code"] == "idempotency_key_missing"


async def test_without_a_key_every_request_counts(
    http: httpx2.AsyncClient, engine: AsyncEngine
) -> None:
    await http.post(PATH, json={"name": "a"}, headers=KEY)

    statuses = [(await http.delete(f"{PATH}/a")).status_code for _ in range(2)]

    assert statuses == [204, 404]


@pytest.mark.parametrize("key", ["", "a b", "k" * 256, "kéy"])
async def test_a_key_is_a_short_visible_text(http: httpx2.AsyncClient, key: str) -> None:
    response = await http.post(
        PATH, json={"name": "a"}, headers=[(b"Idempotency-Key", key.encode())]
    )

    assert response.status_code == 400
    assert response.json()["code"] == "idempotency_key_invalid"


async def test_two_keys_are_refused(http: httpx2.AsyncClient) -> None:
    response = await http.post(PATH, json={"name": "a"}, headers=[*KEY.items()] * 2)

    assert response.status_code == 400


async def test_a_request_that_is_not_valid_may_be_put_right(
    http: httpx2.AsyncClient, engine: AsyncEngine
) -> None:
    statuses = [
        (await http.post(PATH, json=body, headers=KEY)).status_code
        for body in ({"name": 1}, {"name": "fail"}, {"name": "a"})
    ]

    assert statuses == [422, 409, 201]
    assert await payments(engine) == 1


async def test_what_was_carried_out_without_an_answer_is_not_carried_out_again(
    http: httpx2.AsyncClient, engine: AsyncEngine
) -> None:
    first = await http.post(PATH, json={"name": "break"}, headers=KEY)
    second = await http.post(PATH, json={"name": "break"}, headers=KEY)

    assert first.status_code == 500
    assert second.status_code == 409
    assert second.json()["code"] == "idempotency_outcome_unknown"
    assert await payments(engine) == 1


async def test_a_duplicate_is_told_when_to_come_back(engine: AsyncEngine) -> None:
    app = payment_app(engine)

    class Busy:
        async def claim(self, scope: str, key: str, fingerprint: str) -> Refusal:
            return Refusal.IN_PROGRESS

    app.state.idempotency = Busy()
    async with client_of(app) as client:
        response = await client.post(PATH, json={"name": "a"}, headers=KEY)

    assert response.status_code == 409
    assert response.json()["code"] == "idempotency_in_progress"
    assert response.headers["retry-after"] == "1"


async def test_the_header_is_documented(http: httpx2.AsyncClient) -> None:
    paths = (await http.get("/openapi.json")).json()["paths"]

    create = {one["name"]: one for one in paths[PATH]["post"]["parameters"]}
    delete = {one["name"]: one for one in paths[f"{PATH}/{{name}}"]["delete"]["parameters"]}
    assert create["Idempotency-Key"]["required"] is True
    assert "If-Match" in create
    assert delete["Idempotency-Key"]["required"] is False


def test_a_route_without_the_request_is_a_mistake() -> None:
    async def route() -> Response:
        return Response()

    with pytest.raises(TypeError, match="request"):
        idempotent()(route)


async def _pay_in_two_processes(url: str) -> list[dict[str, list[str]]]:
    async def worker() -> dict[str, list[str]]:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.support.interface.payments",
            url,
            str(KEYS),
            str(DUPLICATES // 2),
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await process.communicate()
        assert process.returncode == 0
        # Lines of the log come before the answer.
        found: dict[str, list[str]] = json.loads(out.splitlines()[-1])
        return found

    return list(await asyncio.gather(worker(), worker()))


@pytest.mark.criterion("R30.4")
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
async def test_two_processes_execute_each_key_once(
    dialect: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    sqlite = f"sqlite+aiosqlite:///{tmp_path / 'shared.db'}"
    url = sqlite if dialect == "sqlite" else request.getfixturevalue("postgresql")
    engine = create_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.drop_all)
        await connection.run_sync(METADATA.create_all)

    first, second = await _pay_in_two_processes(url)

    assert await payments(engine) == KEYS
    for key in first:
        answers = first[key] + second[key]
        assert len(answers) == DUPLICATES
        assert len(set(answers)) == 1
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.drop_all)
    await engine.dispose()
