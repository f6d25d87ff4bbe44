"""DELETE and restore over HTTP, and what deleting does to rows that refer to the deleted one."""

from typing import ClassVar

from ..api_client import ApiClient, assert_problem
from ..cases import Link, Ref, ResourceCase
from ..rows import Rows
from .writing import absent


class DeleteContract:
    """DELETE of one row."""

    case: ClassVar[ResourceCase]

    async def test_deleted_row_is_gone(self, client: ApiClient, rows: Rows) -> None:
        """204 without a body; afterwards 404, and the other rows are still there."""
        row = await rows.stored(self.case.entity, 0)
        other = await rows.stored(self.case.entity, 1) if len(self.case.entity.samples) > 1 else {}

        response = await client.send("DELETE", self.case.item(row))

        assert response.status_code == 204, response.text
        assert response.content == b""
        assert_problem(await client.send("DELETE", self.case.item(row)), 404)
        if "get" in self.case.operations:
            assert_problem(await client.get(self.case.item(row)), 404)
        if "list" in self.case.operations:
            shown = (await client.get(self.case.collection(row))).json()["items"]
            assert row not in shown
        assert await rows.all(self.case.entity) == [other][: bool(other)]

    async def test_stale_version_is_refused(self, client: ApiClient, rows: Rows) -> None:
        """412 when If-Match names another version; the row stays."""
        if not self.case.etag:
            return
        row = await rows.stored(self.case.entity)
        item = self.case.item(row)

        stale = await client.send("DELETE", item, headers={"if-match": '"99"'})

        assert_problem(stale, 412)
        assert await rows.read(self.case.entity, row) == row
        fresh = await client.send("DELETE", item, headers={"if-match": f'"{row["version"]}"'})
        assert fresh.status_code == 204

    async def test_absent_row_is_not_found(self, client: ApiClient, rows: Rows) -> None:
        """404 for a key that no row has."""
        row = await absent(self.case, rows)

        assert_problem(await client.send("DELETE", self.case.item(row)), 404)

    async def test_rows_that_refer_to_it(self, client: ApiClient, rows: Rows, link: Link) -> None:
        """A reference prevents the deletion, goes with it, or becomes null, as declared."""
        target = await rows.stored(self.case.entity, 0)
        referring = rows.case(link.entity)
        to_it = {link.field: Ref(self.case.entity.name, 0)}
        # The last sample: nothing that is stored by now is, or refers to, that one.
        row = await rows.add(referring, await rows.payload(referring, -1, **to_it))

        response = await client.send("DELETE", self.case.item(target))

        found = await rows.read(referring, row)
        match link.action:
            case "restrict":
                assert_problem(response, 409)
                assert found == row
            case "cascade":
                assert response.status_code == 204, response.text
                assert found is None
            case _:
                assert response.status_code == 204, response.text
                assert found is not None
                assert found[link.field] is None


class RestoreContract:
    """POST …/restore of a deleted row."""

    case: ClassVar[ResourceCase]

    async def test_restored_row_is_back(self, client: ApiClient, rows: Rows) -> None:
        """200 with the row as it was; it is listed and read again."""
        row = await rows.stored(self.case.entity)
        await client.send("DELETE", self.case.item(row))

        response = await client.post(f"{self.case.item(row)}/restore")

        assert response.status_code == 200, response.text
        back = response.json()
        told = self.case.entity.called(
            "version", "updated_at", "updated_by", "deleted_at", "is_deleted"
        )
        assert {k: v for k, v in back.items() if k not in told} == {
            k: v for k, v in row.items() if k not in told
        }
        assert await rows.read(self.case.entity, row) == back

    async def test_absent_row_is_not_found(self, client: ApiClient, rows: Rows) -> None:
        """404 for a key that no row has."""
        row = await absent(self.case, rows)

        assert_problem(await client.post(f"{self.case.item(row)}/restore"), 404)
