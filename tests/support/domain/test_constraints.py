"""What a single value must meet: inside, on the bound, outside."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from apigen.support.core.errors import InvariantViolation, ValidationError
from apigen.support.domain import constraints as c

CASES: list[tuple[str, Callable[[], None], str | None]] = [
    ("shortest", lambda: c.check_length("f", "ab", minimum=2), None),
    ("too short", lambda: c.check_length("f", "a", minimum=2), "min_length"),
    ("longest", lambda: c.check_length("f", "ab", maximum=2), None),
    ("too long", lambda: c.check_length("f", "abc", maximum=2), "max_length"),
    ("nul", lambda: c.check_text("f", "a\0b"), "text"),
    ("surrogate", lambda: c.check_text("f", "a\ud800"), "text"),
    ("emoji", lambda: c.check_text("f", "a😀"), None),
    ("at minimum", lambda: c.check_minimum("f", 1, 1), None),
    ("below minimum", lambda: c.check_minimum("f", 0, 1), "minimum"),
    ("at exclusive", lambda: c.check_minimum("f", 1, 1, exclusive=True), "greater_than"),
    ("at maximum", lambda: c.check_maximum("f", 1, 1), None),
    ("above maximum", lambda: c.check_maximum("f", 2, 1), "maximum"),
    ("at exclusive max", lambda: c.check_maximum("f", 1, 1, exclusive=True), "less_than"),
    ("nan", lambda: c.check_minimum("f", float("nan"), 0.0), "minimum"),
    ("step", lambda: c.check_step("f", 0.3, 0.1), None),
    ("off step", lambda: c.check_step("f", 0.35, 0.1), "multiple_of"),
    ("pattern", lambda: c.check_pattern("f", "AB1", "[A-Z0-9]+"), None),
    ("part of pattern", lambda: c.check_pattern("f", "AB1\n", "[A-Z0-9]+$"), "pattern"),
    ("format", lambda: c.check_string("f", "a@b.de", format="email"), None),
    ("bad format", lambda: c.check_string("f", "a", format="email"), "email"),
    ("range", lambda: c.check_number("f", 3, minimum=1, lt=4), None),
    ("out of range", lambda: c.check_number("f", 4, minimum=1, lt=4), "less_than"),
    ("span", lambda: c.check_number("f", timedelta(1), maximum=timedelta(2)), None),
    ("widest", lambda: c.check_integer("f", 2**31 - 1), None),
    ("too wide", lambda: c.check_integer("f", 2**31), "maximum"),
    ("lowest", lambda: c.check_integer("f", -(2**63), bits=64), None),
    ("too low", lambda: c.check_integer("f", -(2**63) - 1, bits=64), "minimum"),
    ("integer bound", lambda: c.check_integer("f", 0, minimum=1), "minimum"),
    ("real", lambda: c.check_real("f", 1.5, gt=1), None),
    ("real bound", lambda: c.check_real("f", 1.0, gt=1), "greater_than"),
    ("infinite", lambda: c.check_real("f", float("inf")), "finite"),
    ("not a number", lambda: c.check_real("f", float("nan")), "finite"),
    ("distinct", lambda: c.check_distinct("f", [1, 2]), None),
    ("twice", lambda: c.check_distinct("f", [[1], [1]]), "unique_items"),
]


@pytest.mark.parametrize(("name", "check", "constraint"), CASES, ids=[case[0] for case in CASES])
def test_a_check_names_what_is_broken(
    name: str, check: Callable[[], None], constraint: str | None
) -> None:
    if constraint is None:
        check()
        return
    with pytest.raises(ValidationError) as raised:
        check()
    assert (raised.value.field, raised.value.constraint) == ("f", constraint)


@pytest.mark.parametrize(
    ("value", "fits"),
    [
        ("999.99", True),
        ("1000", False),
        ("0.001", False),
        ("1.500", True),
        ("-999.99", True),
        ("0", True),
        ("0.000", True),
        ("1E+2", True),
        ("1E+3", False),
        ("NaN", False),
        ("Infinity", False),
        ("123.4567890123456789012345678901234567890", False),
    ],
)
def test_digits_are_counted_without_zeros_at_the_end(value: str, fits: bool) -> None:
    try:
        c.check_digits("f", Decimal(value), precision=5, scale=2)
    except ValidationError:
        assert not fits
    else:
        assert fits


def test_none_passes_every_check() -> None:
    c.check_length("f", None, minimum=1)
    c.check_string("f", None, minimum=1, format="email")
    c.check_number("f", None, minimum=1)
    c.check_step("f", None, 2)
    c.check_digits("f", None, precision=1, scale=0)
    c.check_distinct("f", None)
    c.check_child("f", None)


class Part:
    """A child that allows positive numbers."""

    def __init__(self, number: int) -> None:
        self.number = number

    def check_invariants(self) -> None:
        c.check_minimum("number", self.number, 1)


def test_the_place_of_a_child_is_told() -> None:
    with pytest.raises(ValidationError) as raised:
        c.check_children("parts", [Part(1), Part(0)])
    assert raised.value.field == "parts.1.number"
    with pytest.raises(ValidationError) as raised:
        c.check_child("part", Part(0))
    assert raised.value.field == "part.number"
    with pytest.raises(ValidationError) as raised:
        c.check_children("parts", [], minimum=1)
    assert (raised.value.field, raised.value.constraint) == ("parts", "min_length")


def test_a_rule_that_does_not_hold_has_its_code() -> None:
    c.check_invariant(True, code="ok", message="fine")
    with pytest.raises(InvariantViolation) as raised:
        c.check_invariant(False, code="paid_for", message="Pay first.")
    assert (raised.value.code, raised.value.message) == ("paid_for", "Pay first.")
