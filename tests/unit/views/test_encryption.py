"""Encrypted fields as tables, settings and logs of changes have them."""

from pathlib import Path

import pytest

from apigen.ir.system import System
from apigen.views.encryption import key_arguments, ring_arguments
from apigen.views.infrastructure.change_logs import masked_paths
from apigen.views.migrations.schema import schema
from apigen.views.project.composition import settings_module
from apigen.views.tables.tables import tables
from tests.unit.views.specs import judged

SPEC = """
apigen: 1
app: clinic
entities:
  Patient:
    fields:
      name: str(80)
      phone: phone? encrypted
      code:
        { type: "str(1..9)", unique: true, filter: true, encrypted: { blind_index: true } }
      code_index: int
    api: { search: true }
"""


def system_of(tmp_path: Path, text: str = SPEC) -> System:
    return judged(tmp_path, text)


def test_a_table_has_ciphertexts_and_digests_that_are_compared_instead(tmp_path: Path) -> None:
    (table,) = tables(system_of(tmp_path))

    kinds = {one.name: (one.cipher is not None, one.digest is not None) for one in table.columns}
    assert kinds["phone"] == (True, False)
    assert kinds["code"] == (True, False)
    # The name that would be the usual one is taken by a field.
    assert kinds["code_index_"] == (False, True)
    assert kinds["code_index"] == (False, False)
    assert [(index.name, index.columns) for index in table.indexes] == [
        ("uq_patients_code", ("code_index_",))
    ]
    assert [check.name for check in table.checks] == ["ck_patients_name_length"]


def test_the_schema_remembers_what_is_encrypted(tmp_path: Path) -> None:
    columns = {one.name: one for one in schema(system_of(tmp_path)).tables[0].columns}

    assert columns["phone"].type.name == "Ciphertext"
    assert columns["phone"].type.arguments == ("String", "16")
    assert columns["phone"].sealed == columns["phone"].id
    assert columns["code_index_"].digests == columns["code"].id


def test_nothing_is_searched_filtered_or_logged_that_is_encrypted(tmp_path: Path) -> None:
    entity = system_of(tmp_path).entities["clinic.Patient"]

    assert entity.resource is not None
    assert entity.resource.search == ("name",)
    filters = {one.path: [op.value for op in one.ops] for one in entity.resource.filters}
    assert ("phone",) not in filters
    assert filters[("code",)] == ["eq", "in"]
    assert [*masked_paths(entity, system_of(tmp_path))] == ["phone", "code"]


def test_keys_are_settings_that_have_to_be_said(tmp_path: Path) -> None:
    system = system_of(tmp_path)

    keys = settings_module(system).keys

    assert [(one.field, one.annotation, one.source) for one in keys] == [
        ("encryption_keys", "EncryptionKeys", ""),
        ("encryption_index_key", "IndexKey", ""),
    ]
    assert ring_arguments(system) == "settings.encryption_keys, settings.encryption_index_key"
    assert key_arguments(system).count("SecretStr(") == 2


@pytest.mark.parametrize("is_encrypted", [True, False])
def test_a_variable_has_the_name_that_the_spec_says(tmp_path: Path, is_encrypted: bool) -> None:
    text = SPEC.replace(
        "entities:", "security: { auth: [], encryption: { key: env:CLINIC_KEYS } }\nentities:"
    )
    if not is_encrypted:
        text = text.replace(" encrypted\n", "\n").replace(", encrypted: { blind_index: true }", "")

    keys = settings_module(system_of(tmp_path, text)).keys

    if is_encrypted:
        assert keys[0].variable == keys[0].keyword == "CLINIC_KEYS"
        assert keys[0].source == " = Field(validation_alias='CLINIC_KEYS')"
    else:
        assert keys == ()
