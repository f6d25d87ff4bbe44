"""POST, PATCH and PUT of one row over HTTP."""

from typing import ClassVar

from ...core.json import Json
from ..api_client import ApiClient, assert_problem
from ..cases import Broken, Probe, ResourceCase, Unique, replaced
from ..rows import Rows, assert_holds
from .repositories import clashing


class CreateContract:
    """POST of the collection."""

    case: ClassVar[ResourceCase]

    async def test_created_row_is_shown_and_stored(self, client: ApiClient, rows: Rows) -> None:
        """201 with the row, where to find it, and its version; each sample, each field."""
        entity = self.case.entity
        for n in range(len(entity.samples)):
            payload = await rows.payload(entity, n)

            response = await client.post(self.case.collection(payload), payload)

            assert response.status_code == 201, response.text
            body = response.json()
            assert_holds(entity, body, payload)
            for name, values in entity.computed.items():
                assert body[name] == values[n], name
            if "get" in self.case.operations:
                assert response.headers["location"].endswith(self.case.item(body))
            if self.case.etag:
                assert response.headers["etag"] == self.case.tag(body["version"])
            assert await rows.read(entity, body) == body

    async def test_required_fields_are_enough(self, client: ApiClient, rows: Rows) -> None:
        """Fields that may be left out get their defaults."""
        entity = self.case.entity
        if not entity.defaults and set(entity.required) != set(entity.samples[0]):
            return
        sample = await rows.payload(entity)
        minimal = {name: sample[name] for name in entity.required}

        response = await client.post(self.case.collection(sample), minimal)

        assert response.status_code == 201, response.text
        assert_holds(entity, response.json(), entity.defaults)

    async def test_missing_field_is_named(self, client: ApiClient, rows: Rows) -> None:
        """422 for each required field that is left out."""
        payload = await rows.payload(self.case.entity)
        for name in self.case.entity.required:
            partial = {key: value for key, value in payload.items() if key != name}

            response = await client.post(self.case.collection(payload), partial)

            assert_problem(response, 422, field=name)

    async def test_unknown_and_closed_fields_are_refused(
        self, client: ApiClient, rows: Rows
    ) -> None:
        """422 for a field there is not, and for fields that only the server sets."""
        payload = await rows.payload(self.case.entity)
        for name in ("no_such_field", *self.case.entity.closed):
            response = await client.post(self.case.collection(payload), {**payload, name: 1})

            assert_problem(response, 422, field=name)
        assert await rows.all(self.case.entity) == []

    async def test_value_over_the_edge_is_refused(
        self, client: ApiClient, rows: Rows, refused: Probe
    ) -> None:
        """422 that names the field; nothing is stored."""
        sample = self.case.entity.samples[0]
        payload = await rows.resolved(replaced(sample, refused.path, refused.value))
        path = self.case.collection(await rows.payload(self.case.entity))

        response = await client.post(path, payload)

        assert_problem(response, 422, field=refused.field)
        assert await rows.all(self.case.entity) == []

    async def test_value_at_the_edge_is_stored(
        self, client: ApiClient, rows: Rows, accepted: Probe
    ) -> None:
        """The inner side of a constraint's edge comes back as it was sent."""
        sample = self.case.entity.samples[0]
        payload = await rows.resolved(replaced(sample, accepted.path, accepted.value))

        response = await client.post(self.case.collection(payload), payload)

        assert response.status_code == 201, response.text
        name = accepted.field
        assert_holds(self.case.entity, response.json(), {name: payload[name]})
        stored = await rows.read(self.case.entity, response.json())
        assert_holds(self.case.entity, stored, {name: payload[name]})

    async def test_reference_to_nothing_is_refused(self, client: ApiClient, rows: Rows) -> None:
        """422 that names the field whose target does not exist."""
        entity = self.case.entity
        for name, target in entity.references.items():
            payload = await rows.payload(entity)
            path = self.case.collection(payload)

            response = await client.post(path, {**payload, name: rows.case(target).keys[-1]})

            assert_problem(response, 422, field=name)
        assert await rows.all(entity) == []

    async def test_broken_invariant_is_refused(
        self, client: ApiClient, rows: Rows, broken: Broken
    ) -> None:
        """422 with the code of the rule."""
        payload = await rows.payload(self.case.entity, 0, **broken.values)

        response = await client.post(self.case.collection(payload), payload)

        assert_problem(response, 422)
        body = response.json()
        assert broken.code in (body["code"], *(error["code"] for error in body["errors"]))

    async def test_second_row_with_unique_values_is_refused(
        self, client: ApiClient, rows: Rows, unique: Unique
    ) -> None:
        """409 that names the fields."""
        first = await rows.payload(self.case.entity, 0)
        clash = await rows.payload(self.case.entity, 1, **clashing(self.case.entity, unique))
        await client.post(self.case.collection(first), first)

        response = await client.post(self.case.collection(clash), clash)

        assert_problem(response, 409, field=unique.fields[0].partition(".")[0])
        assert len(await rows.all(self.case.entity)) == 1

    async def test_what_is_not_json_is_refused(self, client: ApiClient, rows: Rows) -> None:
        """422 for a broken document, 415 for another type."""
        path = self.case.collection(await rows.payload(self.case.entity))
        for kind, status in (("application/json", 422), ("text/plain", 415)):
            response = await client.http.post(
                path,
                content=b'{"a": ',
                headers={
                    **client.headers,
                    "idempotency-key": f"a-key-{kind}",
                    "content-type": kind,
                },
            )

            assert_problem(response, status)


