"""What clients are told when they may ask less often, or more."""

import pytest

from tests.unit.evolve.specs import changes, effects

SPEC = """\
apigen: 1
app: shop
{api}
entities:
  Task:
    fields: {{ title: str(1..80) }}
    commands:
      rename: {{ input: {{ title: str(1..80) }}, set: {{ title: input.title }}{command} }}
{entity}
"""


def spec(*, api: str = "", entity: str = "", command: str = "") -> str:
    """Return a spec with limits in some places."""
    return SPEC.format(
        api=f"api: {{ rate_limit: {api} }}" if api else "",
        entity=f"    api: {{ rate_limit: {entity} }}" if entity else "",
        command=f", rate_limit: {command}" if command else "",
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "60/min"),
        ("60/min", "1/min"),
        ("60/min", "1/s"),
        ("10/s", "{ algorithm: fixed_window, limits: { anonymous: 10/s } }"),
    ],
)
def test_who_may_ask_less_often_may_be_refused(before: str, after: str) -> None:
    found = effects(spec(api=before), spec(api=after), "changed", "api", "rate_limit")

    assert found == "none warn none"


def test_a_resource_or_a_command_may_be_limited_alone() -> None:
    found = changes(spec(), spec(entity="5/s", command="10/h"))

    places = {(symbol, attribute) for _, symbol, attribute in found}
    assert ("Task", "rate_limit") in places
    assert ("Task.rename", "rate_limit") in places
    assert ("api", "rate_limit") not in places


def test_the_limit_of_the_api_is_told_once() -> None:
    found = changes(spec(api="10/s"), spec(api="20/s"))

    assert [symbol for _, symbol, attribute in found if attribute == "rate_limit"] == ["api"]


def test_compression_and_origins_are_no_change_for_clients() -> None:
    before = SPEC.format(api="", entity="", command="")
    api = "api: { compression: [gzip], cors: { origins: ['https://a.example'] } }"
    after = SPEC.format(api=api, entity="    api: { compression: false, cors: false }", command="")

    assert changes(before, after) == {}
