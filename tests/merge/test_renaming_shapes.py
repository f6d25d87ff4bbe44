"""A declared rename that gives statements another shape, where their owner edited them.

JSON is in camelCase here: a field of two words has an alias that a field of one word has not.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from apigen import driver
from apigen.disk.conflicts import read_conflicts
from apigen.merge.changes import Keep
from apigen.report import Report, RunOptions

type Edit = Callable[[Path, str, str], None]

SPEC = """apigen: 1
app: todo
defaults: { naming: { wire: camel } }
entities:
  Task:
    fields:
      title: str(1..200)
      done: bool = false
"""
DTOS = "src/todo/application/todo/dtos.py"
READ_MODELS = "src/todo/infrastructure/persistence/todo/read_models.py"
ROWS = "src/todo/infrastructure/persistence/todo/rows.py"
NAMES = "tests/unit/todo/test_aggregates.py"


@pytest.fixture(scope="module")
def camel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that no test may change."""
    folder = tmp_path_factory.mktemp("camel")
    (folder / "todo.yaml").write_text(SPEC)
    assert driver.initialise(folder / "todo", folder / "todo.yaml").written
    return folder / "todo"


@pytest.fixture
def project(camel: Path, tmp_path: Path) -> Path:
    """A copy."""
    return Path(shutil.copytree(camel, tmp_path / "todo"))


def _renamed(project: Path) -> Report:
    spec = SPEC.replace("done: bool", "is_done: bool renamed_from=done")
    (project / "apigen.yaml").write_text(spec)
    return driver.regenerate(project, RunOptions(check_types=False))


@pytest.mark.parametrize(
    ("path", "old", "mine", "after"),
    [
        pytest.param(
            DTOS,
            "    done: Annotated[bool, Strict()] = False",
            "    done: Annotated[bool | None, Strict()] = False",
            '    is_done: Annotated[bool | None, Strict()] = Field(default=False, alias="isDone")',
            id="annotation",
        ),
        pytest.param(
            DTOS,
            "    done: Annotated[bool, Strict()] = Field(default_factory=unset)",
            '    done: Annotated[bool, Strict()] = Field(default_factory=unset, title="Mine")',
            'Field(default_factory=unset, alias="isDone", title="Mine")\n',
            id="keyword",
        ),
        pytest.param(
            DTOS,
            "    done: Annotated[bool, Strict()]\n",
            "    done: Annotated[bool, Strict()]  # mine\n",
            '    is_done: Annotated[bool, Strict()] = Field(alias="isDone")  # mine\n',
            id="comment",
        ),
        pytest.param(
            READ_MODELS,
            "        _tasks.c.done,\n",
            "        _tasks.c.done,\n        _tasks.c.mine,\n",
            '        _tasks.c.is_done.label("isDone"),\n        _tasks.c.mine,\n',
            id="element",
        ),
        pytest.param(
            ROWS,
            "mapped_column(sa.Boolean())",
            "mapped_column(sa.Boolean(), index=True)",
            'mapped_column(sa.Boolean(), info={"field": "isDone"}, index=True)',
            id="first keyword",
        ),
        pytest.param(
            NAMES,
            '{"created_at": "createdAt", ',
            '{"mine": "mine", "created_at": "createdAt", ',
            '        "mine": "mine",\n',
            id="key",
        ),
    ],
)
def test_an_edited_statement_gets_the_shape_and_keeps_the_edit(
    project: Path, edit: Edit, path: str, old: str, mine: str, after: str
) -> None:
    edit(project / path, old, mine)

    _renamed(project)

    assert not read_conflicts(project)
    text = (project / path).read_text()
    assert after in text
    assert "isDone" in text


def test_what_can_not_have_both_is_a_conflict(project: Path, edit: Edit) -> None:
    edit(
        project / DTOS,
        "    done: Annotated[bool, Strict()] = False",
        "    done: Annotated[bool, Strict()] = True",
    )

    _renamed(project)

    (conflict,) = read_conflicts(project)
    assert conflict.path == DTOS
    text = (project / DTOS).read_text()
    assert "    is_done: Annotated[bool, Strict()] = True\n" in text
    assert '= Field(default=False, alias="isDone")' in text


def test_the_run_after_it_writes_nothing(project: Path, edit: Edit) -> None:
    edit(project / ROWS, "mapped_column(sa.Boolean())", "mapped_column(sa.Boolean(), index=True)")
    edit(project / DTOS, "    done: Annotated[bool, Strict()]\n", "    done: bool\n")
    _renamed(project)
    shutil.rmtree(project / ".apigen/cache")

    report = driver.regenerate(project, RunOptions(check_types=False))

    assert all(isinstance(change, Keep) for change in report.changes)
