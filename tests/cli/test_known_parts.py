"""What a run takes from the note of the last one is what it would have made."""

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from apigen import driver
from apigen.disk.paths import FORMATTED, base_path
from apigen.plan import plan
from apigen.report import Report, RunOptions

SPEC = Path(__file__).parents[1] / "generated" / "specs" / "contexts.yaml"
OPTIONS = RunOptions(
    allow_dirty=True,
    check_types=False,
    removal=frozenset({"*"}),
    data_loss=frozenset({"*"}),
)
ENTITIES = ("Product: { use: Noted, fields: {", "Tag: { id: int, fields: {", "        fields: {")
PLACES = ("  catalog:\n", "  sales:\n", "  billing:\n")

type Edit = Callable[[str, int], str]


def _field(text: str, n: int) -> str:
    head = ENTITIES[n % len(ENTITIES)]
    kind = ("int(0..9)?", "str(1..9)?", "bool = true", "Money?", "enum(a|b)?")[n % 5]
    return text.replace(head, f"{head} extra{n}: {kind}, ", 1)


def _entity(text: str, n: int) -> str:
    """A twin of another context's entity, sometimes."""
    name = ("Invoice", "Order", f"Thing{n}")[n % 3]
    before, place, after = text.partition(PLACES[n % len(PLACES)])
    block = f"      {name}: {{ fields: {{ n: int }}, api: {{ path: /things{n} }} }}\n"
    return f"{before}{place}{after.replace('    entities:\n', f'    entities:\n{block}', 1)}"


def _lines(text: str, n: int) -> str:
    """Everything moves down."""
    return f"# {n}\n" * (n % 3 + 1) + text


def _money(text: str, n: int) -> str:
    return text.replace("precision=10", f"precision={11 + n % 5}")


def _doc(text: str, n: int) -> str:
    return text.replace("doc: What there is.", f"doc: What there is {n}.")


def _bounds(text: str, n: int) -> str:
    wider = text.replace("str(1..50)", f"str(1..{51 + n})")
    return wider.replace("int(1..99)", f"int(1..{100 + n})")


def _prefix(text: str, n: int) -> str:
    return f"{text}api: {{ prefix: /p{n} }}\n" if "\napi:" not in text else text


def _version(text: str, n: int) -> str:
    return text.replace("app: contexts", f"app: {{ name: contexts, title: Title {n} }}")


EDITS: tuple[Edit, ...] = (
    _field,
    _field,
    _entity,
    _lines,
    _money,
    _doc,
    _bounds,
    _prefix,
    _version,
)


def _tree(project: Path) -> dict[str, bytes]:
    """Everything but what belongs to one machine or one run."""
    return {
        path: place.read_bytes()
        for place in sorted(project.rglob("*"))
        if place.is_file()
        and not (path := place.relative_to(project).as_posix()).startswith(".apigen/cache/")
        and path not in {".apigen/lock", ".apigen/undo"}
    }


def _told(report: Report) -> object:
    found = report.judgement.diagnostics if report.judgement else None
    changes = [(type(change).__name__, change.path) for change in report.changes]
    evolution = report.evolution.changes if report.evolution else None
    return found, changes, evolution, report.written


@pytest.mark.parametrize("seed", range(3))
def test_runs_with_and_without_the_note_make_the_same(tmp_path: Path, seed: int) -> None:
    """A dozen changes of a spec, one after the other: bytes and reports."""
    chance = random.Random(seed)
    projects = [tmp_path / "with", tmp_path / "without"]
    for project in projects:
        assert driver.initialise(project, SPEC).written
    written = 0
    for _ in range(12):
        edit, n = chance.choice(EDITS), chance.randrange(40)
        told = []
        for project in projects:
            spec = project / "apigen.yaml"
            before = spec.read_text("utf-8")
            spec.write_text(edit(before, n), encoding="utf-8")
            if project.name == "without":
                (project / FORMATTED).unlink(missing_ok=True)
            report = driver.regenerate(project, OPTIONS)
            told.append(_told(report))
            written += report.written
            if report.judgement is not None and report.judgement.has_errors:
                spec.write_text(before, encoding="utf-8")

        assert told[0] == told[1]
        assert _tree(projects[0]) == _tree(projects[1])
    assert written > 12


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The contexts that were planned, in order."""
    found: list[str] = []
    whole = plan.context_files

    def noting(system, context):  # type: ignore[no-untyped-def]
        found.append(context.qname)
        return whole(system, context)

    monkeypatch.setattr(plan, "context_files", noting)
    return found


def _regenerate(project: Path, old: str, new: str) -> None:
    spec = project / "apigen.yaml"
    text = spec.read_text("utf-8")
    assert old in text
    spec.write_text(text.replace(old, new), encoding="utf-8")
    assert driver.regenerate(project, OPTIONS).written


def test_only_contexts_that_see_a_change_are_planned(tmp_path: Path, planned: list[str]) -> None:
    """Lines above it do not count; what a context uses does."""
    project = tmp_path / "shop"
    driver.initialise(project, SPEC)
    seen = {}
    for old, new in (
        ("amount: Money, paid", "note: text?, amount: Money, paid"),
        ("number: int(1..)", "number: int(2..)"),
        ("apigen: 1", "# a line\napigen: 1"),
        ("precision=10", "precision=12"),
    ):
        planned.clear()
        _regenerate(project, old, new)
        seen[new] = set(planned)

    assert list(seen.values()) == [
        {"billing"},
        {"sales", "billing"},
        set(),
        {"catalog", "sales", "billing", "shared"},
    ]


def test_a_note_of_another_apigen_is_not_taken(tmp_path: Path, planned: list[str]) -> None:
    """Nor is one whose files are no longer what apigen wrote."""
    project = tmp_path / "shop"
    driver.initialise(project, SPEC)
    note = json.loads((project / FORMATTED).read_text())
    (project / FORMATTED).write_text(json.dumps({**note, "tool": "another"}))
    planned.clear()
    _regenerate(project, "apigen: 1", "# a line\napigen: 1")

    assert len(planned) == 4

    (project / base_path("src/contexts/domain/sales/aggregates.py")).write_text("x = 1\n")
    planned.clear()
    _regenerate(project, "apigen: 1", "# a line\napigen: 1")

    assert planned == ["sales"]
