# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What clients may ask the lists of todo for."""

from todo.support.application.filter_types import (
    BOOLEAN,
    DATE,
    EXACT,
    MOMENT,
    RANGE,
    SHORT_TEXT,
    TEXT,
    UUID_TEXT,
    operators,
)
from todo.support.application.queries import PageStyle, Paging, ResourceQuery, listed

TASKS = ResourceQuery(
    resource="task",
    paging=Paging(style=PageStyle.OFFSET, size=20, max_size=100),
    fields=(
        listed("id", type=UUID_TEXT, ops=EXACT),
        listed("title", type=TEXT, ops=SHORT_TEXT),
        listed("done", type=BOOLEAN, ops=operators("eq")),
        listed("due_on", type=DATE, ops=RANGE, nullable=True),
        listed("created_at", type=MOMENT, ops=RANGE),
        listed("updated_at", type=MOMENT, ops=RANGE),
    ),
)
"""Lists of tasks."""
