# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The errors of this project: those it meets, and the root of those it adds."""

from todo.support.core.errors import ConfigurationError, DomainError

__all__ = ["ConfigurationError", "TodoError"]


class TodoError(DomainError):
    """A rule of this project does not allow it; answered with 422 and the code of the error."""

    code = "todo_error"
