"""What only reads, as tests ask for it: lists, what is embedded, queries."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

from apigen.ir.access import EXPORT, READ, AccessTable
from apigen.ir.behaviour import Handler, Query, Shape
from apigen.ir.system import Entity, Operation
from apigen.python.access_samples import Answer, Caller
from apigen.python.sample_values import Reference
from apigen.views.application.dtos import sent
from apigen.views.tests.asked import Asked, Table, Values
from apigen.views.tests.asking import Asking, only_refusals
from apigen.views.tests.command_tests import can_be_stored

OF_LISTS: Mapping[Operation, tuple[str, str]] = {
    Operation.LIST: (READ, ""),
    Operation.COUNT: (READ, "/count"),
    Operation.EXPORT: (EXPORT, "/export"),
}


class AskedReads(Asking):
    """The questions of one system."""

    def query(self, table: Table, query: Query, access: AccessTable) -> Asked:
        """Return a query of a resource, or of a context with `access` of its own."""
        assert query.route is not None
        name = query.name.text
        run = self._samples.matching(query)
        if run is not None and not can_be_stored(self._tables, run):
            run = None
        row = table.row if run is None else run.row
        told = run.input if run is not None else self._samples.input(query.input, row)
        asked = [(access, name), (table.entity.access, READ)]
        decides = partial(self._access.shown_answer, asked, row)
        answers = self._answers(self._access.callers(access, row), decides)
        # Of an answer that is kept nobody knows when it was made.
        shows = run is not None and query.cache is None
        if query.handler is Handler.CUSTOM:
            answers, shows = only_refusals(answers), False
        elif query.shape is Shape.ONE and not shows:
            answers = tuple(one for one in answers if one[1] is not Answer.PERMITTED)
        inputs = {
            one.attribute for one in query.input if f"{{{one.attribute}}}" in query.route.path
        }
        given = [one for one in query.input if sent(one)]
        return Asked(
            operation=name,
            method=query.route.method,
            path=query.route.path,
            inputs={
                one.attribute: self._wire(one, told) for one in given if one.attribute in inputs
            },
            query={one.wire: self._wire(one, told) for one in given if one.attribute not in inputs},
            row=self._difference(table, row),
            shows=shows,
            answers=answers,
        )

    def embedding(self, table: Table) -> Iterator[Asked]:
        """Yield the question for one row with another one in it."""
        resource = table.entity.resource
        assert resource is not None
        fields = {one.name.text: one for one in table.entity.fields}
        for name in (path[0] for path in resource.expand if len(path) == 1):
            referred = table.row.get(fields[name].attribute) if name in fields else None
            if not isinstance(referred, Reference):
                continue
            other = self._system.entities[referred.entity]
            row = self._samples.row(other, referred.n)
            if row is not None:
                decides = partial(self._embedded_answer, table, other, row)
                yield Asked(
                    operation=Operation.GET.value,
                    variant=f"with-{name}",
                    method="GET",
                    path="/{id}",
                    query={"expand": name},
                    shows=True,
                    embedded=name,
                    answers=self._answers(self._callers(table), decides),
                )

    def _embedded_answer(
        self, table: Table, other: Entity, row: Values, caller: Caller
    ) -> Answer | None:
        own = self._access.row_answer(table.entity, READ, table.row, caller)
        if own is not Answer.PERMITTED:
            return own
        found = self._access.shown_answer([(other.access, READ)], row, caller)
        return found if found in (None, Answer.PERMITTED) else Answer.UNAWARE

    def of_list(self, table: Table, operation: Operation) -> Iterator[Asked]:
        """Yield what is asked of all rows; of lists, a search too."""
        name, path = OF_LISTS[operation]
        asked = [(table.entity.access, one) for one in dict.fromkeys((name, READ))]
        decides = partial(self._access.shown_answer, asked, table.row)
        listing = Asked(
            operation=operation.value,
            method="GET",
            path=path,
            shows=True,
            answers=self._answers(self._callers(table), decides),
        )
        yield listing
        word = self._word(table) if operation is Operation.LIST else None
        if word is not None:
            yield replace(listing, variant="search", query={"q": word})

    def _word(self, table: Table) -> str | None:
        """Return what a search finds the row by."""
        resource = table.entity.resource
        assert resource is not None
        values = [table.row.get(name) for name in resource.search]
        return next((value for value in values if isinstance(value, str) and value), None)
