"""Every operation that is served, as tests ask for it, and what comes of it for each caller.

Chooses requests and rows; who may do what is `apigen.python.access_samples`, how tests are written
`apigen.views.tests.access_tests`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from apigen.ir.access import CREATE, DELETE, READ, RESTORE, UPDATE, AccessTable
from apigen.ir.behaviour import Command, Handler
from apigen.ir.field import Field
from apigen.ir.system import Entity, Operation
from apigen.ir.types import EnumRef, ObjectRef, Scalar
from apigen.python.sample_values import Reference, Value, Wire
from apigen.views.application.dtos import body_inputs, path_inputs, takes_input
from apigen.views.application.files import may_download
from apigen.views.read_entities import projection_of
from apigen.views.tests.asked import Answers, Asked, Table, Values
from apigen.views.tests.asked_reads import OF_LISTS, AskedReads
from apigen.views.tests.asking import only_refusals
from apigen.views.tests.case_tables import field_changes, unchangeable
from apigen.views.tests.command_tests import can_be_stored

_OF_ROWS: Mapping[Operation, tuple[str, str, str]] = {
    Operation.GET: (READ, "GET", "/{id}"),
    Operation.DELETE: (DELETE, "DELETE", "/{id}"),
    Operation.RESTORE: (RESTORE, "POST", "/{id}/restore"),
    Operation.HISTORY: (READ, "GET", "/{id}/history"),
    Operation.BULK_DELETE: (DELETE, "POST", "/bulk-delete"),
}
_OF_CHANGES: Mapping[Operation, tuple[str, str]] = {
    Operation.UPDATE: ("PATCH", "/{id}"),
    Operation.REPLACE: ("PUT", "/{id}"),
    Operation.BULK_UPDATE: ("PATCH", "/bulk"),
}
_WITH_ETAG = frozenset({Operation.UPDATE, Operation.REPLACE, Operation.DELETE, Operation.RESTORE})
_OF_CREATION: Mapping[Operation, str] = {Operation.CREATE: "", Operation.BULK_CREATE: "/bulk"}


class AskedOperations(AskedReads):
    """The operations of one system."""

    def table(self, entity: Entity) -> Table | None:
        """Return the row that the operations of a resource are asked for; None without samples."""
        projection = projection_of(self._system, entity)
        source = entity if projection is None else self._system.entities[projection.source]
        row = self._samples.row(source, 0) if self._tables.has(source) else None
        return None if row is None else Table(entity=entity, source=source, row=row)

    def of_resource(self, table: Table) -> Iterator[Asked]:
        """Yield what can be asked of a resource: operations, commands, queries."""
        resource = table.entity.resource
        assert resource is not None
        for operation in resource.operations:
            if operation in _OF_ROWS:
                yield self._of_row(table, operation)
                if operation is Operation.GET:
                    yield from self.embedding(table)
            elif operation in OF_LISTS:
                yield from self.of_list(table, operation)
            elif operation in _OF_CHANGES:
                yield from self._changes(table, operation)
            elif operation in _OF_CREATION:
                yield from self._creations(table, operation)
        for command in table.entity.commands:
            if command.route is not None:
                yield self._command(table, command)
        for query in table.entity.queries:
            if query.route is not None:
                yield self.query(table, query, table.entity.access)

    def of_context(self, access: AccessTable, commands: Sequence[Command]) -> Iterator[Asked]:
        """Yield the commands that no entity owns, which have no rows."""
        callers = self._access.callers(access, {})
        for command in commands:
            if command.route is not None:
                name = command.name.text
                answers = self._answers(callers, partial(self._access.grant_answer, access, name))
                yield self._sent(command, self._told(command, {}), answers)

    def _of_row(self, table: Table, operation: Operation) -> Asked:
        name, method, path = _OF_ROWS[operation]
        decides = partial(self._access.row_answer, table.entity, name, table.row)
        return Asked(
            operation=operation.value,
            method=method,
            path=path,
            body={} if operation is Operation.BULK_DELETE else None,
            shows=operation is Operation.GET,
            has_etag=operation in _WITH_ETAG and table.entity.etag,
            is_idempotent=method != "GET" and _takes_key(table.entity),
            answers=self._answers(self._callers(table), decides),
        )

    def of_file(self, table: Table, field: Field) -> Iterator[Asked]:
        """Yield what can be done with a file that is there.

        What is uploaded is no file: who may not is told that first.
        """
        assert field.file is not None
        path = f"/{{id}}/{field.file.segment}"
        done = [("upload", "PUT", path, UPDATE), ("remove", "DELETE", path, UPDATE)]
        if may_download(table.entity):
            done += [("download", "GET", path, READ), ("link", "GET", f"{path}/link", READ)]
        for verb, method, place, name in done:
            decides = partial(self._access.row_answer, table.entity, name, table.row)
            yield Asked(
                operation=f"{verb}_{field.attribute}",
                method=method,
                path=place,
                body={} if method == "PUT" else None,
                answers=self._answers(self._callers(table), decides),
            )

    def _changes(self, table: Table, operation: Operation) -> Iterator[Asked]:
        """Yield a change that row rules do not look at, and one that may lead out of reach."""
        read = frozenset().union(*(one.condition.reads for one in table.entity.access.rules))
        found = [
            (field, value)
            for field, value in field_changes(
                self._tables, table.entity, self._tables.rows(table.entity)[0]
            )
            if field.reads and value != table.row.get(field.attribute)
        ]
        plain = [one for one in found if not isinstance(one[1], list | dict)] or found
        unread = [one for one in plain if one[0].attribute not in read]
        looked_at = [one for one in plain if one[0].attribute in read]
        yield self._change(table, operation, next(iter(unread or looked_at), None))
        if unread and looked_at:
            yield replace(
                self._change(table, operation, looked_at[0]), variant=looked_at[0][0].wire
            )

    def _change(
        self, table: Table, operation: Operation, picked: tuple[Field, Value] | None
    ) -> Asked:
        method, path = _OF_CHANGES[operation]
        entity = table.entity
        after: Values | None = None
        changed: dict[str, Wire] = {}
        if picked is not None:
            field, value = picked
            changed = {field.wire: self._tables.samples.json.wire(field.type, value)}
            after = {**table.row, field.attribute: value}
        body: dict[str, Wire] = dict(changed)
        other: dict[str, Wire] = {}
        if operation is Operation.REPLACE:
            fixed = unchangeable(entity)
            payload = self._tables.samples.json.wire_of(entity, self._tables.rows(entity)[0])
            kept = {name: value for name, value in payload.items() if name not in fixed}
            body, other = {**kept, **changed}, kept
        decides = partial(self._access.row_answer, entity, UPDATE, table.row, after=after)
        return Asked(
            operation=operation.value,
            method=method,
            path=path,
            body=body,
            changed=changed,
            other=other if other != body else None,
            has_etag=operation in _WITH_ETAG and entity.etag,
            is_idempotent=_takes_key(entity),
            answers=self._answers(self._callers(table), decides),
        )

    def _creations(self, table: Table, operation: Operation) -> Iterator[Asked]:
        """Yield the creation of another row, and of one like the row that everybody asks for."""
        entity = table.entity
        rows = self._tables.rows(entity)
        other = min(1, len(rows) - 1)
        read = frozenset().union(*(one.condition.reads for one in entity.access.rules))
        own = {name: value for name, value in rows[0].items() if name in read}
        variants = [("", rows[other])]
        if {**rows[other], **own} != rows[other]:
            variants.append(("like-it", {**rows[other], **own}))
        stored = self._samples.row(entity, other) or {}
        for variant, values in variants:
            decides = partial(self._access.create_answer, entity, CREATE, {**stored, **values})
            yield Asked(
                operation=operation.value,
                variant=variant,
                method="POST",
                path=_OF_CREATION[operation],
                body=self._tables.samples.json.wire_of(entity, values),
                other=self._tables.samples.json.wire_of(entity, rows[0]) if other else None,
                is_idempotent=_takes_key(entity),
                answers=self._answers(self._callers(table), decides),
            )

    def _command(self, table: Table, command: Command) -> Asked:
        name, entity = command.name.text, table.entity
        run = self._samples.success(command)
        if run is not None and not can_be_stored(self._tables, run):
            run = None
        row = table.row if run is None or command.creates else run.row
        told = run.input if run is not None else self._told(command, row)
        if command.creates:
            made = {**table.row, **told}
            decides = partial(self._access.create_answer, entity, name, made)
        else:
            decides = partial(self._access.row_answer, entity, name, row)
        asked = self._sent(command, told, self._answers(self._callers(table), decides))
        return replace(
            asked,
            row=self._difference(table, row),
            other=self._other(command, told),
            has_etag=entity.etag and not command.creates,
            is_idempotent=command.execution.idempotent or _takes_key(entity),
            is_once=command.execution.natural_key is not None,
            succeeds=asked.succeeds and run is not None,
        )

    def _other(self, command: Command, told: Values) -> dict[str, Wire] | None:
        """Return another body of a command, or None when there is none."""
        for field in body_inputs(command):
            if isinstance(field.type, Scalar | EnumRef | ObjectRef):
                for n in range(1, 4):
                    value = self._tables.samples.field(field, n)
                    if value is not None and value != told.get(field.attribute):
                        return self._body(command, {**told, field.attribute: value})
        return None

    def _body(self, command: Command, told: Values) -> dict[str, Wire]:
        return {one.wire: self._wire(one, told) for one in body_inputs(command)}

    def _sent(self, command: Command, told: Values, answers: Answers) -> Asked:
        assert command.route is not None
        # What it does when it is let, nobody knows before it is written.
        is_known = command.handler is not Handler.CUSTOM and self._are_there(told)
        return Asked(
            operation=command.name.text,
            method=command.route.method,
            path=command.route.path,
            inputs={one.attribute: self._wire(one, told) for one in path_inputs(command)},
            body=self._body(command, told) if takes_input(command) else None,
            succeeds=is_known,
            is_command=True,
            answers=answers if is_known else only_refusals(answers),
        )

    def _told(self, command: Command, row: Values) -> Values:
        return self._samples.input(command.input, row)

    def _are_there(self, values: Values) -> bool:
        targets = (one.entity for one in values.values() if isinstance(one, Reference))
        return all(self._tables.has(self._system.entities[target]) for target in targets)


def _takes_key(entity: Entity) -> bool:
    """Whether the writes of a resource take an Idempotency-Key."""
    return entity.resource is not None and entity.resource.idempotency
