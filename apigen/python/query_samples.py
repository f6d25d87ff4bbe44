"""Rows that a query finds, and what it has to be told to find them."""

import itertools
from collections.abc import Iterator, Mapping

from apigen.ir.behaviour import Query
from apigen.ir.types import Scalar
from apigen.python.command_samples import CommandSamples, Run
from apigen.python.sample_values import Value
from apigen.python.scalar_samples import accepts

_TRIES = 64
"""So many inputs are tried on a row."""


class QuerySamples(CommandSamples):
    """The runs of the commands and queries of one system."""

    def matching(self, query: Query) -> Run | None:
        """Return a row that a query finds, and what it is told; None when none is found.

        Of a query of a projection, the row that the projection shows.
        """
        for row, seen in self._seen_rows(query):
            for told in self._questions(query, seen):
                around = self._around(Run(row=seen, input=told))
                if query.where is None or self._rules.verdict(query.where, seen, around) is True:
                    return Run(row=row, input=told)
        return None

    def _seen_rows(self, query: Query) -> Iterator[tuple[dict[str, Value], dict[str, Value]]]:
        """Yield stored rows, each with what the query sees of it."""
        projection = next(
            (
                one.projection
                for context in self._system.contexts
                for one in context.projections
                if one.projection.qname == query.source
            ),
            None,
        )
        entity = self._system.entities[query.source if projection is None else projection.source]
        base = self.row(entity, 0)
        if base is None:
            return
        if projection is not None:
            around = self._around(Run(row=base, input={}))
            seen: dict[str, Value] = {}
            for field in projection.fields:
                self._set(seen, field.field.attribute, field.value, around, read=base)
            yield base, seen
        elif query.where is None:
            yield base, base
        else:
            for row in self._row_choices(entity, base, [query.where], query.where.reads):
                if self._keeps_invariants(entity, row):
                    yield row, row

    def _questions(self, query: Query, row: Mapping[str, Value]) -> Iterator[dict[str, Value]]:
        """Yield what a query may be told: samples first, then what the row has."""
        read = query.where.reads if query.where is not None else frozenset[str]()
        choices: list[list[Value]] = []
        for field in query.input:
            first = self._first_input(field, row)
            choices.append([first])
            if isinstance(field.type, Scalar):
                had = [row.get(name) for name in sorted(read)]
                alike = [one for one in had if type(one) is type(first)]
                choices[-1] += [one for one in alike if accepts(field.type, one)]
                choices[-1] += (self._samples.field(field, n) for n in range(1, 3))
        for picked in itertools.islice(itertools.product(*choices), _TRIES):
            names = [field.attribute for field in query.input]
            yield dict(zip(names, picked, strict=True))
