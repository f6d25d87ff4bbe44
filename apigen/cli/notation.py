"""How results are written, as options of commands; apart, so that `--help` loads nothing more."""

from enum import StrEnum


class Notation(StrEnum):
    """Of a run, a diff, an origin."""

    TEXT = "text"
    JSON = "json"


class FindingNotation(StrEnum):
    """Of what is wrong with a project."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"
    SARIF = "sarif"
