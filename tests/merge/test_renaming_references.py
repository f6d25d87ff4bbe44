"""What a declared rename does to files that apigen never made."""

import ast
import textwrap

import pytest

from apigen.evolve.record import Rename
from apigen.merge.changes import Reason
from apigen.merge.renaming.mentions import Why
from apigen.merge.renaming.renamed import Renamed
from tests.merge.renamed_projects import carried, rendering

DOMAIN = '''\
"""Written by apigen."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.support.ports import Repository


class Status(StrEnum):
    OPEN = "open"
    DONE = "done"


@dataclass
class Item:
    remark: str
    weight: int = 0


@dataclass
class Task:
    remark: str
    status: Status
    items: list[Item]
    owner: "Task | None" = None

    def rename(self, remark: str) -> None:
        self.remark = remark


class TaskRepository(Repository[Task]):
    """Where tasks are kept."""


class Work:
    @property
    def tasks(self) -> TaskRepository:
        return TaskRepository()


def task_from_text(task_text: str) -> Task:
    return Task(remark=task_text, status=Status.OPEN, items=[])


def all_tasks() -> Sequence[Task]:
    return []
'''
PORTS = """\
from typing import Self


class Repository[AggregateT]:
    async def get(self, key: int) -> AggregateT: ...

    def every(self) -> list[AggregateT]: ...

    def __enter__(self) -> Self: ...
"""
RENAMES = (
    Rename(kind="entity", old="app.Task", new="app.Chore"),
    Rename(kind="field", old="app.Task.remark", new="app.Chore.note"),
    Rename(kind="member", old="app.Status.OPEN", new="app.Status.FRESH"),
)


def _renamed(text: str) -> str:
    """Return what templates would make of the spec with the renames."""
    for old, new in (
        ("Task", "Chore"),
        ("task", "chore"),
        ("OPEN", "FRESH"),
        ('"open"', '"fresh"'),
    ):
        text = text.replace(old, new)
    before, item, after = text.partition("class Item:\n    remark: str\n")
    return before.replace("remark", "note") + item + after.replace("remark", "note")


FILES = {
    "src/app/__init__.py": "",
    "src/app/domain.py": DOMAIN,
    "src/app/api/__init__.py": "",
    "src/app/api/tasks.py": "router = 1\n",
    "src/app/support/__init__.py": "",
    "src/app/support/ports.py": PORTS,
}
NEW = {path.replace("tasks.py", "chores.py"): _renamed(text) for path, text in FILES.items()}


def _run(text: str, path: str = "src/app/own.py", **more: str) -> Renamed:
    own = {path: textwrap.dedent(text), **more}
    return carried(rendering(FILES), rendering(NEW), own, renames=RENAMES)


def _after(text: str, path: str = "src/app/own.py") -> str:
    return _run(text, path).worktree.content(path).decode()


def _body(text: str) -> str:
    """Return the text of a function `f` of the owner's after the renames."""
    head = "from app.domain import Item, Status, Task, Work, all_tasks, task_from_text\n"
    return _after(head + text).partition("\n")[2]


def test_an_imported_name_is_renamed_where_it_is_used() -> None:
    after = _after("from app.domain import Task\n\nprint(Task, Task.rename)\n")

    assert after == "from app.domain import Chore\n\nprint(Chore, Chore.rename)\n"


def test_an_alias_stays() -> None:
    after = _after("from app.domain import Task as T\n\nprint(T)\n")

    assert after == "from app.domain import Chore as T\n\nprint(T)\n"


def test_a_name_read_from_a_module_is_renamed() -> None:
    after = _after("import app.domain as d\nimport app.domain\n\nd.Task, app.domain.Task\n")

    assert after == "import app.domain as d\nimport app.domain\n\nd.Chore, app.domain.Chore\n"


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("from app.api.tasks import router\n", "from app.api.chores import router\n"),
        (
            "from app.api import tasks\ntasks.router\n",
            "from app.api import chores\nchores.router\n",
        ),
        ("import app.api.tasks\napp.api.tasks\n", "import app.api.chores\napp.api.chores\n"),
        ("import app.api.tasks as t\nt.router\n", "import app.api.chores as t\nt.router\n"),
        ("from .api.tasks import router\n", "from .api.chores import router\n"),
        ("from .api import tasks as t\n", "from .api import chores as t\n"),
        ("from . import domain\ndomain.Task\n", "from . import domain\ndomain.Chore\n"),
        ("from app.domain import *\nTask\n", "from app.domain import *\nChore\n"),
    ],
)
def test_a_moved_module_is_imported_from_its_new_place(text: str, after: str) -> None:
    assert _after(text) == after


