"""Every router of the API."""

from todo.interface.api.v1 import lists, tasks

__all__ = ["ROUTERS", "TITLES", "Tags"]

ROUTERS = [lists.router, tasks.router]
ROWS = (ListRow, TaskRow)
TITLES = {"lists": "Lists", "tasks": "Tasks"}
