"""Package of todo."""

from todo.main import app

__all__ = ["app"]

VERSION = 1
