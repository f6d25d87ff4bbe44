"""The life of the smallest project: 30 changes of its spec and 30 edits of its code, interleaved.

Rows are in the database all the way. One test, because a life is one story; each chapter says what
it is about.
"""

import shutil
from pathlib import Path

import pytest

from tests.generated.projects import Projects, assert_clean, run
from tests.life.project import LivingProject

AGGREGATES = "src/todo/domain/todo/aggregates.py"
MAPPERS = "src/todo/application/todo/mappers.py"
HANDLERS = "src/todo/application/todo/handlers.py"
ROUTES = "src/todo/interface/api/v1/tasks.py"
REPORTS = "src/todo/application/todo/reports.py"


@pytest.fixture
def project(projects: Projects, tmp_path: Path) -> LivingProject:
    """The project of the todo example, migrated, with three tasks in it."""
    made = LivingProject(projects.copy("todo", tmp_path), database=tmp_path / "todo.db")
    made.migrate()
    for number, title in enumerate(("buy milk", "call home", "write tests")):
        made.store(
            "INSERT INTO tasks (id, title, done, due_on, created_at, updated_at, version) "
            "VALUES (?, ?, ?, NULL, ?, ?, 1)",
            f"{number:032x}",
            title,
            number == 1,
            "2026-01-01 00:00:00.000000",
            "2026-01-01 00:00:00.000000",
        )
    return made


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.criterion("R68.1", "R68.2")
def test_thirty_changes_and_thirty_edits_lose_nothing(
    project: LivingProject, projects: Projects, tmp_path: Path
) -> None:
    _fields_and_methods(project)
    _a_second_entity_and_own_modules(project)
    _the_entity_gets_another_name(project)
    _enums_and_members(project)
    _what_is_required(project)
    _files_that_are_not_python(project)
    _conflicts(project)
    _deleted_moved_and_renamed_by_the_owner(project)
    _removals(project)
    _resources(project)

    project.is_settled()
    assert project.rows("SELECT title, done, priority, remark FROM chores ORDER BY title") == [
        ("buy milk", 0, 3, "by bike"),
        ("call home", 1, 3, "-"),
        ("write tests", 0, 3, "-"),
    ]
    project.is_clean()
    project.has_right_types(projects.mypy_cache)
    project.passes_its_tests()
    _there_and_back(project, tmp_path)


def _fields_and_methods(project: LivingProject) -> None:
    project.apigen("add-field", "Task", "note: text?")  # spec 1
    project.edit(  # edit 1: a method of its own
        AGGREGATES,
        "    def check_invariants(self) -> None:\n",
        "    def complete(self) -> None:\n"
        '        """Tick it off."""\n'
        "        self.done = True  # mine: ticked\n"
        "\n"
        "    def check_invariants(self) -> None:\n",
    )
    project.apigen("add-field", "Task", "priority: int(1..5) = 3")  # spec 2
    project.edit(  # edit 2: a statement after what is generated
        AGGREGATES,
        'check_string("title", self.title, minimum=1, maximum=200)\n',
        'check_string("title", self.title, minimum=1, maximum=200)\n'
        "        self.done = bool(self.done)  # mine: never none\n",
    )
    project.edit(  # edit 3: inside of a call
        MAPPERS, "        title=data.title,\n", "        title=data.title.strip(),\n"
    )
    project.migrate()
    project.store("UPDATE tasks SET note = 'by bike' WHERE title = 'buy milk'")
    project.apigen("rename-field", "Task", "note", "remark")  # spec 3
    project.migrate()

    assert project.rows("SELECT title, remark, priority FROM tasks ORDER BY title") == [
        ("buy milk", "by bike", 3),
        ("call home", None, 3),
        ("write tests", None, 3),
    ]
    project.is_settled()


