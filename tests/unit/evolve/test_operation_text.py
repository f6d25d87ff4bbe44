"""Steps of a migration in words."""

import pytest

from apigen.evolve.operation import (
    AddColumn,
    AlterColumn,
    Column,
    CreateTable,
    DropColumn,
    DropTable,
    Operation,
    RefuseValues,
    RenameColumn,
    RenameTable,
    TableName,
)
from apigen.evolve.operation_text import operation_text, told
from apigen.ir.schema import ColumnType, Condition

TASKS = TableName(name="tasks")
TEXT = ColumnType(name="Text")
NOTE = Column(name="note", type=TEXT, nullable=True)
REQUIRED = Column(name="note", type=TEXT, nullable=False)
MADE = CreateTable(table=TASKS, columns=(NOTE,), constraints=())


@pytest.mark.parametrize(
    ("operation", "text"),
    [
        (MADE, "makes table tasks"),
        (DropTable(created=MADE), "drops table tasks"),
        (
            RenameTable(before=TASKS, after=TableName(name="todos", schema="shop")),
            "renames table tasks to shop.todos",
        ),
        (AddColumn(table=TASKS, column=NOTE), "adds column tasks.note"),
        (DropColumn(table=TASKS, column=NOTE), "drops column tasks.note"),
        (RenameColumn(table=TASKS, before="a", after="b"), "renames column tasks.a to b"),
        (
            RefuseValues(table=TASKS, column="state", values=("a", "b")),
            "stops if tasks.state holds 'a' or 'b'",
        ),
        (
            AlterColumn(table=TASKS, before=NOTE, after=REQUIRED),
            "requires a value in column tasks.note",
        ),
        (
            AlterColumn(table=TASKS, before=REQUIRED, after=NOTE),
            "allows NULL in column tasks.note",
        ),
        (
            AlterColumn(
                table=TASKS, before=NOTE, after=NOTE, dropped_default=Condition(expression="1")
            ),
            "drops the default of column tasks.note",
        ),
    ],
)
def test_a_step_names_what_it_is_about(operation: Operation, text: str) -> None:
    assert operation_text(operation) == text


def test_the_same_words_are_said_once_in_the_order_of_the_steps() -> None:
    steps = (AddColumn(table=TASKS, column=NOTE), MADE, AddColumn(table=TASKS, column=NOTE))

    assert told(steps) == ("adds column tasks.note", "makes table tasks")
