"""The text of the lock: a value a line, united by git, read in both formats."""

import subprocess
from pathlib import Path

import pytest

from apigen.evolve.lock import LockError, parse_lock, print_lock
from apigen.evolve.record import Lock, Symbol
from tests.unit.evolve.specs import lock_of, task

SPEC = task("name: str\nmood: enum(fine|fun)")
FIELD = Symbol(id="abc", kind="field", qname="shop.Task.name", storage="tasks.name", hash="12")


def test_a_lock_is_read_as_it_was_written() -> None:
    text = print_lock(lock_of(SPEC))

    assert print_lock(parse_lock(text)) == text


def test_a_symbol_is_one_line() -> None:
    lock = Lock(symbols=(FIELD,), schema=None, orphans=("src/a.py::f",))

    assert print_lock(lock).decode() == (
        '{"format": 2, "symbols": [\n'
        '"abc field shop.Task.name tasks.name 12",\n'
        "null],\n"
        '"orphans": [\n'
        '"src/a.py::f",\n'
        "null]}\n"
    )


def test_tombstones_and_odd_stored_values_survive() -> None:
    gone = Symbol(id="b", kind="field", qname="a.B.c", storage="b.c", hash="0", removed=True)
    odd = Symbol(id="c", kind="member", qname="a.M.x", storage="in full, 100 %\n", hash="0")
    lock = Lock(symbols=(gone, odd), schema=None)

    assert parse_lock(print_lock(lock)) == lock


def test_lines_are_sorted_by_id() -> None:
    lines = print_lock(lock_of(SPEC)).decode().partition("null]")[0].splitlines()[1:]

    assert lines == sorted(lines)


def test_the_lock_of_apigen_0_1_has_no_schema() -> None:
    text = b'{"format": 1, "symbols": [\n"abc field shop.Task.name tasks.name 12"\n]}\n'

    assert parse_lock(text) == Lock(symbols=(FIELD,), schema=None)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"{", "not JSON"),
        (b"[]", "not a mapping"),
        (b'{"format": 9}', "format 9"),
        (b'{"format": 2, "symbols": {}}', "not a list"),
        (b'{"format": 2, "symbols": ["a b"]}', "not the line of a symbol"),
        (b'{"format": 2, "symbols": [], "schema": ["x"]}', "not a line of a schema"),
        (b'{"format": 2, "symbols": [], "schema": [["column", "x", 3]]}', "schema"),
    ],
)
def test_a_damaged_lock_says_why(text: bytes, why: str) -> None:
    with pytest.raises(LockError, match=why):
        parse_lock(text)


def test_two_forms_of_one_column_are_disputed() -> None:
    text = print_lock(lock_of(task("n: int"))).decode()
    line = next(one for one in text.splitlines() if '"column"' in one and '"n"' in one)
    other = line.replace('"n"', '"m"')

    lock = parse_lock(text.replace(line, f"{line}\n{other}").encode())

    assert lock.disputed == ((line.removesuffix(","), other.removesuffix(",")),)


def test_git_unites_the_locks_of_two_branches(tmp_path: Path) -> None:
    base = lock_of(task("name: str"))
    ours = lock_of(task("name: str\nours: int?"), base)
    theirs = lock_of(task("name: str\ntheirs: int?"), base)
    for name, lock in (("base", base), ("ours", ours), ("theirs", theirs)):
        (tmp_path / name).write_bytes(print_lock(lock))

    merged = subprocess.run(
        ["git", "merge-file", "-p", "--union", "ours", "base", "theirs"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    ).stdout

    united = parse_lock(merged)
    names = {symbol.qname for symbol in united.symbols}
    assert {"shop.Task.ours", "shop.Task.theirs"} <= names
    assert united.disputed == ()
    assert united.schema is not None
    assert {"ours", "theirs"} <= {one.name for one in united.schema.tables[0].columns}
