"""What a declared rename does to files that apigen wrote and their owner edited."""

from apigen.evolve.record import Rename
from apigen.merge.manifest import Link, Manifest
from apigen.merge.renaming.renamed import Renamed, renamed_worktree
from apigen.merge.worktree import OnDisk, digest
from apigen.plan.file import FileClass
from apigen.render.renderer import RenderedFile, Rendering
from tests.merge.renamed_projects import Memory, carried, manifest_of, rendering

PATH = "src/app/domain.py"
IDS = "src/app/ids.py"
OLD = '''\
"""The tasks."""

from app.ids import OrderId, TaskId


class Task:
    """A task."""

    id: TaskId
    # Why there is a task.
    remark: str = "Task 1"

    def check(self) -> None:
        check("remark", self.remark, self.size)


class Other:
    remark: str = "Task 1"


def change(task: Task, other: Other) -> None:
    """Change a task."""
    task.remark = other.remark
    other.remark = "remark"
'''
NEW = '''\
"""The purchases of last year, which is longer."""

from app.ids import OrderId, PurchaseId


class Purchase:
    """A purchase."""

    id: PurchaseId
    # Why there is a purchase.
    note: str = "Purchase 1"

    def check(self) -> None:
        check(
            "note",
            self.note,
            self.size,
        )


class Other:
    remark: str = "Task 1"


def change(purchase: Purchase, other: Other) -> None:
    """Change a purchase."""
    purchase.note = other.remark
    other.remark = "remark"
'''
OLD_IDS = "OrderId = int\nTaskId = int\n"
NEW_IDS = "OrderId = int\nPurchaseId = int\n"
RENAMES = (
    Rename(kind="entity", old="app.Task", new="app.Purchase"),
    Rename(kind="field", old="app.Task.remark", new="app.Purchase.note"),
)


def _run(mine: str | bytes | None, *, written: str = OLD) -> Renamed:
    return carried(
        rendering({PATH: OLD, IDS: OLD_IDS}),
        rendering({PATH: NEW, IDS: NEW_IDS}),
        {PATH: mine},
        renames=RENAMES,
        written=rendering({PATH: written, IDS: OLD_IDS}),
    )


def _after(mine: str, *, written: str = OLD) -> str:
    return _run(mine, written=written).worktree.content(PATH).decode()


def test_the_base_is_what_todays_templates_would_have_written() -> None:
    found = _run(OLD + "\n\nMINE = 1\n")

    assert found.worktree.base(PATH) == NEW.encode()
    assert found.manifest.entries[PATH].sha256 == digest(NEW.encode())


def test_a_file_nobody_edited_is_its_base() -> None:
    found = _run(OLD)

    assert found.worktree.content(PATH) == NEW.encode()
    assert found.worktree.entry(PATH) == OnDisk(sha256=digest(NEW.encode()))
    assert found.worktree.before(PATH) == digest(OLD.encode())


def test_texts_and_comments_of_apigen_follow_and_those_of_the_owner_stay() -> None:
    mine = OLD.replace("    id: TaskId\n", '    id: TaskId\n    mine: str = "Task 1"  # a task\n')

    after = _after(mine)

    assert (
        "    id: PurchaseId\n"
        '    mine: str = "Task 1"  # a task\n'
        "    # Why there is a purchase.\n"
        '    note: str = "Purchase 1"\n'
    ) in after


def test_an_edited_statement_keeps_its_edit_and_gets_the_new_names() -> None:
    after = _after(
        OLD.replace("self.remark, self.size)", "self.remark.strip(), self.size, 'remark')")
    )

    assert "        check(\"note\", self.note.strip(), self.size, 'remark')\n" in after


def test_the_same_name_of_another_class_stays_in_an_edited_function() -> None:
    after = _after(
        OLD.replace("= other.remark\n", "= other.remark or task.remark\n    print(task)\n")
    )

    assert "    purchase.note = other.remark or purchase.note\n    print(purchase)\n" in after
    assert '    other.remark = "remark"\n' in after


def test_a_parameter_keeps_its_name_where_the_owner_has_a_variable_of_the_new_one() -> None:
    last = '    other.remark = "remark"\n'
    mine = OLD.replace(last, f"{last}    purchase = task.remark\n    print(purchase)\n")

    after = _after(mine)

    assert after.endswith(
        "def change(task: Purchase, other: Other) -> None:\n"
        '    """Change a purchase."""\n'
        "    task.note = other.remark\n"
        f"{last}"
        "    purchase = task.note\n"
        "    print(purchase)\n"
    )


