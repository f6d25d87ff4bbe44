"""Lines merged by diff3, for docstrings and comments."""


def merged_lines(base: list[str], mine: list[str], theirs: list[str]) -> list[str] | None:
    """Give the merged lines, None when both sides changed one place."""
    from merge3 import Merge3

    lines: list[str] = []
    for group in Merge3(base, mine, theirs).merge_groups():
        if group[0] == "conflict":
            return None
        lines += group[1]
    return lines
