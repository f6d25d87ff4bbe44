# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""What routes are given: the handlers of the application, context by context."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from todo.application.todo.handlers import TodoHandlers


async def todo_handlers(request: Request) -> TodoHandlers:
    """Return the handlers of the context todo."""
    handlers: TodoHandlers = request.app.state.todo_handlers
    return handlers


TodoDependency = Annotated[TodoHandlers, Depends(todo_handlers)]