def test_a_docstring_of_the_owner_stays() -> None:
    after = _after(OLD.replace('"""Change a task."""', '"""Change a task, and why."""'))

    assert '    """Change a task, and why."""\n' in after


def test_a_class_that_the_owner_renamed_keeps_the_name_they_gave_it() -> None:
    after = _after(OLD.replace("Task:", "MyTask:").replace("task: Task,", "task: MyTask,"))

    assert "class MyTask:\n" in after


def test_a_symbol_that_the_owner_moved_up_gets_the_new_names() -> None:
    other = 'class Other:\n    remark: str = "Task 1"\n\n\n'
    mine = OLD.replace(other, "").replace("class Task:", f"{other}class Task:")

    after = _after(mine)

    assert f"{other}class Purchase:\n" in after
    assert '    note: str = "Purchase 1"\n' in after


def test_a_reformatted_file_keeps_its_format() -> None:
    mine = OLD.replace(
        "    task.remark = other.remark", "    task . remark=( other.remark )"
    ).replace("\n", "\r\n")

    found = _run(mine.encode())

    assert b"    purchase . note=( other.remark )\r\n" in found.worktree.content(PATH)
    assert found.worktree.content(PATH).count(b"\r\n") == mine.count("\r\n")


def test_texts_in_other_quotes_follow_in_the_owners_quotes() -> None:
    found = _run(OLD.replace('"remark"', "'remark'").replace('= "Task 1"', "= 'Task 1'").encode())

    after = found.worktree.content(PATH).decode()
    assert "check('note', self.note, self.size)" in after
    assert "    note: str = 'Purchase 1'\n" in after
    assert "    remark: str = 'Task 1'\n" in after
    assert found.mentions == ()


def test_names_of_an_import_stay_in_order() -> None:
    imports = "from app.ids import RoleId, TaskId, UserId"
    mine = OLD.replace("from app.ids import OrderId, TaskId", imports)

    found = _run(mine.encode())

    assert "from app.ids import PurchaseId, RoleId, UserId" in (
        found.worktree.content(PATH).decode()
    )


def test_a_base_of_older_templates_gets_the_new_names_and_stays_what_they_wrote() -> None:
    written = OLD.replace("self.size)", "self.size, old=True)").replace("A task.", "One task.")

    found = _run(f"{written}\n\nMINE = Task\n", written=written)

    base = (found.worktree.base(PATH) or b"").decode()
    assert '        check("note", self.note, self.size, old=True)\n' in base
    assert 'class Purchase:\n    """One task."""\n' in base
    assert "    purchase.note = other.remark\n" in base
    assert found.worktree.content(PATH).decode() == f"{base}\n\nMINE = Purchase\n"
    assert found.manifest.entries[PATH].sha256 == digest(base.encode())


def test_a_file_the_owner_deleted_stays_deleted_and_its_base_follows() -> None:
    found = _run(None)

    assert found.worktree.entry(PATH) is None
    assert found.worktree.base(PATH) == NEW.encode()


def test_a_file_that_does_not_parse_is_left_to_the_merge_with_its_base() -> None:
    found = _run(OLD + "def (\n")

    assert found.worktree.content(PATH).decode() == OLD + "def (\n"
    assert found.worktree.base(PATH) == OLD.encode()
    assert found.manifest.entries[PATH].sha256 == digest(OLD.encode())


def test_a_damaged_base_stays_damaged() -> None:
    """A base that does not fit its hash must not look sound after a rename."""
    old, new = rendering({PATH: OLD}), rendering({PATH: NEW})
    worktree = Memory(contents={PATH: OLD.encode()}, bases={PATH: b"# damaged\n"})

    found = renamed_worktree(worktree, manifest_of(old), old=old, renamed=new, renames=RENAMES)

    base = found.worktree.base(PATH) or b""
    assert digest(base) != found.manifest.entries[PATH].sha256


def _file(path: str, text: str, element: str, kind: FileClass = FileClass.MERGED) -> RenderedFile:
    return RenderedFile(
        path=path,
        content=text.encode(),
        file_class=kind,
        elements=(element,),
        executable=False,
    )


def _routes(name: str, element: str, *more: RenderedFile) -> Rendering:
    return Rendering(files=(_file(f"src/app/api/{name}.py", f"PATH = '/{name}'\n", element), *more))