def test_annotations_that_are_texts_are_code() -> None:
    after = _after(
        """\
        from typing import TYPE_CHECKING, Annotated, Literal, cast
        if TYPE_CHECKING:
            from app.domain import Task
        def f(a: "Task", b: list["Task | None"], c: Literal["Task"]) -> "dict[str, Task]": ...
        x: Annotated["Task", "Task"] = cast("Task", 1)
        """
    )

    assert after == textwrap.dedent(
        """\
        from typing import TYPE_CHECKING, Annotated, Literal, cast
        if TYPE_CHECKING:
            from app.domain import Chore
        def f(a: "Chore", b: list["Chore | None"], c: Literal["Task"]) -> "dict[str, Chore]": ...
        x: Annotated["Chore", "Task"] = cast("Chore", 1)
        """
    )


def test_what_a_module_exports_is_renamed() -> None:
    after = _after('from app.domain import Task\n\n__all__ = ["Task", "f"]\n')

    assert after == 'from app.domain import Chore\n\n__all__ = ["Chore", "f"]\n'


def test_what_shadows_a_renamed_name_stays() -> None:
    text = """\
        from app.domain import Task
        def f(Task): return Task
        def g():
            Task = 1
            return [Task for Task in Task]
        class C:
            Task = 2
        """

    after = _after(text)

    assert after == textwrap.dedent(text).replace("import Task", "import Chore")


def test_a_name_that_is_taken_makes_an_alias_of_the_old_one() -> None:
    after = _after("from app.domain import Task\n\nclass Chore: ...\n\nprint(Task, Chore)\n")

    assert after == (
        "from app.domain import Chore as Task\n\nclass Chore: ...\n\nprint(Task, Chore)\n"
    )


def test_a_name_that_would_be_captured_makes_an_alias() -> None:
    after = _after("from app.domain import Task\ndef f():\n    Chore = 1\n    return Task, Chore\n")

    assert after == (
        "from app.domain import Chore as Task\ndef f():\n    Chore = 1\n    return Task, Chore\n"
    )


