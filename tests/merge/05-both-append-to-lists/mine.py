"""Every router of the API."""

from todo.interface.api.v1 import metrics, tasks

__all__ = ["ROUTERS", "Tags", "find"]

ROUTERS = [tasks.router, metrics.router]
ROWS = (TaskRow, AuditRow)
TITLES = {"tasks": "Tasks", "metrics": "Numbers"}