def _a_second_entity_and_own_modules(project: LivingProject) -> None:
    project.apigen("add-entity", "Project", "--field", "name: str(1..80) unique")  # spec 4
    project.write(  # edit 4: a module of its own
        REPORTS,
        '"""What is asked of tasks at the end of a week."""\n'
        "\n"
        "from collections.abc import Iterable\n"
        "\n"
        "from todo.domain.todo.aggregates import Task\n"
        "\n"
        "\n"
        "def urgent(found: Iterable[Task]) -> list[str]:\n"
        '    """Return the titles of what can not wait."""\n'
        "    return [\n"
        "        f'{task.title}: {task.remark}'\n"
        "        for task in found\n"
        "        if task.priority > 3 and not task.done\n"
        "    ]\n",
    )
    project.write(  # edit 5: a test of its own
        "tests/unit/todo/test_reports.py",
        '"""The weekly report."""\n'
        "\n"
        "from todo.application.todo.reports import urgent\n"
        "from todo.domain.todo.aggregates import Task\n"
        "\n"
        "\n"
        "def test_urgent_tasks_are_named() -> None:\n"
        "    task = Task(title='pay rent', priority=5, remark='today')\n"
        "\n"
        "    assert urgent([task]) == ['pay rent: today']\n"
        "    task.complete()\n"
        "    assert urgent([task]) == []\n",
    )
    project.apigen("add-field", "Task", "project: ref(Project)? on_delete=set_null")  # spec 5
    project.edit(  # edit 6: a route of its own at the end
        ROUTES,
        '@router.delete(\n    "/{task_id}",',
        '@router.get("/mine/urgent", include_in_schema=False)\n'
        "async def urgent_tasks() -> dict[str, bool]:\n"
        '    """Answer that nothing is urgent."""\n'
        '    return {"urgent": False}\n'
        "\n"
        "\n"
        '@router.delete(\n    "/{task_id}",',
    )
    project.edit(  # edit 7: a hook, next to a line that says it is the owner's
        HANDLERS,
        "TASK_HOOKS = ServiceHooks[Task, TaskCreate, TaskUpdate]()\n",
        "async def greet(task: Task) -> None:\n"
        '    """Say hello to a task that was stored."""\n'
        "    task.check_invariants()\n"
        "\n"
        "\n"
        "TASK_HOOKS = ServiceHooks[Task, TaskCreate, TaskUpdate](\n"
        "    after_create=(greet,),\n"
        ")\n",
    )
    project.spec("title: str(1..200)", "title: str(1..300)")  # spec 6
    project.migrate()

    assert project.rows("SELECT count(*), count(project_id) FROM tasks") == [(3, 0)]
    project.is_settled()


def _the_entity_gets_another_name(project: LivingProject) -> None:
    (project.root / AGGREGATES).write_text(  # edit 8: another formatter
        (project.root / AGGREGATES).read_text().replace('"title"', "'title'")
    )
    project.apigen("rename-entity", "Task", "Chore")  # spec 7
    project.renamed(
        {
            "Task": "Chore",
            "TaskCreate": "ChoreCreate",
            "TaskUpdate": "ChoreUpdate",
            "TASK_HOOKS": "CHORE_HOOKS",
        }
    )
    project.migrate()
    # Names of the owner's own choice are not apigen's to change.
    project.forget("task in found", "task.title", "task.priority", "task: Task", "task: Chore")

    assert project.rows("SELECT title, remark FROM chores ORDER BY title") == [
        ("buy milk", "by bike"),
        ("call home", None),
        ("write tests", None),
    ]
    assert not (project.root / ROUTES).exists()
    project.is_settled()


def _enums_and_members(project: LivingProject) -> None:
    project.spec(  # spec 8
        "\nentities:\n",
        "\ntypes:\n  Mood: { enum: [dull, fine, fun] }\n\nentities:\n",
    )
    project.apigen("add-field", "Chore", "mood: Mood = fine")  # spec 9
    project.edit(  # edit 9: a member used in code
        REPORTS,
        "from todo.domain.todo.aggregates import Chore\n",
        "from todo.domain.todo.aggregates import Chore\n"
        "from todo.domain.todo.value_objects import Mood\n"
        "\n"
        "BEST = Mood.FUN\n",
    )
    project.migrate()
    project.store("UPDATE chores SET mood = 'fun' WHERE title = 'call home'")
    project.spec(  # spec 10: a member gets another name
        "enum: [dull, fine, fun]",
        "enum: { dull: {}, fine: {}, great: { renamed_from: fun } }",
    )
    project.renamed({"Mood.FUN": "Mood.GREAT"})
    project.migrate()
    project.spec("dull: {}, fine", "dull: {}, odd: {}, fine")  # spec 11
    project.migrate()

    # What is stored stays as it is; only its name for people and programs is another.
    assert project.rows("SELECT mood FROM chores ORDER BY title") == [
        ("fine",),
        ("fun",),
        ("fine",),
    ]
    project.is_settled()


