"""Versions of the API, and how long they have an element."""

from collections.abc import Callable

import pytest

from apigen.ir.element import ALWAYS, Deprecation, Lifespan
from apigen.ir.system import ApiVersion, Entity, Idempotency
from tests.unit.lower.conftest import Codes, Lower

type One = Callable[[str], Entity]

_VERSIONS = "api: { versions: { v1: { sunset: 2027-06-30, successor: v2 }, v2: , v3: } }\n"


def _things(block: str) -> str:
    return f"{_VERSIONS}entities:\n  Thing: {block}\n"


@pytest.mark.parametrize("strategy", ["path", "header", "query"])
def test_a_version_is_chosen_by_path_header_or_query(lowered: Lower, strategy: str) -> None:
    entities = "entities: { Thing: { fields: { title: str } } }"

    system = lowered(f"api: {{ versioning: {strategy} }}\n{entities}")

    assert system.api.versioning == strategy


def test_versions_are_written_oldest_first(lowered: Lower) -> None:
    api = lowered(_things("{ fields: { title: str } }")).api

    assert api.versions == (
        ApiVersion(name="v1", deprecated=True, sunset="2027-06-30", successor="v2"),
        ApiVersion(name="v2"),
        ApiVersion(name="v3"),
    )
    assert api.version == "v3"


def test_what_says_nothing_is_in_every_version(entity: One) -> None:
    thing = entity("{ fields: { title: str } }")

    assert thing.lifespan is ALWAYS
    assert all(field.lifespan is ALWAYS for field in thing.fields)


def test_entities_fields_commands_and_queries_have_lifespans(lowered: Lower) -> None:
    system = lowered(
        _things(
            "{ since: v2, fields: { old: str? until=v3, n: int },"
            " commands: { close: { handler: custom, since: v3 } },"
            " queries: { big: { where: n > 5, deprecated: { reason: Ask less. } } } }"
        )
    )

    thing = system.entities["shop.Thing"]
    old = next(field for field in thing.fields if field.attribute == "old")
    assert thing.lifespan == Lifespan(since="v2")
    assert old.lifespan == Lifespan(until="v3")
    assert thing.commands[0].lifespan == Lifespan(since="v3")
    assert thing.queries[0].lifespan == Lifespan(deprecated=Deprecation(reason="Ask less."))


def test_inputs_and_fields_of_children_have_lifespans(lowered: Lower) -> None:
    system = lowered(
        _things(
            "{ fields: { n: int },"
            " children: { parts: { fields: { size: int? since=v2 } } },"
            " commands: { close: { handler: custom, input: { why: str? until=v3 } } } }"
        )
    )

    thing = system.entities["shop.Thing"]
    assert thing.children[0].fields[-1].lifespan == Lifespan(since="v2")
    assert thing.commands[0].input[0].lifespan == Lifespan(until="v3")


def test_a_projection_shows_a_field_where_it_is_shown_itself(lowered: Lower) -> None:
    shown = "id: id(Thing), a: int?, twice: int := n * 2, b: int? since=v3"
    system = lowered(
        _things("{ fields: { n: int, a: int? since=v2, b: int? since=v2 } }")
        + f"projections:\n  List:\n    of: Thing\n    fields: {{ {shown} }}\n"
    )

    (one,) = system.contexts[0].projections
    lifespans = {part.field.attribute: part.field.lifespan for part in one.projection.fields}
    assert lifespans == {
        "id": ALWAYS,
        "a": Lifespan(since="v2"),
        "twice": ALWAYS,
        "b": Lifespan(since="v3"),
    }


def test_the_oldest_version_as_the_first_is_no_limit(lowered: Lower) -> None:
    thing = lowered(_things("{ since: v1, fields: { title: str } }")).entities["shop.Thing"]

    assert thing.lifespan == Lifespan()


def test_a_projection_shows_a_part_of_a_value_where_both_are_shown(lowered: Lower) -> None:
    system = lowered(
        "api: { versions: { v1: , v2: , v3: } }\n"
        "types: { Size: { fields: { width: int, depth: int? since=v3 } } }\n"
        "entities: { Thing: { fields:"
        " { size: { type: Size, since: v2, default: { width: 1 } } } } }\n"
        "projections: { Row: { of: Thing, fields:"
        " { id: id(Thing), depth: int? := size.depth, width: int? := size.width } } }\n"
    )

    (shown,) = system.contexts[0].projections
    fields = {one.field.attribute: one.field.lifespan.since for one in shown.projection.fields}
    assert fields == {"id": None, "depth": "v3", "width": "v2"}


