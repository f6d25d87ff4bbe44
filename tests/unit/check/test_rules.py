"""Rules of meaning that the case folders do not reach."""

from pathlib import Path

import pytest

from tests.diagnostics.pipeline import diagnose


def _codes(folder: Path, text: str) -> tuple[str, ...]:
    spec = folder / "apigen.yaml"
    spec.write_text(f"apigen: 1\napp: shop\n{text}", encoding="utf-8")
    return diagnose(spec).codes


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ("{ class: int, klass: int }", ()),
        ("{ r: ref(A)?, r_id: int }", ("AG104",)),
        ("{ a: int column=x, b: int column=X }", ("AG104",)),
        ("{ a: int wire=x, x: int }", ("AG104",)),
        ("{ a: int readonly }", ("AG405",)),
        ("{ a: int? readonly }", ()),
        ("{ a: int readonly = 1 }", ()),
        ("{ a: int, b: 'int := a' }", ()),
    ],
)
def test_fields(tmp_path: Path, fields: str, codes: tuple[str, ...]) -> None:
    assert _codes(tmp_path, f"entities:\n  A: {{ fields: {fields} }}\n") == codes


def test_readonly_fields_may_be_empty_where_nothing_is_created(tmp_path: Path) -> None:
    text = "entities:\n  A: { fields: { a: int readonly }, api: { operations: [list, get] } }\n"

    assert _codes(tmp_path, text) == ()


@pytest.mark.parametrize(
    ("entity", "codes"),
    [
        ("{ fields: { a: str since=v2 } }", ("AG405",)),
        ("{ fields: { a: str until=v2 } }", ("AG405",)),
        ("{ fields: { a: str? since=v2 } }", ()),
        ("{ fields: { a: int since=v2 = 5 } }", ()),
        ("{ fields: { a: int since=v2 }, since: v2 }", ()),
        ("{ fields: { a: int since=v2 }, api: { operations: [list] } }", ()),
        ("{ fields: {}, children: { b: { fields: { a: str since=v2 } } } }", ("AG405",)),
        (
            "{ fields: {}, children: { b: { fields: { a: str since=v2 }, nested: none } } }",
            (),
        ),
        (
            (
                "{ fields: {}, children: { b: { nested: write, fields: { a: str since=v2 } } },"
                " api: { operations: { create: false } } }"
            ),
            ("AG405",),
        ),
        ("{ fields: { a: ref(A|A2) since=v2 } }", ("AG405",)),
        ("{ fields: { a: ref(A|A2)? since=v2 } }", ()),
        ("{ fields: { a: many(A2) since=v2 } }", ()),
        ("{ fields: { a: many(A2) since=v2 min=1 } }", ("AG405",)),
        (
            (
                "{ fields: { n: int }, queries: { q: { where: n > input.a,"
                " input: { a: int since=v2 } } } }"
            ),
            ("AG405",),
        ),
        (
            "{ fields: {}, commands: { go: { handler: custom, input: { a: str since=v2 } } } }",
            ("AG405",),
        ),
        (
            "{ fields: {}, since: v2, commands: {g: {handler: custom, input: {a: int since=v2}}}}",
            (),
        ),
    ],
)
def test_what_is_required_is_in_every_version_that_asks_for_it(
    tmp_path: Path, entity: str, codes: tuple[str, ...]
) -> None:
    other = "  A2: { fields: { n: int } }\n"
    text = f"api: {{ versions: {{ v1: , v2: }} }}\nentities:\n  A: {entity}\n{other}"

    assert _codes(tmp_path, text) == codes


def test_tables_in_different_schemas_do_not_collide(tmp_path: Path) -> None:
    text = (
        "contexts:\n  a: { schema: a, entities: { Item: { fields: { x: int } } } }\n"
        "  b: { schema: b, entities: { Item: { fields: { x: int }, api: { path: /b-items } } } }\n"
    )

    assert _codes(tmp_path, text) == ()


def test_equal_names_in_two_contexts_share_table_and_path(tmp_path: Path) -> None:
    text = (
        "contexts:\n  a: { entities: { Item: { fields: { x: int } } } }\n"
        "  b: { entities: { Item: { fields: { x: int } } } }\n"
    )

    assert _codes(tmp_path, text) == ("AG104", "AG602")


def test_a_type_used_only_by_a_child_is_used(tmp_path: Path) -> None:
    text = (
        "types: { Sku: str(3) }\nentities:\n  A:\n    fields: { x: int }\n"
        "    children: { bs: { fields: { sku: Sku } } }\n"
    )

    assert _codes(tmp_path, text) == ()