def _what_is_required(project: LivingProject) -> None:
    project.replace(
        "apigen.yaml",
        "remark: text? renamed_from=note",
        "remark: { type: text, renamed_from: note, backfill: '-' }",
    )
    project.regenerate()  # spec 12: what was optional is required
    project.forget("remark='today'")
    project.remember(["task = Chore(title='pay rent', priority=5, remark='today')"])
    project.migrate()

    assert project.rows("SELECT remark FROM chores ORDER BY title") == [
        ("by bike",),
        ("-",),
        ("-",),
    ]
    project.edit(  # edit 10: an error of its own
        "src/todo/core/errors.py",
        '    code = "todo_error"\n',
        '    code = "todo_error"\n\n\nclass TooLateError(TodoError):\n    """Mine."""\n',
    )
    project.spec("due_on: date?", "due_on: date? index")  # spec 13
    project.edit(  # edit 11: a setting
        "src/todo/core/settings.py",
        "    max_body_bytes: int",
        "    greeting: str = 'hello'\n    max_body_bytes: int",
    )
    project.spec("due_on: date? index", "due_on: date?")  # spec 14
    project.migrate()
    project.is_settled()


def _files_that_are_not_python(project: LivingProject) -> None:
    project.edit("pyproject.toml", '    "orjson>', '    "rich>=13",\n    "orjson>')  # edit 12
    project.edit(  # edit 13
        "Makefile", "format: setup", "mine: setup ## say hello\n\t@echo hello\n\nformat: setup"
    )
    project.edit(".gitignore", "dist/\n", "dist/\n*.mine\n")  # edit 14
    project.edit(  # edit 15
        "compose.yaml", "      retries: 30\n", "      retries: 30\n      start_period: 7s\n"
    )
    project.edit("README.md", "# todo\n", "# My very own todo\n")  # edit 16: a seed
    project.spec("app: todo\n", "app: { name: todo, version: '0.2.0', doc: Chores. }\n")  # 15
    project.edit(  # edit 17: the composition root
        "src/todo/bootstrap.py",
        "    return wire(settings)\n",
        "    wiring = wire(settings)  # mine: kept at hand\n    return wiring\n",
    )
    project.forget("wiring = wire(settings)", "return wiring")
    project.edit(
        "src/todo/bootstrap.py",
        "    wiring = wire(settings)  # mine: kept at hand\n    return wiring\n",
        "    # mine: nothing to replace\n    return wire(settings)\n",
    )
    text = (project.root / "alembic.ini").read_bytes()
    (project.root / "alembic.ini").write_bytes(text.replace(b"\n", b"\r\n"))  # edit 18
    project.spec("\ntypes:\n", "\napi: { pagination: { size: 30 } }\n\ntypes:\n")  # spec 16
    project.is_settled()


def _conflicts(project: LivingProject) -> None:
    """The same argument of the same call, changed on both sides."""
    bound = 300
    for ending in (["--mine"], ["--theirs"], []):  # spec 17, 18, 19; edit 19, 20, 21
        text = (project.root / AGGREGATES).read_text()
        line = next(one for one in text.splitlines() if "self.title, minimum" in one)
        mine = line.replace(f"maximum={bound}", f"maximum={bound + 5}")
        project.replace(AGGREGATES, line, mine)
        project.spec(f"title: str(1..{bound})", f"title: str(1..{bound + 10})", ends=3)
        assert "<<<<<<< yours" in (project.root / AGGREGATES).read_text()
        assert AGGREGATES in project.apigen("check", ends=3)
        if not ending:
            marked = (project.root / AGGREGATES).read_text()
            before, _, rest = marked.partition("<<<<<<< yours\n")
            after = rest.partition(">>>>>>> newly generated\n")[2]
            chosen = line.replace(f"maximum={bound}", f"maximum={bound + 10}")
            (project.root / AGGREGATES).write_text(f"{before}{chosen}\n{after}")
        project.apigen("resolve", AGGREGATES, *ending)
        project.is_settled()
        if ending == ["--mine"]:
            # Its owner thinks again, so that the next round begins as apigen has it.
            project.replace(AGGREGATES, f"maximum={bound + 5}", f"maximum={bound + 10}")
        bound += 10
    project.migrate()