class UpdateContract:
    """PATCH of one row."""

    case: ClassVar[ResourceCase]

    async def test_one_field_changes_alone(
        self, client: ApiClient, rows: Rows, changed: str
    ) -> None:
        """The field has its new value, the version rises, all else is as it was."""
        entity = self.case.entity
        before = await rows.stored(entity)
        change = await rows.resolved({changed: entity.changes[changed]})

        response = await client.send("PATCH", self.case.item(before), change)

        assert response.status_code == 200, response.text
        after = response.json()
        assert_holds(entity, after, change)
        version, updated_at, updated_by = entity.called("version", "updated_at", "updated_by")
        untouched = set(before) - {changed, *entity.derived, version, updated_at, updated_by}
        assert {name: after[name] for name in untouched} == {
            name: before[name] for name in untouched
        }
        if entity.versioned:
            assert after[version] == int(str(before[version])) + 1
        if entity.timestamps:
            assert str(after[updated_at]) > str(before[updated_at])
        assert await rows.read(entity, before) == after

    async def test_null_empties_a_field(self, client: ApiClient, rows: Rows) -> None:
        """Null is a value, and not the same as leaving the field out."""
        row = await rows.stored(self.case.entity)
        for name in self.case.entity.nullable:
            response = await client.send("PATCH", self.case.item(row), {name: None})

            assert response.status_code == 200, response.text
            assert response.json().get(name) is None

    async def test_fixed_and_unknown_fields_are_refused(
        self, client: ApiClient, rows: Rows
    ) -> None:
        """422 for what may not change and for what there is not."""
        row = await rows.stored(self.case.entity)
        for name in ("no_such_field", *self.case.entity.fixed):
            response = await client.send("PATCH", self.case.item(row), {name: row.get(name, 1)})

            assert_problem(response, 422, field=name)

    async def test_value_over_the_edge_is_refused(
        self, client: ApiClient, rows: Rows, refused: Probe
    ) -> None:
        """422; the row stays as it was."""
        name = refused.field
        if name not in self.case.entity.changes:
            return
        row = await rows.stored(self.case.entity)
        changed = replaced(self.case.entity.samples[0], refused.path, refused.value)
        change = await rows.resolved({name: changed[name]})

        response = await client.send("PATCH", self.case.item(row), change)

        assert_problem(response, 422, field=name)
        assert await rows.read(self.case.entity, row) == row

    async def test_stale_version_is_refused(self, client: ApiClient, rows: Rows) -> None:
        """412 when If-Match names another version; the current one and `*` pass."""
        if not self.case.etag or not self.case.entity.changes:
            return
        row = await rows.stored(self.case.entity)
        name, value = next(iter(self.case.entity.changes.items()))
        change = await rows.resolved({name: value})
        current = self.case.tag(row["version"])

        for header in ('"99"', '"no-version"', f"W/{current}"):
            stale = await client.send(
                "PATCH", self.case.item(row), change, headers={"if-match": header}
            )
            assert_problem(stale, 412)
        assert await rows.read(self.case.entity, row) == row
        for header in (f'"99", {current}', "*"):
            fresh = await client.send(
                "PATCH", self.case.item(row), change, headers={"if-match": header}
            )
            assert fresh.status_code == 200, fresh.text
            assert fresh.headers["etag"] == self.case.tag(fresh.json()["version"])

    async def test_absent_row_is_not_found(self, client: ApiClient, rows: Rows) -> None:
        """404 for a key that no row has."""
        row = await absent(self.case, rows)

        assert_problem(await client.send("PATCH", self.case.item(row), {}), 404)