def test_a_name_re_exported_on_the_way_is_found() -> None:
    found = _run(
        "from app.names import Task\nprint(Task)\n",
        **{"src/app/names.py": "from app.domain import Task\n"},
    )

    assert found.worktree.content("src/app/own.py") == (
        b"from app.names import Chore\nprint(Chore)\n"
    )
    assert found.worktree.content("src/app/names.py") == b"from app.domain import Chore\n"


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("def f(t: Task): t.remark\n", "def f(t: Chore): t.note\n"),
        ("def f(t: Task | None): t.remark\n", "def f(t: Chore | None): t.note\n"),
        ("def f(t: 'Task'): t.remark\n", "def f(t: 'Chore'): t.note\n"),
        ("t = Task('a')\nt.remark = ''\n", "t = Chore('a')\nt.note = ''\n"),
        ("t = task_from_text('a')\nt.remark\n", "t = chore_from_text('a')\nt.note\n"),
        ("def f(t: Task): t.owner.remark\n", "def f(t: Chore): t.owner.note\n"),
        ("for t in all_tasks(): t.remark\n", "for t in all_chores(): t.note\n"),
        ("[t.remark for t in all_tasks()]\n", "[t.note for t in all_chores()]\n"),
        ("all_tasks()[0].remark\n", "all_chores()[0].note\n"),
        (
            "sorted(all_tasks(), key=lambda t: t.remark)\n",
            "sorted(all_chores(), key=lambda t: t.note)\n",
        ),
        (
            "def f(d: dict[str, Task]): [t.remark for t in d.values()]\n",
            "def f(d: dict[str, Chore]): [t.note for t in d.values()]\n",
        ),
        (
            "def f(d: dict[str, Task]): [t.remark for _, t in d.items()]\n",
            "def f(d: dict[str, Chore]): [t.note for _, t in d.items()]\n",
        ),
        (
            "for n, t in enumerate(all_tasks()): t.remark\n",
            "for n, t in enumerate(all_chores()): t.note\n",
        ),
        (
            "def f(x: object):\n    if isinstance(x, Task): x.remark\n",
            "def f(x: object):\n    if isinstance(x, Chore): x.note\n",
        ),
        (
            "match 1:\n    case Task(remark=r): ...\n    case Task() as t: t.remark\n",
            "match 1:\n    case Chore(note=r): ...\n    case Chore() as t: t.note\n",
        ),
        ("Task(remark='', status=1)\n", "Chore(note='', status=1)\n"),
        (
            "from dataclasses import replace\ndef f(t: Task): replace(t, remark='').remark\n",
            "from dataclasses import replace\ndef f(t: Chore): replace(t, note='').note\n",
        ),
        ("Task.rename(1, remark='')\n", "Chore.rename(1, note='')\n"),
        ("task_from_text(task_text='')\n", "chore_from_text(chore_text='')\n"),
        ("Status.OPEN is Status['OPEN']\n", "Status.FRESH is Status['OPEN']\n"),
        (
            "async def f(w: Work):\n    t = await w.tasks.get(1)\n    t.remark\n",
            "async def f(w: Work):\n    t = await w.chores.get(1)\n    t.note\n",
        ),
        (
            "def f(w: Work):\n    with w.tasks as r: r.every()[0].remark\n",
            "def f(w: Work):\n    with w.chores as r: r.every()[0].note\n",
        ),
        (
            "class S(Task):\n    remark: str = ''\n    def f(self): return self.remark\n",
            "class S(Chore):\n    note: str = ''\n    def f(self): return self.note\n",
        ),
        (
            "class S:\n def __init__(self, t: Task): self.t = t\n def f(self): self.t.remark\n",
            "class S:\n def __init__(self, t: Chore): self.t = t\n def f(self): self.t.note\n",
        ),
        (
            "class S(Task):\n def f(self): return [super().remark for _ in 'a']\n",
            "class S(Chore):\n def f(self): return [super().note for _ in 'a']\n",
        ),
        (
            "class S(Task):\n @classmethod\n def f[T](cls, x: T): super(S, cls).remark\n",
            "class S(Chore):\n @classmethod\n def f[T](cls, x: T): super(S, cls).note\n",
        ),
        ("def f(t: type[Task]): t.remark\n", "def f(t: type[Chore]): t.note\n"),
        ("if (t := Task('')): t.remark\n", "if (t := Chore('')): t.note\n"),
    ],
)
def test_a_member_is_renamed_where_the_class_is_known(text: str, after: str) -> None:
    assert _body(text) == after


@pytest.mark.parametrize(
    "text",
    [
        "def f(i: Item): i.remark, Item(remark='')\n",
        "class S(Item):\n def f(self): super().remark\n",
        "import other\ndef f(x: other.Thing): x.remark, x.tasks\n",
        "''.remark\n",
        "class Mine:\n    OPEN = 1\nMine.OPEN\n",
        "class Own:\n    remark = ''\n    def f(self): return self.remark\n",
        "def f(remark): return remark\n",
        "t = task = remark = 1\n",
    ],
)
def test_a_member_of_another_class_stays(text: str) -> None:
    assert _body(text) == text


def test_a_member_is_renamed_where_everything_is_imported() -> None:
    after = _after("from app.domain import *\nt = Task('a')\nt.remark, all_tasks()[0].remark\n")

    assert after == "from app.domain import *\nt = Chore('a')\nt.note, all_chores()[0].note\n"


def test_an_attribute_that_only_the_renamed_class_has_needs_no_known_receiver() -> None:
    assert _body("def f(x): x.tasks\n") == "def f(x): x.chores\n"


def test_an_attribute_that_others_have_too_is_only_reported() -> None:
    found = _run("def f(x):\n    return x.remark\n")

    assert found.worktree.content("src/app/own.py") == b"def f(x):\n    return x.remark\n"
    (mention,) = found.mentions
    assert (mention.path, mention.line, mention.name, mention.text, mention.why) == (
        "src/app/own.py",
        2,
        "remark",
        "return x.remark",
        Why.DOUBT,
    )