def _deleted_moved_and_renamed_by_the_owner(project: LivingProject) -> None:
    routes = "src/todo/interface/api/v1/chores.py"
    project.edit(  # edit 22: a decorator
        REPORTS,
        "def urgent(",
        "@cache_nothing\ndef urgent(",
    )
    project.edit(
        REPORTS,
        "BEST = Mood.GREAT\n",
        "BEST = Mood.GREAT\n"
        "\n"
        "\n"
        "def cache_nothing[**P, R](wrapped: Callable[P, R]) -> Callable[P, R]:\n"
        '    """Return what it got."""\n'
        "    return wrapped\n",
    )
    project.edit(  # edit 23: an import
        REPORTS,
        "from collections.abc import Iterable\n",
        "from collections.abc import Callable, Iterable\n",
    )
    project.forget("import Iterable")
    project.remember(["from collections.abc import Callable, Iterable"])
    project.spec("doc: Chores.", "doc: What has to be done.")  # spec 20
    text = (project.root / routes).read_text()
    start = text.index('@router.get("/mine/urgent"')
    end = text.index("@router.delete(")
    own = text[start:end]
    project.replace(routes, own, "")
    (project.root / routes).write_text(  # edit 24: own code at another place
        (project.root / routes).read_text().rstrip("\n") + "\n\n\n" + own.rstrip("\n") + "\n"
    )
    project.apigen("add-field", "Chore", "minutes: int(0..) = 0")  # spec 21
    project.edit(  # edit 25: a comment at the end of a generated line
        AGGREGATES, "    minutes: int = 0\n", "    minutes: int = 0  # mine: a guess\n"
    )
    project.edit(  # edit 26: a comment of its own
        MAPPERS, "CHORE_READ = ", "# mine: outwards names match\nCHORE_READ = "
    )
    project.spec("minutes: int(0..) = 0", "minutes: bigint(0..) = 0")  # spec 22
    project.migrate()

    assert project.rows("SELECT DISTINCT minutes FROM chores") == [(0,)]
    project.is_settled()


def _removals(project: LivingProject) -> None:
    said = project.apigen("remove-field", "Chore", "minutes", ends=1)  # without agreement
    assert "--accept-data-loss" in said
    project.edit(  # edit 27: the comment goes, so that nobody keeps the field
        AGGREGATES, "    minutes: int = 0  # mine: a guess\n", "    minutes: int = 0\n"
    )
    project.forget("minutes: int")
    project.apigen(  # spec 23
        "remove-field", "Chore", "minutes", "--accept-data-loss", "Chore.minutes"
    )
    project.migrate()
    said = project.apigen("remove-entity", "Project", ends=1)
    assert "apigen.yaml:" in said  # where it is still needed
    project.apigen(  # spec 24
        "remove-field", "Chore", "project", "--accept-data-loss", "Chore.project"
    )
    project.apigen(  # spec 25
        "remove-entity", "Project", "--accept-data-loss", "Project"
    )
    project.migrate()

    tables = {name for (name,) in project.rows("SELECT name FROM sqlite_master")}
    assert "projects" not in tables
    assert "chores" in tables
    project.is_settled()


def _resources(project: LivingProject) -> None:
    project.spec(  # spec 26
        "  Chore:\n",
        "  Chore:\n    soft_delete: true\n",
    )
    project.edit(  # edit 28: a class attribute of a repository
        "src/todo/infrastructure/persistence/todo/repositories.py",
        "    row_type = ChoreRow\n",
        "    row_type = ChoreRow\n    mine = 'attribute'\n",
    )
    project.migrate()
    project.spec(  # spec 27
        "    soft_delete: true\n",
        "    soft_delete: true\n"
        "    children:\n"
        "      steps:\n"
        "        nested: write\n"
        "        fields: { text: str(1..80), ready: bool = false }\n",
    )
    project.edit(  # edit 29: a method between what is generated
        AGGREGATES,
        "    def complete(self) -> None:\n",
        "    def reopen(self) -> None:\n"
        '        """Take the tick away."""\n'
        "        self.done = False\n"
        "\n"
        "    def complete(self) -> None:\n",
    )
    project.migrate()
    chore = project.rows("SELECT id FROM chores WHERE title = 'buy milk'")[0][0]
    project.store(
        "INSERT INTO chore_steps (id, chore_id, position, text, ready) VALUES (?, ?, 0, 'go', 1)",
        f"{99:032x}",
        chore,
    )
    project.spec("{ text: str(1..80),", "{ words: { type: str(1..80), renamed_from: text },")  # 28
    project.migrate()
    project.spec(  # spec 29
        "    soft_delete: true\n",
        "    soft_delete: true\n    invariants: { not_too_many: 'len(steps) <= 9' }\n",
    )
    project.edit(  # edit 30
        "tests/unit/todo/test_reports.py",
        "    assert urgent([task]) == []\n",
        "    assert urgent([task]) == []\n    task.reopen()\n    assert not task.done\n",
    )
    project.spec("    soft_delete: true\n", "    soft_delete: true\n    timestamps: true\n")  # 30
    project.migrate()


def _there_and_back(project: LivingProject, tmp_path: Path) -> None:
    """All revisions of a life go down and up again."""
    shutil.copy(tmp_path / "todo.db", tmp_path / "copy.db")
    project.migrate("base")
    project.migrate()
    assert_clean(project.project("-m", "alembic", "check"))
    assert_clean(run("true", cwd=tmp_path))
