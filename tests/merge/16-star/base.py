from todo.rows import *

NAME = "a"