def test_an_attribute_that_any_text_has_is_not_taken_for_the_renamed_one() -> None:
    old = {"src/app/domain.py": "class Task:\n    title: str\n"}
    new = {"src/app/domain.py": "class Task:\n    label: str\n"}

    found = carried(
        rendering(old), rendering(new), {"src/app/own.py": "def f(x): return x.title()\n"}
    )

    assert found.worktree.content("src/app/own.py") == b"def f(x): return x.title()\n"


def test_texts_comments_and_other_files_stay_and_are_reported() -> None:
    own = 'URL = "/api/tasks"  # of a Task\n'
    found = _run(
        own, **{"docs/a.md": "# My notes\n\nSee `Task`.\n", "src/app/q.sql": "-- tasks.x\n"}
    )

    assert found.worktree.content("src/app/own.py").decode() == own
    assert [(one.path, one.line, one.name) for one in found.mentions] == [
        ("docs/a.md", 3, "Task"),
        ("src/app/own.py", 1, "Task"),
        ("src/app/own.py", 1, "tasks"),
        ("src/app/q.sql", 1, "tasks"),
    ]


def test_bytes_around_a_renamed_name_stay() -> None:
    text = "\ufefffrom app.domain import ( Task , )\r\n\r\n\r\n\r\nx  = Task  # ä 'q'\r\ny='ä',Task"
    own = text.encode()

    found = carried(rendering(FILES), rendering(NEW), {"src/app/own.py": own}, renames=RENAMES)

    assert found.worktree.content("src/app/own.py") == own.replace(b"Task", b"Chore")
    assert found.worktree.rewritten() == {"src/app/own.py": (1, 5, 6)}


def test_a_file_without_an_old_name_is_not_even_parsed() -> None:
    found = _run("def (: broken\n")

    assert found.worktree.content("src/app/own.py") == b"def (: broken\n"
    assert "src/app/own.py" not in found.worktree.rewritten()


def test_a_file_that_does_not_parse_stays_and_is_reported() -> None:
    found = _run("def (:\n    Task\n")

    assert "src/app/own.py" not in found.worktree.rewritten()
    assert [(one.line, one.name) for one in found.mentions] == [(2, "Task")]


def test_a_module_in_another_encoding_stays_and_is_reported() -> None:
    text = "# -*- coding: latin-1 -*-\nfrom app.domain import Task\nx = 'é'; y = Task\n"

    found = carried(
        rendering(FILES),
        rendering(NEW),
        {"src/app/own.py": text.encode("latin-1")},
        renames=RENAMES,
    )

    assert found.worktree.content("src/app/own.py") == text.encode("latin-1")
    assert [(one.line, one.name) for one in found.mentions] == [(2, "Task"), (3, "Task")]


@pytest.mark.parametrize(
    "end", ["#\r", "\r", "\r\r\n", "#\f\n", "\f", "#\v\n", "#\x1c\n", "#\u2028\n"]
)
def test_signs_that_end_a_line_elsewhere_move_no_name(end: str) -> None:
    text = f"from app.domain import Task\nx = 1  {end}y = Task\nz = Task\n"

    found = _run(text)

    after = found.worktree.content("src/app/own.py").decode()
    if "Chore" in after:
        ast.parse(after)
        assert after.replace("Chore", "Task") == text
        assert "z = Chore" in after
    else:
        assert after == text
        assert found.mentions


def test_a_migration_is_never_rewritten() -> None:
    path = "migrations/versions/0123_mine.py"
    found = _run("from app.domain import Task\n", path)

    assert found.worktree.content(path) == b"from app.domain import Task\n"
    assert found.mentions == ()


def test_the_spec_does_not_mention_itself() -> None:
    found = carried(
        rendering(FILES),
        rendering(NEW),
        {"apigen.yaml": "renamed_from: Task\n"},
        renames=RENAMES,
        spec={"apigen.yaml"},
    )

    assert found.mentions == ()


