"""GET of one row, of lists and of what belongs to them, compared with an oracle in Python."""

import csv
import io
from collections.abc import Mapping
from operator import itemgetter
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

from ...core.json import Json, dumps
from ..api_client import ApiClient, assert_problem
from ..cases import Column, Expansion, ResourceCase
from ..oracle import comparable, found_by, is_sorted, matches, values_at
from ..rows import Rows, same_key
from .writing import absent

_CONTROLS = frozenset({"page", "size", "cursor", "count", "sort", "q", "filter", "expand"})
"""Parameters that are no filters: a field of that name is filtered by `size[eq]`."""


async def store_all(case: ResourceCase, rows: Rows) -> list[dict[str, Json]]:
    """Store every sample of a resource and return the rows."""
    return [await rows.stored(case.entity, n) for n in range(len(case.entity.samples))]


class GetContract:
    """GET of one row."""

    case: ClassVar[ResourceCase]

    async def test_row_is_shown_as_it_is_stored(self, client: ApiClient, rows: Rows) -> None:
        """The read model and the aggregate show the same, for each sample."""
        for row in await store_all(self.case, rows):
            response = await client.get(self.case.item(row))

            assert response.status_code == 200, response.text
            assert response.json() == row
            if self.case.etag:
                assert response.headers["etag"] == self.case.tag(row["version"])

    async def test_known_version_is_not_sent_again(self, client: ApiClient, rows: Rows) -> None:
        """304 without a body when If-None-Match has the version, 200 when it has another."""
        if not self.case.etag:
            return
        row = await rows.stored(self.case.entity)
        item = self.case.item(row)

        known = await client.get(item, headers={"if-none-match": self.case.tag(row["version"])})
        other = await client.get(item, headers={"if-none-match": '"99"'})

        assert known.status_code == 304
        assert known.content == b""
        assert other.status_code == 200

    async def test_absent_row_is_not_found(self, client: ApiClient, rows: Rows) -> None:
        """404 for a key that no row has."""
        row = await absent(self.case, rows)

        assert_problem(await client.get(self.case.item(row)), 404)