def test_a_file_named_for_what_is_renamed_moves_with_its_edits() -> None:
    rename = (Rename(kind="entity", old="app.Task", new="app.Chore"),)
    mine = "PATH = '/tasks'\nMINE = 1\n"

    found = carried(
        _routes("tasks", "app.Task"),
        _routes("chores", "app.Chore"),
        {"src/app/api/tasks.py": mine},
        renames=rename,
    )

    new = "src/app/api/chores.py"
    worktree = found.worktree
    assert worktree.source(new) == "src/app/api/tasks.py"
    assert worktree.content(new) == b"PATH = '/chores'\nMINE = 1\n"
    assert worktree.before(new) == digest(mine.encode())
    assert worktree.entry("src/app/api/tasks.py") is None
    assert worktree.base("src/app/api/tasks.py") is None
    assert list(found.manifest.entries) == [new]
    assert found.manifest.entries[new].elements == ("app.Chore",)
    assert worktree.files() == (new,)


def test_files_of_two_that_swap_their_names_swap_their_places() -> None:
    old = Rendering(files=(*_routes("as", "app.A").files, *_routes("bs", "app.B").files))
    new = Rendering(
        files=(
            _file("src/app/api/as.py", "PATH = '/as'\n", "app.A"),
            _file("src/app/api/bs.py", "PATH = '/bs'\n", "app.B"),
        )
    )
    renames = (
        Rename(kind="entity", old="app.A", new="app.B"),
        Rename(kind="entity", old="app.B", new="app.A"),
    )

    found = carried(
        old, new, {"src/app/api/as.py": "PATH = '/as'\nMINE = 'of a'\n"}, renames=renames
    )

    assert found.worktree.content("src/app/api/bs.py") == b"PATH = '/bs'\nMINE = 'of a'\n"
    assert found.worktree.content("src/app/api/as.py") == b"PATH = '/as'\n"
    assert found.blocked == ()


def test_a_seed_moves_and_follows_like_what_its_owner_wrote() -> None:
    def written(name: str, element: str) -> Rendering:
        return Rendering(
            files=(_file(f"seeds/{name}.py", f"{name} = 1\n", element, FileClass.SEED),)
        )

    found = carried(
        written("tasks", "app.Task"),
        written("chores", "app.Chore"),
        {"seeds/tasks.py": "tasks = 2  # mine\n"},
        renames=(Rename(kind="entity", old="app.Task", new="app.Chore"),),
    )

    assert found.worktree.content("seeds/chores.py") == b"chores = 2  # mine\n"


def test_a_symbol_that_was_adopted_elsewhere_is_linked_by_its_new_name() -> None:
    old, new = rendering({PATH: OLD}), rendering({PATH: NEW})
    link = Link(path=PATH, symbol="Task.check", at="src/app/own.py", at_symbol="check")
    manifest = Manifest(entries=manifest_of(old).entries, links=(link,))
    worktree = Memory(contents={PATH: OLD.encode()}, bases={PATH: OLD.encode()})

    found = renamed_worktree(worktree, manifest, old=old, renamed=new, renames=RENAMES)

    assert found.manifest.links == (
        Link(path=PATH, symbol="Purchase.check", at="src/app/own.py", at_symbol="check"),
    )


def test_a_symbol_that_was_adopted_elsewhere_gets_the_new_names_there() -> None:
    """A change of the spec is merged into it there, and speaks of parameters by the new names."""
    mine = (
        "from app.domain import Other, Task\n\n\n"
        "def change(task: Task, other: Other) -> None:\n"
        "    task.remark = other.remark\n"
        "    print(task)\n"
        "\n\nchange(task=Task(), other=Other())\n"
    )
    link = Link(path=PATH, symbol="change", at="src/app/own.py", at_symbol="change")
    old, new = rendering({PATH: OLD}), rendering({PATH: NEW})
    without = OLD.partition("\n\n\ndef change")[0] + "\n"
    worktree = Memory(
        contents={PATH: without.encode(), "src/app/own.py": mine.encode()},
        bases={PATH: OLD.encode()},
    )
    manifest = Manifest(entries=manifest_of(old).entries, links=(link,))

    found = renamed_worktree(worktree, manifest, old=old, renamed=new, renames=RENAMES)

    assert found.worktree.content("src/app/own.py").decode() == (
        "from app.domain import Other, Purchase\n\n\n"
        "def change(purchase: Purchase, other: Other) -> None:\n"
        "    purchase.note = other.remark\n"
        "    print(purchase)\n"
        "\n\nchange(purchase=Purchase(), other=Other())\n"
    )
