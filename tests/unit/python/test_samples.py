"""Samples of entities, from specs as people write them."""

from pathlib import Path

import pytest

from apigen.ir.system import System
from apigen.lower.system import lower
from apigen.python.sample_values import Reference
from apigen.python.samples import Samples
from apigen.spec.reader import read


def system_of(tmp_path: Path, entities: str) -> System:
    """Return the system of a spec with these entities."""
    spec = tmp_path / "apigen.yaml"
    spec.write_text(f"apigen: 1\napp: shop\n{entities}", encoding="utf-8")
    document = read(spec)
    assert document.value is not None, document.diagnostics
    outcome = lower(document.value)
    assert outcome.value is not None, outcome.diagnostics
    assert not outcome.has_errors, outcome.diagnostics
    return outcome.value


def test_payload_has_every_field_a_client_sends(tmp_path: Path) -> None:
    """Nullable ones too; computed, readonly and generated ones not."""
    system = system_of(
        tmp_path,
        """
entities:
  Task:
    fields:
      title: str(1..200)
      note: text?
      score: int readonly = 3
      double: int := score * 2
""",
    )

    payload = Samples(system).payload(system.entities["shop.Task"], 0)

    assert payload is not None
    assert list(payload) == ["title", "note"]


def test_samples_keep_invariants(tmp_path: Path) -> None:
    """The smallest change that satisfies the rule is made."""
    system = system_of(
        tmp_path,
        """
entities:
  Stay:
    fields: { begins_on: date, ends_on: date, nights: "int(1..)?" }
    invariants:
      in_order: begins_on < ends_on
      with_nights: nights is not None
""",
    )
    samples, stay = Samples(system), system.entities["shop.Stay"]

    for n in range(5):
        values = samples.entity(stay, n)
        assert values is not None
        assert str(values["begins_on"]) < str(values["ends_on"])
        assert values["nights"] is not None


def test_breaking_values_break_one_rule_only(tmp_path: Path) -> None:
    """The other rules still hold."""
    system = system_of(
        tmp_path,
        """
entities:
  Stay:
    fields: { low: "int(0..9)", high: "int(0..9)" }
    invariants: { in_order: low < high, not_eight: high != 8 }
""",
    )
    samples, stay = Samples(system), system.entities["shop.Stay"]
    values = samples.entity(stay, 0)
    assert values is not None

    changes = samples.breaking(stay, stay.invariants[0], values)

    assert changes is not None
    low, high = changes.get("low", values["low"]), changes.get("high", values["high"])
    assert isinstance(low, int)
    assert isinstance(high, int)
    assert low >= high != 8


def test_computed_fields_are_worked_out(tmp_path: Path) -> None:
    """In dependency order, at the scale of their type."""
    system = system_of(
        tmp_path,
        """
entities:
  Item:
    fields:
      gross: decimal := net + tax
      net: decimal(0..) precision=10 scale=2
      tax: decimal := net * 0.5
""",
    )

    values = Samples(system).entity(system.entities["shop.Item"], 0)

    assert values is not None
    assert str(values["net"]) == "1.25"
    assert str(values["tax"]).startswith("0.62")


def test_references_form_no_circle(tmp_path: Path) -> None:
    """Required references are followed; the optional one that closes the circle is left out."""
    system = system_of(
        tmp_path,
        """
entities:
  Team:
    fields: { name: str, lead: "ref(Person)?", parent: "ref(Team)?" }
  Person:
    fields: { team: ref(Team) }
""",
    )
    samples = Samples(system)

    person = samples.entity(system.entities["shop.Person"], 0)
    team = samples.entity(system.entities["shop.Team"], 0)

    assert person is not None
    assert team is not None
    assert person["team_id"] == Reference(entity="shop.Team", n=0)
    assert team["lead_id"] is None
    assert team["parent_id"] is None


