"""What the operations that tests ask for have in common: callers, answers, JSON of rows."""

from collections.abc import Callable

from apigen.ir.field import Field
from apigen.python.access_samples import AccessSamples, Answer, Caller
from apigen.python.query_samples import QuerySamples
from apigen.python.sample_values import Wire
from apigen.views.tests.asked import Answers, Table, Values
from apigen.views.tests.case_tables import Tables
from apigen.views.tests.command_tests import row_wire

type Decides = Callable[[Caller], Answer | None]


class Asking:
    """Samples of one system, and what comes of what is asked of them."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._system = tables.system
        self._samples = QuerySamples(tables.system, tables.samples)
        self._access = AccessSamples(tables.system, self._samples)

    def _callers(self, table: Table) -> tuple[Caller, ...]:
        return self._access.callers(table.entity.access, table.row)

    def _answers(self, callers: tuple[Caller, ...], answer: Decides) -> Answers:
        found = ((caller, answer(caller)) for caller in callers)
        return tuple((caller, told) for caller, told in found if told is not None)

    def _wire(self, field: Field, values: Values) -> Wire:
        return self._tables.samples.json.wire(field.type, values.get(field.attribute))

    def _difference(self, table: Table, row: Values) -> dict[str, Wire]:
        """Return the JSON of what is different in a row."""
        usual = row_wire(self._tables, table.source, table.row)
        own = row_wire(self._tables, table.source, row)
        return {name: value for name, value in own.items() if value != usual.get(name)}


def only_refusals(answers: Answers) -> Answers:
    """Return the answers without those that depend on code that nobody has seen."""
    return tuple(one for one in answers if one[1] not in (Answer.PERMITTED, Answer.UNAWARE))
