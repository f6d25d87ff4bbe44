"""An application whose writes have one effect a key; and a worker that sends it duplicates.

`python -m tests.support.interface.payments URL KEYS DUPLICATES` sends each of the keys k0, k1, …
so often at the same time, until it has an answer each time, and prints the answers as JSON: key to
a list of bodies.
"""

import asyncio
import json
import sys
from datetime import timedelta
from typing import Annotated

import httpx2
import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import Request
from starlette.responses import Response

from apigen.support.application.dtos import Dto
from apigen.support.core.actor import Actor
from apigen.support.core.errors import ConflictError
from apigen.support.core.identifiers import uuid7
from apigen.support.infrastructure.engine import create_engine
from apigen.support.infrastructure.idempotency import (
    IdempotencyPolicy,
    SqlIdempotencyStore,
    idempotency_table,
)
from apigen.support.infrastructure.unit_of_work import SqlUnitOfWork
from apigen.support.interface.api import Api
from apigen.support.interface.authentication import bearer_authentication
from apigen.support.interface.idempotency import idempotent
from apigen.support.interface.openapi import IF_MATCH, declared, idempotency_key
from apigen.support.interface.problems import problems
from apigen.support.interface.routing import OrjsonResponse, ResourceRouter

METADATA = sa.MetaData()
KEYS = idempotency_table(METADATA)
PAYMENTS = sa.Table(
    "payments",
    METADATA,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(80)),
)


class Payment(Dto):
    """What a client sends."""

    name: Annotated[str, Field(max_length=40)]


router = ResourceRouter(prefix="/payments", tags=["Payments"])


@router.post(
    "",
    status_code=201,
    openapi_extra=declared(IF_MATCH, idempotency_key(required=True)),
    operation_id="create_payment",
    responses=problems(400, 409, 422),
)
@idempotent(required=True)
async def create_payment(request: Request, data: Payment) -> Response:
    """Pay; one that is called `fail` fails before the commit, `break` after it."""
    engine: AsyncEngine = request.app.state.engine
    id = str(uuid7())
    async with SqlUnitOfWork(engine) as work:
        await work.session.execute(sa.insert(PAYMENTS).values(id=id, name=data.name))
        if data.name == "fail":
            raise ConflictError("payment")
        await work.commit()
    if data.name == "break":
        raise RuntimeError("after the commit")
    headers = {"Location": f"/payments/{id}", "ETag": '"1"', "X-Other": "x"}
    return OrjsonResponse({"id": id}, status_code=201, headers=headers)


@router.delete(
    "/{name}",
    status_code=204,
    openapi_extra=idempotency_key(),
    operation_id="delete_payment",
    responses=problems(404, 409, 422),
)
@idempotent()
async def delete_payment(request: Request, name: str) -> Response:
    """Delete all of a name; 404 when there is none."""
    engine: AsyncEngine = request.app.state.engine
    async with SqlUnitOfWork(engine) as work:
        gone = await work.session.execute(
            sa.delete(PAYMENTS).where(PAYMENTS.c.name == name).returning(PAYMENTS.c.id)
        )
        if not gone.all():
            return Response(status_code=404)
        await work.commit()
    return Response(status_code=204)


async def _who(token: str) -> Actor:
    return Actor(id=token)


async def _nothing() -> None:
    """Close nothing: tests do."""


def payment_app(engine: AsyncEngine, policy: IdempotencyPolicy | None = None) -> Api:
    """Make the application on a database with the tables."""
    app = Api(
        title="Payments",
        version="1",
        description="",
        tags=(),
        max_body_bytes=1000,
        readers=(),
        health_checks={},
        close=_nothing,
        access_log=False,
        authenticate=bearer_authentication(_who),
    )
    app.state.engine = engine
    app.state.idempotency = SqlIdempotencyStore(engine, KEYS, policy)
    app.include_router(router)
    return app


def client_of(app: Api) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://test")


async def send(url: str, keys: int, duplicates: int) -> dict[str, list[str]]:
    """Send duplicates until each has its answer."""
    engine = create_engine(url)
    answers: dict[str, list[str]] = {f"k{number}": [] for number in range(keys)}
    # Some keys at a time: duplicates of one key meet, and connections are few.
    turns = asyncio.Semaphore(8)

    async with client_of(
        payment_app(engine, IdempotencyPolicy(lease=timedelta(minutes=10)))
    ) as http:

        async def pay(key: str) -> None:
            while True:
                response = await http.post(
                    "/payments", json={"name": key}, headers={"Idempotency-Key": key}
                )
                if response.status_code == 201:
                    answers[key].append(response.text)
                    return
                if response.json()["code"] != "idempotency_in_progress":
                    raise RuntimeError(response.text)

        async def pay_often(key: str) -> None:
            async with turns:
                await asyncio.gather(*(pay(key) for _ in range(duplicates)))

        await asyncio.gather(*(pay_often(key) for key in answers))
    await engine.dispose()
    return answers


if __name__ == "__main__":
    print(json.dumps(asyncio.run(send(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))))
