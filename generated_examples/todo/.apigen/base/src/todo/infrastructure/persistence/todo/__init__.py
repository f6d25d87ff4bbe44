# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Where todo is stored: transactions to write, readers to read."""

from todo.infrastructure.persistence.todo.read_models import todo_readers
from todo.infrastructure.persistence.todo.repositories import SqlTodoUnitOfWork

__all__ = [
    "SqlTodoUnitOfWork",
    "todo_readers",
]
