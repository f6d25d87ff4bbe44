"""However a client asks, what is remembered of its statements has a bound."""

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from apigen.support.application.queries import ListQuery, PageStyle, Paging
from apigen.support.domain.specification import (
    AndSpecification,
    AttributeSpecification,
    Operator,
    Specification,
)
from apigen.support.infrastructure import resource_statements, statements
from apigen.support.infrastructure.reader import SqlResourceReader
from apigen.support.infrastructure.statements import DriverStatement, StatementCompiler

from .library import BOOKS, BookId

LIMIT = 20
OPERATORS = (Operator.LT, Operator.GT, Operator.LTE, Operator.GTE, Operator.EQ)


class Watch:
    """What is compiled in a test, and by what."""

    def __init__(self) -> None:
        self.compilers: set[StatementCompiler] = set()
        self.texts: set[str] = set()

    def remembered(self) -> int:
        """Return how many compiled statements there are in all caches."""
        return sum(compiler.shapes for compiler in self.compilers)


@pytest.fixture(autouse=True)
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Small caches, and who uses them; before there is any engine."""
    monkeypatch.setattr(statements, "_SHAPES", LIMIT)
    monkeypatch.setattr(statements, "_KEPT", LIMIT)
    monkeypatch.setattr(resource_statements, "_KEPT", LIMIT)
    watched = Watch()
    compile_statement = StatementCompiler.compile

    def note(
        compiler: StatementCompiler, statement: sa.Select[Any], values: Any = None
    ) -> DriverStatement:
        made = compile_statement(compiler, statement, values)
        if "books" in made.sql:
            watched.compilers.add(compiler)
            watched.texts.add(made.sql)
        return made

    monkeypatch.setattr(StatementCompiler, "compile", note)
    return watched


def compared(operator: Operator, value: object) -> Specification[Any]:
    """Return a condition on the price."""
    return AttributeSpecification(("price", "amount"), operator, value)


@pytest.mark.parametrize("style", [PageStyle.OFFSET, PageStyle.CURSOR])
async def test_other_values_are_no_other_statement(
    library: AsyncEngine, watch: Watch, style: PageStyle
) -> None:
    asked = SqlResourceReader[BookId](library, BOOKS, Paging(style=style))

    for number in range(3 * LIMIT):
        where = compared(Operator.GT, Decimal(number))
        await asked.page(ListQuery(where=where, search=f"word{number}", size=number + 1))

    assert len(watch.texts) == 1
    assert watch.remembered() == 1


async def test_lists_of_values_of_every_length_are_one_statement_of_a_bounded_number_of_texts(
    library: AsyncEngine, watch: Watch
) -> None:
    """A query string has at most 100 values in one list, and drivers keep the last 100 texts."""
    asked = SqlResourceReader[BookId](library, BOOKS, Paging())

    for length in range(1, 101):
        values = [Decimal(number) for number in range(length)]
        await asked.page(ListQuery(where=compared(Operator.IN, values)))

    assert len(watch.texts) <= 100
    assert watch.remembered() <= 1.5 * LIMIT + 1


async def test_ever_new_shapes_do_not_pile_up(library: AsyncEngine, watch: Watch) -> None:
    asked = SqlResourceReader[BookId](library, BOOKS, Paging())

    for operators in product(OPERATORS, repeat=3):
        parts = tuple(compared(operator, Decimal(1)) for operator in operators)
        await asked.page(ListQuery(where=AndSpecification(parts)))

    assert len(watch.texts) == len(OPERATORS) ** 3
    # A cache is cut when it is half as large again.
    assert watch.remembered() <= 1.5 * LIMIT + 1
