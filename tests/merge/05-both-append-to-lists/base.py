"""Every router of the API."""

from todo.interface.api.v1 import tasks

__all__ = ["ROUTERS", "Tags"]

ROUTERS = [tasks.router]
ROWS = (TaskRow,)
TITLES = {"tasks": "Tasks"}
