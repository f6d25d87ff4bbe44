"""Conditional requests, for the servers that have none of their own."""


def etag(version: int) -> str:
    """Return the tag of a version."""
    return f'"{version}"'


def expected_version(if_match: str | None) -> int | None:
    """Return the version that If-Match names; None when any will do, 0 when it names none."""
    if if_match is None or if_match == "*":
        return None
    tag = if_match.strip('"')
    return int(tag) if tag.isdecimal() else 0
