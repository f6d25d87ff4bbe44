from todo.rows import *
from todo.own import *

NAME = "a"
MINE = TaskRow