def test_what_is_to_be_used_instead_is_told_after_the_reason(entity: One) -> None:
    thing = entity(
        "{ fields: { a: { type: int?, deprecated: { reason: Too small., use: b } },"
        " c: { type: int?, deprecated: { use: b } }, b: bigint? } }"
    )

    fields = {field.attribute: field.lifespan.deprecated for field in thing.fields}
    assert fields["a"] == Deprecation(reason="Too small. Use `b` instead.")
    assert fields["c"] == Deprecation(reason="Use `b` instead.")
    assert fields["b"] is None


def test_a_field_of_a_deprecated_type_is_deprecated(lowered: Lower) -> None:
    text = """\
types:
  Shade: { enum: [dark, light], deprecated: { reason: Use colours. } }
entities:
  Thing: { fields: { shade: Shade, own: { type: Shade, deprecated: false } } }
"""

    fields = {f.attribute: f for f in lowered(text).entities["shop.Thing"].fields}

    assert fields["shade"].lifespan.deprecated == Deprecation(reason="Use colours.")
    assert fields["own"].lifespan.deprecated is None


def test_what_an_entity_and_its_api_say_of_their_end_is_one(entity: One) -> None:
    thing = entity(
        "{ deprecated: { reason: Old. }, fields: { a: str },"
        " api: { deprecated: { since: 2026-01-01 }, sunset: 2027-01-01 } }"
    )

    assert thing.lifespan.deprecated == Deprecation(
        reason="Old.", since="2026-01-01", sunset="2027-01-01"
    )
    assert thing.resource is not None
    assert (thing.resource.deprecated, thing.resource.sunset) == (True, "2027-01-01")


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ("a: str? since=v9", ["AG605"]),
        ("a: str? until=v1", ["AG605"]),
        ("{a: {type: str?, since: v3, until: v2}}", ["AG605"]),
        ("a: int since=v2 = 5", []),
        ("{a: {type: str?, deprecated: {sunset: 2027-13-01}}}", ["AG606"]),
        ("{a: {type: str?, until: v2, deprecated: {sunset: 2027-07-01}}}", ["AG606"]),
        ("{a: {type: str?, until: v2, deprecated: {sunset: 2027-06-30}}}", []),
    ],
)
def test_lifespans_fit_the_versions(codes: Codes, fields: str, found: list[str]) -> None:
    block = fields if fields.startswith("{") else f"{{ {fields} }}"

    assert codes(_things(f"{{ fields: {block} }}")) == found


@pytest.mark.parametrize(
    ("general", "own", "expected"),
    [
        ("", "", (False, False)),
        ("", "idempotency: true", (True, False)),
        ("", "idempotency: required", (True, True)),
        ("idempotency: { ttl: 2h }", "", (True, False)),
        ("idempotency: { required: true }", "", (True, True)),
        ("idempotency: { required: true }", "idempotency: { required: false }", (True, False)),
        ("idempotency: true", "idempotency: false", (False, False)),
    ],
)
def test_a_resource_honours_keys_as_it_says_or_as_the_api_does(
    lowered: Lower, general: str, own: str, expected: tuple[bool, bool]
) -> None:
    text = (
        f"api: {{ {general} }}\nentities: {{ Thing: {{ fields: {{ a: str }}, api: {{ {own} }} }} }}"
    )

    resource = lowered(text).entities["shop.Thing"].resource

    assert resource is not None
    assert (resource.idempotency, resource.idempotency_required) == expected


def test_answers_are_kept_for_a_day_unless_the_api_says_otherwise(lowered: Lower) -> None:
    entities = "entities: { Thing: { fields: { a: str }, api: { idempotency: true } } }"

    assert lowered(entities).api.idempotency == Idempotency(ttl_s=86_400.0)
    assert lowered(f"api: {{ idempotency: {{ ttl: 2h }} }}\n{entities}").api.idempotency == (
        Idempotency(ttl_s=7200.0)
    )
