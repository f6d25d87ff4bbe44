"""What each operation answers: status, headers, body."""

from uuid import uuid4

import httpx2
import pytest

from apigen.support.application.queries import ListQuery
from tests.support.interface.notes import Shelf, ShelfReader


async def created(client: httpx2.AsyncClient, text: str = "milk") -> httpx2.Response:
    response = await client.post("/api/v1/notes", json={"text": text})
    assert response.status_code == 201, response.text
    return response


async def test_a_created_resource_has_a_place_and_a_tag(client: httpx2.AsyncClient) -> None:
    response = await created(client)

    assert response.headers["location"] == f"/api/v1/notes/{response.json()['id']}"
    assert response.headers["etag"] == '"1"'
    assert response.headers["content-type"] == "application/json"
    read = await client.get(response.headers["location"])
    assert (read.status_code, read.content) == (200, response.content)
    assert read.headers["etag"] == '"1"'


async def test_a_change_answers_with_the_resource_and_its_new_tag(
    client: httpx2.AsyncClient,
) -> None:
    place = (await created(client)).headers["location"]

    response = await client.patch(place, json={"text": "bread"}, headers={"If-Match": '"1"'})

    assert response.status_code == 200
    assert response.json()["text"] == "bread"
    assert response.headers["etag"] == '"2"'


async def test_a_stale_change_fails(client: httpx2.AsyncClient, shelf: Shelf) -> None:
    place = (await created(client)).headers["location"]
    await client.patch(place, json={"text": "bread"})

    response = await client.patch(place, json={"text": "butter"}, headers={"If-Match": '"1"'})
    deletion = await client.delete(place, headers={"If-Match": '"1", "7"'})

    assert (response.status_code, response.json()["code"]) == (412, "precondition_failed")
    assert (deletion.status_code, deletion.json()["code"]) == (412, "precondition_failed")
    assert [note.text for note in shelf.notes.values()] == ["bread"]


async def test_a_deletion_answers_with_nothing(client: httpx2.AsyncClient, shelf: Shelf) -> None:
    place = (await created(client)).headers["location"]

    response = await client.delete(place)

    assert (response.status_code, response.content) == (204, b"")
    assert shelf.notes == {}


async def test_a_client_that_has_the_version_is_told_so(client: httpx2.AsyncClient) -> None:
    place = (await created(client)).headers["location"]

    same = await client.get(place, headers={"If-None-Match": '"1"'})
    other = await client.get(place, headers={"If-None-Match": '"2"'})

    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", '"1"')
    assert other.status_code == 200


@pytest.mark.parametrize("header", ['"1-gzip"', 'W/"1"', '"9", "1"', "*", '"1", "1-br"'])
async def test_whatever_tag_of_the_version_a_client_has_will_do(
    client: httpx2.AsyncClient, header: str
) -> None:
    place = (await created(client)).headers["location"]

    same = await client.get(place, headers={"If-None-Match": header})

    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", '"1"')


async def test_a_tag_says_nothing_of_what_is_embedded(
    client: httpx2.AsyncClient, reader: ShelfReader
) -> None:
    place = (await created(client)).headers["location"]

    response = await client.get(f"{place}?expand=author", headers={"If-None-Match": '"1"'})

    assert response.status_code == 200
    assert "etag" not in response.headers
    assert reader.asked[-1][1] == (("author",),)  # type: ignore[index]  # what `one` was given


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
async def test_what_does_not_exist_is_not_found(client: httpx2.AsyncClient, method: str) -> None:
    missing = uuid4()

    response = await client.request(
        method,
        f"/api/v1/notes/{missing}",
        json={"text": "x"} if method == "PATCH" else None,
    )

    assert response.status_code == 404
    assert response.json()["detail"] == f"There is no note with the id {missing}."


async def test_a_list_is_asked_for_what_the_query_says(
    client: httpx2.AsyncClient, reader: ShelfReader
) -> None:
    await created(client)

    response = await client.get("/api/v1/notes?size=5&page=3&sort=-text&q=milk")

    assert response.status_code == 200
    assert response.json()["total"] == 1
    query = reader.asked[-1]
    assert isinstance(query, ListQuery)
    assert (query.size, query.page, query.search) == (5, 3, "milk")
    assert [(step.path, step.descending) for step in query.sort] == [(("text",), True)]