class ReplaceContract:
    """PUT of one row."""

    case: ClassVar[ResourceCase]

    async def test_all_fields_are_replaced(self, client: ApiClient, rows: Rows) -> None:
        """The row becomes what was sent; what was left out gets its default."""
        entity = self.case.entity
        row = await rows.stored(entity)
        sent = {**await rows.payload(entity, 0), **await rows.resolved(entity.changes)}
        sent = {name: value for name, value in sent.items() if name not in entity.fixed}

        response = await client.send("PUT", self.case.item(row), sent)

        assert response.status_code == 200, response.text
        assert_holds(entity, response.json(), sent)
        assert await rows.read(entity, row) == response.json()

    async def test_missing_field_is_named(self, client: ApiClient, rows: Rows) -> None:
        """422 for each required field that is left out; the row stays as it was."""
        entity = self.case.entity
        row = await rows.stored(entity)
        payload = await rows.payload(entity)
        sent = {name: value for name, value in payload.items() if name not in entity.fixed}
        for name in entity.required:
            if name not in entity.fixed:
                partial = {key: value for key, value in sent.items() if key != name}
                response = await client.send("PUT", self.case.item(row), partial)
                assert_problem(response, 422, field=name)
        assert await rows.read(entity, row) == row

    async def test_stale_version_is_refused(self, client: ApiClient, rows: Rows) -> None:
        """412 when If-Match names another version."""
        if not self.case.etag:
            return
        entity = self.case.entity
        row = await rows.stored(entity)
        payload = await rows.payload(entity)
        sent = {name: value for name, value in payload.items() if name not in entity.fixed}

        response = await client.send("PUT", self.case.item(row), sent, headers={"if-match": '"99"'})

        assert_problem(response, 412)

    async def test_absent_row_is_not_found(self, client: ApiClient, rows: Rows) -> None:
        """404 for a key that no row has."""
        row = await absent(self.case, rows)
        payload = await rows.payload(self.case.entity)
        sent = {k: v for k, v in payload.items() if k not in self.case.entity.fixed}

        assert_problem(await client.send("PUT", self.case.item(row), sent), 404)


async def absent(case: ResourceCase, rows: Rows) -> dict[str, Json]:
    """Return what stands for a row with a key of the right form that no row has."""
    payload = await rows.payload(case.entity)
    key = case.entity.keys[-1]
    if len(case.entity.key) == 1:
        return {**payload, case.entity.key[0]: key}
    return {**payload, **(key if isinstance(key, dict) else {})}