class ListContract:
    """GET of the collection, in pages."""

    case: ClassVar[ResourceCase]

    async def test_pages_hold_every_row_once(self, client: ApiClient, rows: Rows) -> None:
        """Walking pages of two shows all rows, each once and as it is stored."""
        stored = await store_all(self.case, rows)
        path = self.case.collection(stored[0])
        seen: list[dict[str, Json]] = []
        query = "" if self.case.paging == "none" else "size=2"
        pages = 0
        while True:
            response = await client.get(path, query=query)
            assert response.status_code == 200, response.text
            body = response.json()
            seen += body["items"]
            pages += 1
            assert len(body["items"]) <= 2 or self.case.paging == "none"
            if self.case.paging == "cursor" and body["has_next"]:
                query = f"size=2&cursor={quote(body['next_cursor'])}"
            elif self.case.paging == "offset":
                self._check_page(body, pages, len(stored))
                if not body["has_next"]:
                    break
                query = f"size=2&page={pages + 1}"
            else:
                break
            assert pages <= len(stored)
        assert _by_key(self.case, seen) == _by_key(self.case, stored)
        assert len(seen) == len(stored)
        assert pages == (1 if self.case.paging == "none" else -(-len(stored) // 2))

    def _check_page(self, body: Mapping[str, Any], page: int, total: int) -> None:
        assert body["page"] == page
        assert body["size"] == 2
        assert body["total"] == total
        assert body["pages"] == -(-total // 2)
        assert body["has_previous"] is (page > 1)
        assert body["has_next"] is (page * 2 < total)

    async def test_page_size_has_bounds(self, client: ApiClient, rows: Rows) -> None:
        """422 outside them; the largest allowed size is allowed."""
        if self.case.paging == "none":
            return
        path = self.case.collection(await rows.payload(self.case.entity))

        for size in ("0", "-1", "x", str(self.case.max_page_size + 1)):
            assert_problem(await client.get(path, query=f"size={size}"), 422, field="size")
        largest = await client.get(path, query=f"size={self.case.max_page_size}")
        assert largest.status_code == 200
        wrong = "page=0" if self.case.paging == "offset" else "cursor=no-cursor"
        assert_problem(await client.get(path, query=wrong), 422)

    async def test_total_is_left_out_when_it_is_not_asked_for(
        self, client: ApiClient, rows: Rows
    ) -> None:
        """`count=false` shows the same rows, and whether there are more, without a total."""
        stored = await store_all(self.case, rows)
        path = self.case.collection(stored[0])
        if self.case.paging == "cursor":
            assert_problem(await client.get(path, query="count=false"), 422, field="count")
            return
        sized = "" if self.case.paging == "none" else "size=1&"
        for page in range(1, 2 if self.case.paging == "none" else len(stored) + 2):
            numbered = "" if self.case.paging == "none" else f"page={page}&"
            counted = await client.get(path, query=f"{sized}{numbered}count=true")
            asked = await client.get(path, query=f"{sized}{numbered}count=false")

            assert asked.status_code == 200, asked.text
            assert asked.json() == counted.json() | {"total": None, "pages": None}
        assert_problem(await client.get(path, query="count=many"), 422, field="count")

    async def test_unknown_parameters_are_refused(self, client: ApiClient, rows: Rows) -> None:
        """422 for a filter, an order and a parameter that there is not."""
        path = self.case.collection(await rows.payload(self.case.entity))

        for query in ("no_such_field=1", "sort=no_such_field", "no_such_field[eq]=1"):
            assert_problem(await client.get(path, query=query), 422)

    async def test_filter_narrows_the_list(
        self, client: ApiClient, rows: Rows, filter: Column
    ) -> None:
        """Every operator, with every stored value, shows the rows that Python would choose."""
        stored = await store_all(self.case, rows)
        for op in filter.ops:
            for text in _wanted(filter, stored, rows, op):
                parsed = _parsed(filter, op, text)
                is_flag = op == "is_null"
                values = [v if is_flag else comparable(v, filter.kind) for v in parsed]
                expected = [
                    row for row in stored if matches(values_at(row, filter, rows), op, values)
                ]
                for query in _queries(self.case, filter, op, text):
                    shown = await _all(client, self.case, stored[0], query, len(stored))
                    assert _keys(self.case, shown) == _keys(self.case, expected), query

    async def test_sort_orders_the_list(self, client: ApiClient, rows: Rows, sort: Column) -> None:
        """Both directions, across pages."""
        stored = await store_all(self.case, rows)
        for sign in ("", "-"):
            shown = await _all(client, self.case, stored[0], f"sort={sign}{sort.name}", 2)

            values = [values_at(row, sort, rows)[0] for row in shown]
            assert is_sorted(values, descending=bool(sign)), f"{sign}{sort.name}: {values}"
            assert _keys(self.case, shown) == _keys(self.case, stored)

    async def test_search_finds_words_in_any_case(self, client: ApiClient, rows: Rows) -> None:
        """`?q=` shows the rows in which every word is somewhere; LIKE signs are plain text."""
        if not self.case.search:
            return
        stored = await store_all(self.case, rows)
        texts = [str(row[name]) for row in stored for name in self.case.search if row.get(name)]
        words = {texts[0].upper(), texts[-1].split()[-1], texts[0][:3], "no-such-word", "%", "_"}
        for word in sorted(words):
            query = urlencode({"q": word})

            shown = await _all(client, self.case, stored[0], query, len(stored))

            expected = [row for row in stored if found_by(row, word, self.case.search)]
            assert _keys(self.case, shown) == _keys(self.case, expected), query

    async def test_expansion_embeds_what_is_referred_to(
        self, client: ApiClient, rows: Rows, expansion: Expansion
    ) -> None:
        """`?expand=` adds the other row, as its own resource shows it."""
        stored = await store_all(self.case, rows)
        query = f"expand={expansion.name}"

        response = await client.get(self.case.collection(stored[0]), query=query)

        assert response.status_code == 200, response.text
        for shown in response.json()["items"]:
            row = next(one for one in stored if same_key(self.case.entity, one, shown))
            for holder in _holders(shown, expansion.collections):
                embedded = holder.pop("expanded")[expansion.embedded]
                if not expansion.field:
                    continue
                keys = holder[expansion.field]
                if isinstance(keys, list):
                    wanted = [rows.known(expansion.entity, key) for key in keys]
                    name = rows.case(expansion.entity).key[0]
                    in_order = itemgetter(name)
                    assert sorted(embedded, key=in_order) == sorted(wanted, key=in_order)
                elif expansion.is_last:
                    expected = None if keys is None else rows.known(expansion.entity, keys)
                    assert embedded == expected
            assert shown == row

    async def test_unknown_expansion_is_refused(self, client: ApiClient, rows: Rows) -> None:
        """422 for a path that cannot be embedded."""
        path = self.case.collection(await rows.payload(self.case.entity))

        assert_problem(await client.get(path, query="expand=no_such_path"), 422)


class NestedContract:
    """Lists and rows below their parent."""

    case: ClassVar[ResourceCase]

    async def test_rows_are_seen_under_their_parent_only(
        self, client: ApiClient, rows: Rows
    ) -> None:
        """Another parent's list is empty, and its path does not lead to the row."""
        row = await rows.stored(self.case.entity)
        parent = rows.case(self.case.entity.references[self.case.parent])
        other = await rows.stored(parent, len(parent.samples) - 1)
        elsewhere = {**row, self.case.parent: other[parent.key[0]]}

        own = await client.get(self.case.collection(row))
        others = await client.get(self.case.collection(elsewhere))

        assert own.json()["items"] == [row]
        assert others.json()["items"] == []
        if "get" in self.case.operations:
            assert_problem(await client.get(self.case.item(elsewhere)), 404)


class CountContract:
    """GET …/count."""

    case: ClassVar[ResourceCase]

    async def test_count_is_the_number_of_rows(self, client: ApiClient, rows: Rows) -> None:
        """Before and after rows are stored, and with a filter."""
        payload = await rows.payload(self.case.entity)
        path = f"{self.case.collection(payload)}/count"
        assert (await client.get(path)).json() == {"count": 0}

        stored = await store_all(self.case, rows)

        assert (await client.get(path)).json() == {"count": len(stored)}
        assert_problem(await client.get(path, query="no_such_field=1"), 422)


class ExportContract:
    """GET …/export."""

    case: ClassVar[ResourceCase]

    async def test_export_holds_every_row(self, client: ApiClient, rows: Rows) -> None:
        """All rows, whatever the page size, in each format."""
        stored = await store_all(self.case, rows)
        path = f"{self.case.collection(stored[0])}/export"
        if "json" in self.case.export:
            response = await client.get(path, query="format=json")
            assert response.status_code == 200, response.text
            assert _by_key(self.case, response.json()) == _by_key(self.case, stored)
        if "csv" in self.case.export:
            response = await client.get(path, query="format=csv")
            assert response.headers["content-type"].startswith("text/csv")
            lines = list(csv.DictReader(io.StringIO(response.text)))
            assert len(lines) == len(stored)
            key = self.case.entity.key[0]
            assert {line[key] for line in lines} == {str(row[key]) for row in stored}

    async def test_unknown_format_is_refused(self, client: ApiClient, rows: Rows) -> None:
        """422 for a format there is not."""
        path = self.case.collection(await rows.payload(self.case.entity))

        assert_problem(await client.get(f"{path}/export", query="format=xml"), 422)


async def _all(
    client: ApiClient, case: ResourceCase, row: Mapping[str, Json], query: str, page_size: int
) -> list[dict[str, Json]]:
    """Return every row that a list shows, over all its pages."""
    found: list[dict[str, Json]] = []
    size = "" if case.paging == "none" else f"&size={page_size}"
    more = ""
    page = 1
    while True:
        response = await client.get(case.collection(row), query=f"{query}{size}{more}")
        assert response.status_code == 200, response.text
        body = response.json()
        found += body["items"]
        page += 1
        if case.paging == "none" or not body["has_next"]:
            return found
        more = f"&page={page}" if case.paging == "offset" else f"&cursor={body['next_cursor']}"


def _wanted(column: Column, stored: list[dict[str, Json]], rows: Rows, op: str) -> list[str]:
    """Return values to filter by, as a client writes them: stored ones, and parts of them."""
    plain = Column(name=column.name, steps=column.steps)
    values = [value for row in stored for value in values_at(row, plain, rows)]
    found = sorted({str(_text(value)) for value in values if value is not None})
    match op:
        case "is_null":
            return ["true", "false"]
        case "in" | "not_in":
            return [",".join(found[:2])] if found and "," not in "".join(found[:2]) else []
        case "contains":
            return [text[1:-1].upper() for text in found[:2] if len(text) > 2]
        case "startswith":
            return [text[:-1] for text in found[:2] if len(text) > 1]
        case "endswith":
            return [text[1:] for text in found[:2] if len(text) > 1]
        case _:
            return found[:3]


def _text(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def _parsed(column: Column, op: str, text: str) -> list[Json]:
    if op == "is_null" or column.kind == "flag":
        return [part == "true" for part in text.split(",")]
    return list(text.split(",")) if op in ("in", "not_in") else [text]


def _queries(case: ResourceCase, column: Column, op: str, text: str) -> list[str]:
    """Return the ways to write one filter."""
    queries = []
    if "params" in case.filter_syntax:
        queries.append(urlencode({f"{column.name}[{op}]": text}))
        if op == "eq" and column.name not in _CONTROLS:
            queries.append(urlencode({column.name: text}))
    if "json" in case.filter_syntax:
        values: Json = [*text.split(",")] if op in ("in", "not_in") else text
        if op == "is_null":
            values = text == "true"
        queries.append(urlencode({"filter": dumps({column.name: {op: values}}).decode()}))
    return queries


# Any: rows as JSON.
def _holders(row: dict[str, Any], collections: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return the rows that something is embedded in: the row itself, or children of it."""
    holders = [row]
    for collection in collections:
        below = [holder[collection] for holder in holders]
        holders = [
            one
            for found in below
            for one in (found if isinstance(found, list) else [found] if found else [])
        ]
    return holders


def _keys(case: ResourceCase, found: list[dict[str, Json]]) -> list[str]:
    return sorted(str([row[name] for name in case.entity.key]) for row in found)


def _by_key(case: ResourceCase, found: list[dict[str, Json]]) -> dict[str, dict[str, Json]]:
    return {str([row[name] for name in case.entity.key]): row for row in found}
