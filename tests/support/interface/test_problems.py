"""Every error has one shape (RFC 9457) and gives nothing away."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from apigen.support.core.errors import (
    DatabaseConnectionError,
    DatabaseTimeoutError,
    PoolTimeoutError,
    SharedModuleError,
)
from tests.support.interface.notes import Shelf

NOTES = "/api/v1/notes"


def problem(response: httpx2.Response) -> dict[str, object]:
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, object] = response.json()
    assert body["status"] == response.status_code
    assert body["request_id"] == response.headers["x-request-id"]
    return body


@pytest.mark.criterion("R7.3", "R70.4")
async def test_a_problem_has_all_members_of_the_rfc(client: httpx2.AsyncClient) -> None:
    response = await client.post(NOTES, json={"text": "", "colour": "red"})

    body = problem(response)
    assert response.status_code == 422
    assert body == {
        "type": "about:blank",
        "title": "Unprocessable Content",
        "status": 422,
        "detail": "The request is not valid.",
        "instance": NOTES,
        "code": "validation_error",
        "errors": [
            {
                "field": "text",
                "message": "String should have at least 1 character",
                "code": "string_too_short",
            },
            {
                "field": "colour",
                "message": "Extra inputs are not permitted",
                "code": "extra_forbidden",
            },
        ],
        "request_id": body["request_id"],
    }


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/api/v1/notes/", 404, "not_found"),
        ("PUT", NOTES, 405, "method_not_allowed"),
        ("GET", f"{NOTES}/not-a-uuid", 422, "validation_error"),
    ],
)
async def test_errors_of_routing_are_problems(
    client: httpx2.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    response = await client.request(method, path)

    assert response.status_code == status
    assert problem(response)["code"] == code


async def test_all_methods_of_a_path_are_named(client: httpx2.AsyncClient) -> None:
    collection = await client.put(NOTES)
    item = await client.post(f"{NOTES}/0191d9a5-0000-7000-8000-000000000000")

    assert collection.headers["allow"] == "GET, POST"
    assert item.headers["allow"] == "DELETE, GET, PATCH"


@pytest.mark.criterion("R127.2")
@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b'{"text": NaN}',
        b'{"text": "\\ud800"}',
        b"\xff\xfe",
        b'{"text": "a",}',
        b"[" * 400,
    ],
)
async def test_a_body_that_is_not_json_is_a_problem(
    client: httpx2.AsyncClient, body: bytes
) -> None:
    response = await client.post(NOTES, content=body, headers={"Content-Type": "application/json"})

    assert response.status_code == 422
    assert problem(response)["code"] == "validation_error"


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "application/x-json", ""])
async def test_a_body_of_another_type_is_refused(client: httpx2.AsyncClient, kind: str) -> None:
    headers = {"Content-Type": kind} if kind else {}

    response = await client.post(NOTES, content=b'{"text": "a"}', headers=headers)

    assert response.status_code == 415
    assert problem(response)["code"] == "unsupported_media_type"


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "Application/JSON", "application/merge-patch+json"]
)
async def test_json_has_several_names(client: httpx2.AsyncClient, kind: str) -> None:
    response = await client.post(NOTES, content=b'{"text": "a"}', headers={"Content-Type": kind})

    assert response.status_code == 201


@pytest.mark.parametrize("is_announced", [True, False])
@pytest.mark.parametrize(("path", "size"), [(NOTES, 501), (f"{NOTES}/bulk", 301)])
async def test_a_body_that_is_too_large_is_a_problem(
    client: httpx2.AsyncClient, shelf: Shelf, path: str, size: int, is_announced: bool
) -> None:
    body = b'[{"text": "' + b"a" * size + b'"}]'

    async def in_pieces() -> AsyncIterator[bytes]:
        yield body

    response = await client.post(
        path,
        content=body if is_announced else in_pieces(),
        headers={"Content-Type": "application/json"},
    )

    assert response.status_code == 413
    assert problem(response)["code"] == "content_too_large"
    assert problem(response)["title"] == "Content Too Large"
    assert shelf.notes == {}


async def test_a_body_of_the_largest_size_is_taken(client: httpx2.AsyncClient) -> None:
    body = b'{"text": "a"}'.ljust(500)

    response = await client.post(NOTES, content=body, headers={"Content-Type": "application/json"})

    assert response.status_code == 201


async def test_a_conflict_names_its_field(client: httpx2.AsyncClient) -> None:
    await client.post(NOTES, json={"text": "a"})

    response = await client.post(NOTES, json={"text": "a"})

    assert response.status_code == 409
    assert problem(response)["errors"] == [
        {
            "field": "text",
            "message": "A note with the same text exists already.",
            "code": "unique",
        }
    ]


async def test_what_the_domain_refuses_is_a_problem(client: httpx2.AsyncClient) -> None:
    response = await client.post(NOTES, json={"text": "a" * 21})

    assert response.status_code == 422
    assert problem(response)["code"] == "validation_error"


@pytest.mark.parametrize(
    "trouble",
    [PoolTimeoutError(1.0), DatabaseConnectionError("gone"), DatabaseTimeoutError("stopped")],
)
async def test_a_database_that_does_not_answer_is_asked_again_later(
    client: httpx2.AsyncClient, shelf: Shelf, trouble: SharedModuleError
) -> None:
    shelf.trouble = trouble

    response = await client.post(NOTES, json={"text": "a"})

    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"
    assert problem(response)["code"] == trouble.code


async def test_an_export_does_not_begin_before_the_database_answers(
    client: httpx2.AsyncClient, shelf: Shelf
) -> None:
    shelf.trouble = PoolTimeoutError(1.0)

    response = await client.get(f"{NOTES}/export")

    assert response.status_code == 503
    assert problem(response)["code"] == "pool_timeout"


async def test_a_bug_is_logged_and_not_told(
    client: httpx2.AsyncClient, shelf: Shelf, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf.is_broken = True

    response = await client.post(NOTES, json={"text": "a"})

    assert response.status_code == 500
    assert problem(response)["code"] == "internal_error"
    assert "hunter2" not in response.text
    assert "RuntimeError" in capsys.readouterr().out


async def test_refused_values_are_not_repeated(client: httpx2.AsyncClient) -> None:
    response = await client.post(NOTES, json={"text": {"secret": "hunter2"}})

    assert response.status_code == 422
    assert "hunter2" not in response.text


async def test_numbers_of_too_many_bits_are_refused_in_paths(client: httpx2.AsyncClient) -> None:
    fits = await client.get(f"/api/v1/shelves/a/numbers/{2**31 - 1}")
    too_large = await client.get(f"/api/v1/shelves/a/numbers/{2**31}")

    assert fits.json() == {"shelf": "a", "number": 2**31 - 1}
    assert too_large.status_code == 422
