"""What an answer is compared by; what is not as it should be raises `WrongAnswer`."""

from datetime import datetime, timedelta

from tests.benchmarks.serving.client import Answer


class WrongAnswer(Exception):
    """A server does not do what all are measured doing."""


def status(answer: Answer, expected: int) -> None:
    """Compare the status.

    Raises:
        WrongAnswer: It is another.
    """
    if answer.status != expected:
        raise WrongAnswer(f"status {answer.status}, not {expected}: {answer.body[:400]!r}")


def equal(what: str, found: object, expected: object) -> None:
    """Compare two values, by type too: 1 is not true, and not 1.0.

    Raises:
        WrongAnswer: They differ; says where.
    """
    difference = _difference(found, expected, "")
    if difference is not None:
        raise WrongAnswer(f"{what}{difference}")


# JSON of any shape, which only the names of its members are looked at.
def fields(found: dict[str, object], *expected: str) -> None:
    """Compare the names of an object, in any order.

    Raises:
        WrongAnswer: There are more, or fewer.
    """
    equal("names", sorted(found), sorted(expected))


def moment(what: str, found: object) -> None:
    """Make sure that a value is a moment in UTC, with `Z`.

    Raises:
        WrongAnswer: It is not.
    """
    try:
        offset = datetime.fromisoformat(str(found)).utcoffset()
    except ValueError as error:
        raise WrongAnswer(f"{what}: {found!r} is no moment") from error
    if offset != timedelta() or not str(found).endswith("Z"):
        raise WrongAnswer(f"{what}: {found!r} is not in UTC with Z")


def _difference(found: object, expected: object, place: str) -> str | None:
    if isinstance(found, dict) and isinstance(expected, dict):
        if found.keys() != expected.keys():
            return f"{place}: names {sorted(found)}, not {sorted(expected)}"
        pairs = [(found[key], expected[key], f"{place}.{key}") for key in expected]
    elif isinstance(found, list) and isinstance(expected, list):
        if len(found) != len(expected):
            return f"{place}: {len(found)} elements, not {len(expected)}"
        pairs = [
            (one, other, f"{place}[{number}]")
            for number, (one, other) in enumerate(zip(found, expected, strict=True))
        ]
    elif type(found) is not type(expected) or found != expected:
        return f"{place}: {found!r}, not {expected!r}"
    else:
        return None
    return next((told for pair in pairs if (told := _difference(*pair)) is not None), None)
