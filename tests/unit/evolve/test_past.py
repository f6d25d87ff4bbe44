"""The last run's system, from what the project keeps of it."""

from pathlib import Path

from apigen.disk.last_run import spec_records
from apigen.evolve.lock import print_lock
from apigen.evolve.record import LastRun, Lock
from apigen.judging import judge
from apigen.past import last_run, lowered
from tests.unit.evolve.specs import lock_of, task

SPEC = task("title: str\nremark: text?")


def remembered(folder: Path, today: str, kept: dict[str, str], lock: Lock) -> LastRun:
    """Return what a project remembers whose spec of today and of the last run are given."""
    (folder / "apigen.yaml").write_text(today)
    (folder / ".apigen").mkdir()
    (folder / ".apigen" / "lock.json").write_bytes(print_lock(lock))
    for path, content in spec_records("apigen.yaml", kept).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return last_run(folder, judge(folder / "apigen.yaml"))


def fields(last: LastRun) -> dict[str, str]:
    """Return the ids of the fields of `Task` that the spec has."""
    assert last.system is not None
    entity = last.system.entities["shop.Task"]
    return {one.name.text: one.id for one in entity.fields if one.origin == "user"}


def test_an_equal_spec_is_todays_system(tmp_path: Path) -> None:
    (tmp_path / "apigen.yaml").write_text(SPEC)
    judgement = judge(tmp_path / "apigen.yaml")
    (tmp_path / ".apigen").mkdir()
    (tmp_path / ".apigen" / "lock.json").write_bytes(print_lock(lock_of(SPEC)))
    for path, content in spec_records("apigen.yaml", judgement.sources).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)

    assert last_run(tmp_path, judgement).system is judgement.system


def test_another_spec_is_lowered_and_has_the_ids_of_the_lock(tmp_path: Path) -> None:
    before = task("title: str\nnote: text?")
    lock = lock_of(task("title: str\nremark: text? renamed_from=note"), lock_of(before))

    last = remembered(tmp_path, task("title: str"), {"apigen.yaml": SPEC}, lock)

    born = next(one.id for one in lock_of(before).symbols if one.qname == "shop.Task.note")
    assert fields(last)["remark"] == born


def test_what_git_brought_back_and_the_lock_does_not_know_is_left_out(tmp_path: Path) -> None:
    before = task("title: str\nnote: text?")
    lock = lock_of(task("title: str\nremark: text? renamed_from=note"), lock_of(before))
    united = task("title: str\nremark: text? renamed_from=note\nnote: text?")

    last = remembered(tmp_path, SPEC, {"apigen.yaml": united}, lock)

    assert sorted(fields(last)) == ["remark", "title"]


def test_a_remembered_spec_that_can_not_be_read_is_unknown(tmp_path: Path) -> None:
    last = remembered(tmp_path, SPEC, {"apigen.yaml": SPEC + SPEC}, lock_of(SPEC))

    assert last.system is None
    assert last.lock is not None


def test_every_file_of_the_remembered_spec_is_read(tmp_path: Path) -> None:
    part = "apigen: 1\nentities: { Note: { fields: { text: str } } }\n"
    whole = SPEC.replace("app: shop\n", "app: shop\ninclude: [parts/*.yaml]\n")
    lock = lock_of(SPEC + "  Note:\n    fields: { text: str }\n")

    last = remembered(tmp_path, SPEC, {"apigen.yaml": whole, "parts/a.yaml": part}, lock)

    assert last.system is not None
    assert list(last.system.entities) == ["shop.Task", "shop.Note"]


def test_a_spec_with_errors_is_not_lowered() -> None:
    assert lowered({"apigen.yaml": "apigen: 1\napp: shop\n"}) is None
