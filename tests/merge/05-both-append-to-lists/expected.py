"""Every router of the API."""

from todo.interface.api.v1 import lists, metrics, tasks

__all__ = ["ROUTERS", "TITLES", "Tags", "find"]

ROUTERS = [lists.router, tasks.router, metrics.router]
ROWS = (ListRow, TaskRow, AuditRow)
TITLES = {"lists": "Lists", "tasks": "Tasks", "metrics": "Numbers"}
