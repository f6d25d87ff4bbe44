"""What a plain scalar means by the core schema of YAML 1.2.

Only null, true/false, integers and floats; `yes`, `on` and dates stay text.
"""

import re

from apigen.source.node import ScalarValue

_WORDS: dict[str, ScalarValue] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INT = re.compile(r"[-+]?[0-9]{1,100}")
_BASED = re.compile(r"0(?:o[0-7]{1,100}|x[0-9a-fA-F]{1,100})")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,6})?")
_SPECIAL = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


def resolve(raw: str) -> ScalarValue:
    """Return the value of a plain scalar. Numbers of more than 100 digits stay text."""
    if raw in _WORDS:
        return _WORDS[raw]
    if raw[0] not in "-+.0123456789":
        return raw
    if _INT.fullmatch(raw):
        return int(raw)
    if _BASED.fullmatch(raw):
        return int(raw, 0)
    if len(raw) <= 100 and _FLOAT.fullmatch(raw):
        return float(raw)
    if _SPECIAL.fullmatch(raw):
        return float(raw.replace(".", ""))
    return raw


def kind_of(value: ScalarValue) -> str:
    """Name the type of a value for a message."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int() | float():
            return "number"
        case str():
            return "text"
