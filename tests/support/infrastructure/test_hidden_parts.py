"""What a version of the API does not show, removed from values."""

import orjson

from apigen.support.infrastructure.hidden_parts import parts_below, without_parts


def test_paths_lead_through_arrays_maps_and_variants() -> None:
    value = {
        "size": {"width": 1, "depth": 2},
        "spots": [{"level": 1, "aisle": "A"}, {"level": 2}],
        "places": {"a": {"level": 3}, "level": {"level": 4, "aisle": "B"}},
        "paid": [{"kind": "card", "holder": "x"}, {"kind": "cash", "holder": "y"}],
        "none": None,
    }
    hidden = (
        ("size", "depth"),
        ("spots", "level"),
        ("places", "*", "level"),
        ("paid", "kind=card", "holder"),
        ("none", "part"),
        ("missing", "part"),
    )

    assert without_parts(value, hidden) == {
        "size": {"width": 1},
        "spots": [{"aisle": "A"}, {}],
        "places": {"a": {}, "level": {"aisle": "B"}},
        "paid": [{"kind": "card"}, {"kind": "cash", "holder": "y"}],
        "none": None,
    }


def test_a_piece_of_json_is_parsed_to_lose_a_part() -> None:
    assert without_parts(orjson.Fragment(b'{"a":1,"b":2}'), (("b",),)) == {"a": 1}


def test_paths_below_a_name_begin_there() -> None:
    hidden = (("size", "depth"), ("size", "weight", "scale"), ("size",), ("name", "depth"))

    assert parts_below(hidden, "size") == (("depth",), ("weight", "scale"))