def test_a_module_that_is_nested_too_deeply_stays_and_is_reported() -> None:
    found = _run(f"from app.domain import Task\nx = {' + '.join(['1'] * 3000)}\n")

    assert found.worktree.rewritten() == {}
    assert [(one.path, one.line) for one in found.mentions] == [("src/app/own.py", 1)]


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("def f[T: Task](x: T) -> T: ...\n", "def f[T: Chore](x: T) -> T: ...\n"),
        ("class C[T: Task]: ...\n", "class C[T: Chore]: ...\n"),
        ("type Tasks[T: Task] = list[Task]\n", "type Tasks[T: Chore] = list[Chore]\n"),
        (
            "x = f'{Task} {Task.rename!r:>{9}}'\n",
            "x = f'{Chore} {Chore.rename!r:>{9}}'\n",
        ),
        (
            "def f():\n global Task\n Task = 1\n",
            "def f():\n global Chore\n Chore = 1\n",
        ),
        ("class C(Task, key=Task): ...\n", "class C(Chore, key=Chore): ...\n"),
        ("@Task\ndef f(x=Task, *a: Task): ...\n", "@Chore\ndef f(x=Chore, *a: Chore): ...\n"),
        ("try: ...\nexcept Task as t: t.remark\n", "try: ...\nexcept Chore as t: t.note\n"),
        (
            "match 1:\n case {'a': Task(), **r}: r\n",
            "match 1:\n case {'a': Chore(), **r}: r\n",
        ),
        ("x = lambda t=Task: t\n", "x = lambda t=Chore: t\n"),
        ("Task . rename ; del Task\n", "Chore . rename ; del Chore\n"),
    ],
)
def test_a_name_is_renamed_wherever_the_language_has_names(text: str, after: str) -> None:
    assert _body(text) == after


@pytest.mark.parametrize(
    "text",
    [
        "def f[Task](x: Task) -> Task:\n y: Task = x\n return y\n",
        "async def f[T, *Task](*x: *Task): return lambda: Task\n",
        "def f[**Task](x: 'Callable[Task, Task]'): ...\n",
        "def f[T: Task, Task](x: T): ...\n",
        "class Box[Task]:\n x: Task\n def f(self, x: Task) -> list[Task]: return [x]\n",
        "class Box[Task](list[Task], key=Task): ...\n",
        "type X[Task] = list[Task]\n",
        "class Box[Task]:\n type X[T: Task] = T | Task\n",
        "def f[Task](x: Task): return x.remark\ndef g(): return f(1).remark\n",
        "def f[Task](x: Task) -> Task: return x\ndef g(): return f(1).remark\n",
        "class C:\n Task = int\n def m[T](self, x: Task) -> Task: ...\n",
        "class C:\n Task = int\n type X[T] = dict[T, Task]\n",
        "class C:\n Task = int\n class D[T: Task](Task): ...\n",
    ],
)
def test_a_type_parameter_that_shadows_a_renamed_name_stays(text: str) -> None:
    assert _body(text) == text


@pytest.mark.parametrize(
    ("text", "after"),
    [
        (
            "@Task\ndef f[Task](x: Task = Task): ...\nTask\n",
            "@Chore\ndef f[Task](x: Task = Chore): ...\nChore\n",
        ),
        ("@Task\nclass C[Task]: ...\n", "@Chore\nclass C[Task]: ...\n"),
        ("def Task[Task](): ...\n", "def Chore[Task](): ...\n"),
        (
            "class C:\n Task = int\n def m[T](self): return Task\n",
            "class C:\n Task = int\n def m[T](self): return Chore\n",
        ),
        (
            "class C:\n Task = int\n class D[T]:\n  x: Task\n",
            "class C:\n Task = int\n class D[T]:\n  x: Chore\n",
        ),
        (
            "class C:\n Task = int\n def m[T: (lambda: Task)](self): ...\n",
            "class C:\n Task = int\n def m[T: (lambda: Chore)](self): ...\n",
        ),
        (
            "def f[Task]():\n def g():\n  global Task\n  return Task\n",
            "def f[Task]():\n def g():\n  global Chore\n  return Chore\n",
        ),
        (
            "def f[T](x: Task): return x.remark\n",
            "def f[T](x: Chore): return x.note\n",
        ),
        (
            "class C(Task):\n def m[T](self, x: T): return self.remark\n",
            "class C(Chore):\n def m[T](self, x: T): return self.note\n",
        ),
        (
            "type X[T] = Task\ndef f(x: X[int]): x.remark\n",
            "type X[T] = Chore\ndef f(x: X[int]): x.note\n",
        ),
        ("class C[T](Task): ...\nC[int]().remark\n", "class C[T](Chore): ...\nC[int]().note\n"),
    ],
)
def test_around_type_parameters_names_mean_what_they_mean_to_python(text: str, after: str) -> None:
    assert _body(text) == after


