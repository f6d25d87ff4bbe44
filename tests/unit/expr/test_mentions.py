"""What a rule mentions, as it was resolved."""

from apigen.expr.mentions import Mention
from apigen.lower.system import lower
from apigen.spec.reader import read_texts

SPEC = """\
apigen: 1
app: shop
types:
  Status: { enum: [open, count] }
entities:
  Task:
    fields:
      count: int
      due: ref(Task)?
      state: Status
    children:
      steps: { fields: { hours: int } }
    invariants:
      all_of_it: %s
"""


def _mentions(rule: str) -> list[tuple[str, int, str]]:
    """Return name, line of the declaration (0 for a member) and enum of each mention, in order."""
    read = read_texts({"apigen.yaml": SPEC % f'"{rule}"'})
    assert read.value is not None
    mentions: list[Mention] = []
    assert not lower(read.value, mentions=mentions).has_errors
    found = {
        (one.start, one.name, one.declared.line if one.declared else 0, one.enum)
        for one in mentions
    }
    return [(name, line, enum) for _, name, line, enum in sorted(found)]


def test_a_field_a_member_and_a_function_of_one_name_are_told_apart() -> None:
    rule = "count > 0 and state == open and count(s for s in steps) > 0"

    assert _mentions(rule) == [
        ("count", 8, ""),
        ("state", 10, ""),
        ("open", 0, "shop.Status"),
        ("steps", 12, ""),
    ]


def test_a_ref_is_mentioned_by_its_attribute() -> None:
    assert _mentions("due_id is None or due_id != id") == [
        ("due_id", 9, ""),
        ("due_id", 9, ""),
        ("id", 6, ""),
    ]


def test_fields_of_owned_entities_are_mentioned_where_they_stand() -> None:
    assert _mentions("sum(hours.hours for hours in steps) > 1") == [
        ("hours", 12, ""),
        ("steps", 12, ""),
    ]
