"""Encryption switched on and off: rows that are there are encrypted, decrypted, indexed."""

from base64 import b64encode

import pytest
import sqlalchemy as sa

from apigen.support.infrastructure.key_ring import KeyRing
from tests.migrations.history import HEAD, History, Refused
from tests.migrations.test_behaviour import there_and_back

KEY, INDEX_KEY = bytes(range(32)), bytes(range(1, 33))
PLAIN = """
entities:
  Patient:
    fields:
      name: str(20) unique
      code: str(9) unique
      phone: phone?
      debt: decimal precision=10 scale=2
"""
ENCRYPTED = PLAIN.replace("phone?", "phone? encrypted").replace("scale=2", "scale=2 encrypted")
INDEXED = ENCRYPTED.replace(
    "code: str(9) unique",
    "code: { type: str(9), unique: true, encrypted: { blind_index: true } }",
)
ROWS = "SELECT name, phone, debt FROM patients ORDER BY name"
IDS = [f"00000000-0000-7000-8000-00000000000{n}" for n in range(2)]


@pytest.fixture(autouse=True)
def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENCRYPTION_KEYS", f"k:{b64encode(KEY).decode()}")
    monkeypatch.setenv("ENCRYPTION_INDEX_KEY", b64encode(INDEX_KEY).decode())


def start(history: History) -> list[tuple[object, ...]]:
    """Make the tables, and two rows, of which one has no phone; return what is in the clear."""
    history.change(PLAIN)
    ids = IDS
    debts = ["1.50", "20.00"]
    if history.dialect == "sqlite":
        ids, debts = [one.replace("-", "") for one in IDS], ["150", "2000"]
    for id_, name, phone, debt in zip(ids, "ab", (None, "+4912345678"), debts, strict=True):
        history.insert(
            "patients",
            {"id": id_, "name": name, "code": f"c-{name}", "phone": phone, "debt": float(debt)},
        )
    return history.rows(ROWS)


def value(history: History, column: str, row: int) -> bytes:
    """Return what a column of a row has encrypted."""
    field = next(
        one.sealed
        for table in history.schema_of(INDEXED).tables
        for one in table.columns
        if one.name == column
    )
    (found,) = history.blobs(f"SELECT {column} FROM patients WHERE name = '{'ab'[row]}'")
    return KeyRing({"k": KEY}).decrypt(found, purpose=field, binding=IDS[row])


def test_rows_that_are_there_are_encrypted_and_come_back(history: History) -> None:
    clear = start(history)

    history.change(ENCRYPTED)

    assert value(history, "phone", 1) == b'"+4912345678"'
    assert value(history, "debt", 0) == b'"1.50"'
    assert history.rows("SELECT name FROM patients WHERE phone IS NULL") == [("a",)]
    there_and_back(history)
    history.undo()
    assert history.rows(ROWS) == clear


def test_switched_off_rows_are_decrypted(history: History) -> None:
    clear = start(history)
    history.change(INDEXED)

    history.change(PLAIN)

    assert history.rows(ROWS) == clear
    assert history.rows("SELECT code FROM patients ORDER BY code") == [("c-a",), ("c-b",)]
    there_and_back(history)
    assert history.rows(ROWS) == clear


def test_a_blind_index_has_a_digest_for_every_row(history: History) -> None:
    start(history)
    history.change(INDEXED)

    digests = history.blobs("SELECT code_index FROM patients ORDER BY name")
    assert len({*digests}) == 2
    same = "(SELECT other.code_index FROM patients other WHERE other.name = 'a')"
    with pytest.raises(sa.exc.IntegrityError):
        history.execute(f"UPDATE patients SET code_index = {same}")
    there_and_back(history)
    assert history.blobs("SELECT code_index FROM patients ORDER BY name") == digests


def test_a_blind_index_comes_and_goes_beside_what_is_encrypted(history: History) -> None:
    start(history)
    bare = INDEXED.replace(", unique: true, encrypted: { blind_index: true }", ", encrypted: true")
    history.change(bare)

    history.change(INDEXED)
    there_and_back(history)
    digests = history.blobs("SELECT code_index FROM patients ORDER BY name")
    history.change(bare)
    there_and_back(history)
    history.undo()

    assert history.blobs("SELECT code_index FROM patients ORDER BY name") == digests


def test_a_new_encrypted_field_gets_its_default(history: History) -> None:
    start(history)
    new = "      ward: { type: str(9), encrypted: true, default: none }\n"

    history.change(PLAIN + new)

    ring, found = KeyRing({"k": KEY}), history.blobs("SELECT ward FROM patients ORDER BY name")
    field = next(
        one.sealed
        for table in history.schema_of(PLAIN + new).tables
        for one in table.columns
        if one.sealed
    )
    assert ring.decrypt(found[0], purpose=field, binding=IDS[0]) == b'"none"'
    there_and_back(history)


def test_a_field_keeps_its_values_under_another_name(history: History) -> None:
    start(history)
    history.change(ENCRYPTED)
    before = history.blobs("SELECT phone FROM patients WHERE phone IS NOT NULL")

    history.change(ENCRYPTED.replace("phone: phone?", "mobile: phone? renamed_from=phone"))

    assert history.blobs("SELECT mobile FROM patients WHERE mobile IS NOT NULL") == before
    there_and_back(history)


def test_longer_texts_change_nothing_and_other_types_have_to_be_agreed_to(
    history: History,
) -> None:
    start(history)
    history.change(INDEXED)

    longer = INDEXED.replace("str(9)", "str(90)")
    assert history.change(longer) == ()
    with pytest.raises(Refused) as refused:
        history.change(longer.replace("debt: decimal precision=10 scale=2", "debt: text?"))

    assert "AG804" in refused.value.codes


def test_without_rows_no_key_is_needed(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ENCRYPTION_KEYS")
    history.change(PLAIN)

    history.change(INDEXED)

    there_and_back(history)


def test_revisions_of_zero_downtime_encrypt_what_was_written_meanwhile(history: History) -> None:
    head = f"{HEAD}database: {{migrations: {{zero_downtime: true}}}}\n"
    clear = start(history)

    history.change(ENCRYPTED, head=head)

    assert value(history, "debt", 1) == b'"20.00"'
    assert any("again=True" in text for text in history.texts)
    there_and_back(history)
    history.undo()
    assert history.rows(ROWS) == clear
