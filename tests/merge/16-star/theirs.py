from todo.core import Settings
from todo.rows import TaskRow

NAME = "b"
SETTINGS: Settings = TaskRow.settings
