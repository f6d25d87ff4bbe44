"""The order that ruff's isort rules give imports."""

import re

type SortKey = tuple[object, ...]


def _natural(name: str) -> tuple[tuple[int, int, str], ...]:
    return tuple(
        (0, int(part), "") if part.isdecimal() else (1, 0, part)
        for part in re.split(r"(\d+)", name)
        if part
    )


def member_key(name: str) -> SortKey:
    """Give the place of a name in `from x import …`: constants, classes, then the rest."""
    if name == "*":
        return (-1, (), ())
    if len(name) > 1 and name == name.upper() and not name.isdecimal():
        kind = 0
    elif name[:1].isupper():
        kind = 1
    else:
        kind = 2
    return (kind, _natural(name.lower()), _natural(name))


def statement_key(module: str, *, is_from: bool, first: str) -> SortKey:
    """Give the place of a statement in its section.

    Args:
        module: With the dots of a relative import.
        is_from: Whether it is `from module import …`; these follow `import module`.
        first: Its first name, with the alias.
    """
    name = module.lstrip(".")
    level = len(module) - len(name)
    return (is_from, -level, _natural(name.lower()), _natural(name), member_key(first))
