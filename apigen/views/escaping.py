"""Write texts of a spec into formats other than Python, only ever as data.

Python has `apigen.python.literals`; here are TOML, YAML, Markdown and the shell. Each function
returns a whole token of its format, delimiters included where it has any.
"""

import json
import re

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|<>~&:-])")
_HYPHENS = re.compile(r"(?<=\w)\\-(?=\w)")


def toml_text(value: str) -> str:
    """Return a basic TOML string."""
    escaped = json.dumps(_no_surrogates(value), ensure_ascii=False)
    return escaped.replace("\x7f", "\\u007f")


def yaml_text(value: str) -> str:
    """Return a double-quoted YAML scalar on one line."""
    escaped = json.dumps(_no_surrogates(value), ensure_ascii=False)
    return "".join(
        character if character.isprintable() else f"\\U{ord(character):08x}"
        for character in escaped
    )


def compose_text(value: str) -> str:
    """Return a YAML scalar in which compose interpolates nothing."""
    return yaml_text(value).replace("$", "$$")


def markdown_text(value: str) -> str:
    """Return one line of Markdown that shows `value` as it is."""
    line = " ".join(_no_surrogates(value).split())
    return _HYPHENS.sub("-", _MARKDOWN.sub(r"\\\1", line))


def markdown_code(value: str) -> str:
    """Return a code span, fenced by more backticks than `value` has."""
    line = " ".join(_no_surrogates(value).split()).replace("|", "\\|")
    longest = max((len(run) for run in re.findall(r"`+", line)), default=0)
    fence = "`" * (longest + 1)
    blank = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{blank}{line}{blank}{fence}"


def shell_text(value: str) -> str:
    """Return a single-quoted word of a POSIX shell on one line."""
    return "'" + value.replace("\n", " ").replace("'", "'\\''") + "'"


def _no_surrogates(value: str) -> str:
    return value.encode("utf-8", "replace").decode()