def test_a_type_parameter_with_the_new_name_makes_an_alias_of_the_old_one() -> None:
    text = "from app.domain import Task\n\n\ndef f[Chore](x: Chore) -> Task: ...\n"

    assert _after(text) == text.replace("import Task", "import Chore as Task")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Task(done=1, note=x.done)", "Task(isDone=1, note=x.is_done)"),
        ("Task(wasNote=1).was_note", "Task(remark=1).remark"),
        ("Mine(done=1, wasNote=2)", "Mine(isDone=1, remark=2)"),
        ("Task(theSame=1).both_names", "Task(theSame=1).other_name"),
        ("Task(toTwo=1)", "Task(toThree=1)"),
    ],
)
def test_a_model_is_made_with_the_names_its_fields_have_on_the_wire(
    before: str, after: str
) -> None:
    """Pydantic takes an alias for the name of the keyword."""
    old = (
        "class Task(Dto):\n"
        "    done: bool = False\n"
        '    was_note: str = Field(alias="wasNote")\n'
        '    both_names: str = Field(default="", alias="theSame")\n'
        '    to_two: str = Field(alias="toTwo")\n'
        "    note: str\n"
    )
    new = (
        "class Task(Dto):\n"
        '    is_done: bool = Field(default=False, alias="isDone")\n'
        "    remark: str\n"
        '    other_name: str = Field(default="", alias="theSame")\n'
        '    to_three: str = Field(alias="toThree")\n'
        "    note: str\n"
    )
    head = "from app.dtos import Task\n\n\nclass Mine(Task): ...\n\n\ndef f(x: Task) -> None:\n    "

    found = carried(
        rendering({"src/app/dtos.py": old}),
        rendering({"src/app/dtos.py": new}),
        {"src/app/own.py": f"{head}{before}\n"},
    )

    assert found.worktree.content("src/app/own.py").decode() == f"{head}{after}\n"


def test_two_names_can_be_swapped() -> None:
    old = {
        "src/app/domain.py": "class A:\n    x: int\n    y: int\n\n\nclass B:\n    z: int\n",
    }
    new = {
        "src/app/domain.py": "class B:\n    y: int\n    x: int\n\n\nclass A:\n    z: int\n",
    }
    own = "from app.domain import A, B\n\n\ndef f(a: A, b: B):\n    return a.x - a.y + b.z\n"

    found = carried(rendering(old), rendering(new), {"src/app/own.py": own})

    assert found.worktree.content("src/app/own.py").decode() == (
        "from app.domain import A, B\n\n\ndef f(a: B, b: A):\n    return a.y - a.x + b.z\n"
    )


def test_a_name_that_the_owner_gave_to_something_else_in_a_generated_file_stops_the_run() -> None:
    own = DOMAIN.replace("class Item:", "class Chore: ...\n\n\n@dataclass\nclass Item:")

    found = carried(rendering(FILES), rendering(NEW), {"src/app/domain.py": own}, renames=RENAMES)

    (blocked,) = found.blocked
    assert (blocked.path, blocked.reason) == ("src/app/domain.py", Reason.TAKEN)
    assert blocked.detail == "line 16 has a `Chore` of yours"


def test_a_file_of_the_owners_where_a_generated_one_moves_to_stops_the_run() -> None:
    found = _run("x = 1\n", "src/app/api/chores.py")

    (blocked,) = found.blocked
    assert (blocked.path, blocked.reason) == ("src/app/api/chores.py", Reason.FOREIGN)
    assert blocked.detail == "a declared rename moves src/app/api/tasks.py there"
