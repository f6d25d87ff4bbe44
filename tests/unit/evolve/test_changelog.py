"""What clients are told, and the version that fits."""

import pytest

from apigen.evolve.changelog import version_parts
from tests.unit.evolve.specs import evolved, task


def at(version: str, fields: str) -> str:
    """Return a spec of an app with a version."""
    return task(fields).replace("app: shop", f'app: {{ name: shop, version: "{version}" }}')


def suggestion(before: str, after: str) -> str | None:
    """Return the version suggested for a change."""
    value = evolved(before, after, data_loss=("Task",)).value
    assert value is not None
    return value.version


@pytest.mark.parametrize(
    ("version", "fields", "expected"),
    [
        ("1.4.2", "a: int", "2.0.0"),
        ("0.4.2", "a: int", "0.5.0"),
        ("1.4.2", "a: str(1..80)\nb: int?", "1.5.0"),
        ("0.4.2", "a: str(1..80)\nb: int?", "0.5.0"),
        ("1.4.2", "a: str(1..80) index", "1.4.3"),
        ("1.4.2", "a: str(1..90)", "1.4.3"),
        ("1.4.2", "a: str(1..80)", None),
    ],
)
def test_the_version_follows_the_worst_change(
    version: str, fields: str, expected: str | None
) -> None:
    assert suggestion(at(version, "a: str(1..80)"), at(version, fields)) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("{ pick: [a], public: true }", "{ pick: [b], public: true }", "2.0.0"),
        ("{ pick: [a, b], public: true }", "{ pick: [a], public: true }", "2.0.0"),
        ("{ pick: [a], public: true }", "{ pick: [a] }", "2.0.0"),
        ("{ pick: [a] }", "{ pick: [a], public: true }", "1.5.0"),
        ("{ pick: [a], public: true }", "{ pick: [a, c], public: true }", "1.5.0"),
        # Nobody outside knows it.
        ("{ pick: [a] }", "{ pick: [b] }", "1.4.3"),
        # Older ones are read as the new ones.
        (
            "{ pick: [a], public: true }",
            "{ pick: [a, b], public: true, version: 2, upcast: { 1: { b: 0 } } }",
            "1.4.3",
        ),
    ],
)
def test_the_version_follows_what_consumers_of_events_notice(
    before: str, after: str, expected: str
) -> None:
    def spec(event: str) -> str:
        more = f"commands: {{ x: {{ emits: Happened }} }}\nevents: {{ Happened: {event} }}"
        text = task("a: int\nb: int\nc: int?", more)
        return text.replace("app: shop", 'app: { name: shop, version: "1.4.2" }')

    assert suggestion(spec(before), spec(after)) == expected


def test_the_changelog_tells_consumers_of_events_too() -> None:
    def spec(pick: str) -> str:
        event = f"{{ pick: [{pick}], public: true }}"
        more = f"commands: {{ x: {{ emits: Happened }} }}\nevents: {{ Happened: {event} }}"
        return task("a: int\nb: int?", more)

    value = evolved(spec("a, b"), spec("b")).value

    assert value is not None
    assert "### Removed\n\n- **Breaking:** " in value.changelog


def test_a_version_that_is_high_enough_is_left_alone() -> None:
    assert suggestion(at("1.4.2", "a: str"), at("1.5.0", "a: str\nb: int?")) is None


@pytest.mark.parametrize(
    ("text", "parts"), [("1.2.3", (1, 2, 3)), ("1.2", (1, 2, 0)), ("1.2.3rc1", (1, 2, 3))]
)
def test_versions_are_three_numbers(text: str, parts: tuple[int, int, int]) -> None:
    assert version_parts(text) == parts


def test_what_has_no_numbers_is_no_version() -> None:
    assert version_parts("next") is None


def test_the_changelog_has_the_headings_of_keep_a_changelog() -> None:
    before = at("1.0.0", "a: str(1..80)\nremark: str?")
    after = at("1.0.0", "a: str(1..90)\nsize: int?")

    value = evolved(before, after, data_loss=("Task.remark",)).value

    assert value is not None
    assert value.changelog == (
        "## [2.0.0] - Unreleased\n"
        "\n"
        "### Added\n"
        "\n"
        "- Field `Task.size` is new.\n"
        "\n"
        "### Changed\n"
        "\n"
        "- `max` of `Task.a` is 90.\n"
        "\n"
        "### Removed\n"
        "\n"
        "- **Breaking:** Field `Task.remark` is gone.\n"
    )


def test_what_clients_do_not_notice_is_not_in_the_changelog() -> None:
    value = evolved(at("1.0.0", "a: str"), at("1.0.0", "a: str index")).value

    assert value is not None
    assert value.changelog == ""