@pytest.mark.parametrize(
    "path",
    [
        "/notes?texd=milk",
        "/notes?size=0",
        "/notes/count?page=1",
        "/notes/export?format=xml",
        "/notes/export?page=1",
    ],
)
async def test_a_query_that_is_not_understood_is_refused(
    client: httpx2.AsyncClient, path: str
) -> None:
    response = await client.get(f"/api/v1{path}")

    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == path.partition("?")[2].partition("=")[0]


async def test_counting_answers_with_a_number(client: httpx2.AsyncClient) -> None:
    await created(client)

    response = await client.get("/api/v1/notes/count?text=milk")

    assert response.json() == {"count": 1}


@pytest.mark.parametrize(
    ("query", "media_type", "body"),
    [
        ("", "text/csv; charset=utf-8", b"text\r\nmilk\r\n"),
        ("?format=csv", "text/csv; charset=utf-8", b"text\r\nmilk\r\n"),
        ("?format=json&sort=text", "application/json", b'["milk"]'),
    ],
)
async def test_an_export_is_a_file(
    client: httpx2.AsyncClient, query: str, media_type: str, body: bytes
) -> None:
    await created(client)

    response = await client.get(f"/api/v1/notes/export{query}")

    assert response.status_code == 200
    assert response.headers["content-type"] == media_type
    assert response.headers["content-disposition"].startswith('attachment; filename="note.')
    assert response.content == body


@pytest.mark.criterion("R7.1")
async def test_bulk_operations_answer_in_an_envelope(
    client: httpx2.AsyncClient, shelf: Shelf
) -> None:
    made = await client.post("/api/v1/notes/bulk", json=[{"text": "a"}, {"text": "b"}])
    ids = [note["id"] for note in made.json()["data"]]
    changes = [{"id": ids[0], "changes": {"text": "c"}}]
    changed = await client.patch("/api/v1/notes/bulk", json=changes)
    deleted = await client.post("/api/v1/notes/bulk-delete", json={"ids": ids})

    assert made.status_code == made.json()["status_code"] == 201
    assert made.json().keys() == {"message", "status_code", "timestamp", "request_id", "data"}
    assert made.json()["request_id"] == made.headers["x-request-id"]
    assert made.json()["timestamp"].endswith("Z")
    assert [note["text"] for note in made.json()["data"]] == ["a", "b"]
    assert (changed.status_code, changed.json()["data"][0]["text"]) == (200, "c")
    assert (deleted.status_code, deleted.json()["data"]) == (200, ids)
    assert shelf.notes == {}


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "bulk", []),
        ("PATCH", "bulk", []),
        ("POST", "bulk-delete", {"ids": []}),
        ("POST", "bulk-delete", {"ids": [str(uuid4())] * 2}),
        ("POST", "bulk", [{"text": "a"}, {"text": ""}]),
    ],
)
async def test_bulk_operations_refuse_nothing_and_doubles(
    client: httpx2.AsyncClient, shelf: Shelf, method: str, path: str, body: object
) -> None:
    response = await client.request(method, f"/api/v1/notes/{path}", json=body)

    assert response.status_code == 422
    assert shelf.notes == {}


async def test_a_bulk_error_names_the_item(client: httpx2.AsyncClient) -> None:
    response = await client.post("/api/v1/notes/bulk", json=[{"text": "a"}, {"text": "a" * 21}])

    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "1.text"


@pytest.mark.parametrize("text", ["bulk", "a/b", ".", ".."])
async def test_a_key_that_no_path_can_hold_is_refused(
    client: httpx2.AsyncClient, text: str
) -> None:
    response = await client.post("/api/v1/notes", json={"text": text})

    assert response.status_code == 422
    assert response.json()["errors"][0]["code"] == "key"


async def test_the_place_of_a_resource_is_quoted() -> None:
    from apigen.support.interface.keys import segments

    assert segments("ä/b?") == "%C3%A4%2Fb%3F"
    assert segments((1, "x y")) == "1/x%20y"