@pytest.mark.parametrize(
    ("field", "count"), [("bool unique", 2), ("enum(a|b|c) unique", 3), ("str unique", 5)]
)
def test_there_are_as_many_samples_as_uniqueness_allows(
    tmp_path: Path, field: str, count: int
) -> None:
    """At most five, and none that would clash with an earlier one."""
    system = system_of(tmp_path, f'\nentities:\n  Thing:\n    fields: {{ code: "{field}" }}\n')

    found = Samples(system).distinct(system.entities["shop.Thing"], 5)

    assert len(found) == count


def test_an_example_comes_first_when_it_is_valid(tmp_path: Path) -> None:
    """An example that breaks the field's own constraints is not used."""
    system = system_of(
        tmp_path,
        """
entities:
  Thing:
    fields:
      good: { type: "str(1..20)", example: Bicycle }
      bad: { type: "str(1..3)", example: Bicycle }
""",
    )

    payload = Samples(system).payload(system.entities["shop.Thing"], 0)

    assert payload is not None
    assert payload["good"] == "Bicycle"
    assert payload["bad"] != "Bicycle"


SPAN = {"lasts": "P1D", "half": "2.0000", "twice": "4.0000"}


@pytest.mark.parametrize(
    ("field", "stored"),
    [
        ("decimal = 1", "1.0000"),
        ("decimal = -1.50", "-1.5000"),
        ("decimal precision=12 scale=10 = 0.0000001", "0.0000001000"),
        ("decimal precision=12 scale=0 = 100", "100"),
        ("Weight = 2", "2.000"),
        ("datetime = 2026-01-01T08:00+02:00", "2026-01-01T06:00:00Z"),
        ("duration = 90m", "PT1H30M"),
        ("time = 08:30", "08:30:00"),
        ("Grade = high", "high"),
        ("{ type: Money, default: { amount: -2 } }", {"amount": "-2.00", "currency": "EUR"}),
        ("{ type: Money?, default: {} }", {"amount": "1.50", "currency": "EUR"}),
        ("{ type: Span, default: {} }", SPAN),
        ("{ type: Pay, default: { kind: cash, value: 3 } }", {"kind": "cash", "value": "3.0000"}),
        (
            "{ type: list(Pay), default: [{ kind: money, amount: 3 }, { kind: wait, value: 9s }] }",
            [
                {"kind": "money", "amount": "3.00", "currency": "EUR"},
                {"kind": "wait", "value": "PT9S"},
            ],
        ),
        ("{ type: map(list(decimal)), default: { a: [1, 2.5] } }", {"a": ["1.0000", "2.5000"]}),
        ("{ type: json, default: { a: [1, 2.50, null] } }", {"a": [1, 2.5, None]}),
        ("int?", None),
    ],
)
def test_defaults_are_what_responses_show(tmp_path: Path, field: str, stored: object) -> None:
    """Whatever notation the spec has: digits after the point, units, zones, parts left out."""
    system = system_of(
        tmp_path,
        f"""
types:
  Weight: {{ type: decimal, precision: 8, scale: 3 }}
  Grade: {{ enum: {{ low: {{ value: "1" }}, high: {{ value: "2" }} }} }}
  Money: {{ fields: {{ amount: decimal precision=12 scale=2 = 1.5, currency: currency = EUR }} }}
  Span: {{ fields: {{ lasts: duration = 24h, half: decimal = 2, twice: decimal := half * 2 }} }}
  Pay: {{ one_of: {{ cash: decimal, money: Money, wait: duration }} }}
entities:
  Plot:
    fields:
      size: {field}
""",
    )
    samples, (size, *_) = Samples(system), system.entities["shop.Plot"].fields[1:]

    assert samples.json.wire(size.type, samples.defaults.of(size)) == stored


def test_what_is_made_when_it_is_needed_is_no_default(tmp_path: Path) -> None:
    system = system_of(
        tmp_path,
        """
types:
  Span: { fields: { since: datetime = now } }
entities:
  Plot:
    fields:
      made_at: datetime = now
      span: { type: Span, default: {} }
""",
    )
    samples, fields = Samples(system), system.entities["shop.Plot"].fields

    for field in fields[1:3]:
        with pytest.raises(LookupError):
            samples.defaults.of(field)
