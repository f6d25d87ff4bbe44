"""Spell names of the spec as Python identifiers.

One spelling everywhere: an attribute has the same name in the domain, in DTOs and in rows, so
the reserved names of all of them count. A name that may not be used gets a trailing underscore;
what the API calls it (`Field.wire`) is not affected.
"""

import builtins
import keyword
import re
from collections.abc import Collection

from apigen.ir.system import EnumType

_CLASS_BODY = frozenset(
    {
        # Evaluated in the body of a generated class, where an attribute of that name would be
        # found first.
        *(
            "bool",
            "bytes",
            "dict",
            "float",
            "frozenset",
            "int",
            "list",
            "object",
            "property",
        ),
        *("set", "str", "tuple", "classmethod", "staticmethod", "super"),
        *("dt", "field", "unset", "sa", "mapped_column", "relationship", "cast"),
    }
)
_ENTITY = frozenset(
    {
        *("check_invariants", "collect_events", "mark_deleted", "mark_updated"),
        *("record", "require_state", "restore"),
        # Of `support.domain.audited.Audited`.
        *("mark_erased", "collect_erasure"),
    }
)
_PYDANTIC = frozenset(
    {
        *(
            "construct",
            "copy",
            "from_orm",
            "json",
            "parse_file",
            "parse_obj",
            "parse_raw",
        ),
        *("schema", "schema_json", "to_json", "update_forward_refs", "validate"),
    }
)
# Of `support.application.dtos.Dto`.
_DTO = frozenset({"is_set"})
# `self` is what the constructor of rows calls its first parameter.
_SQLALCHEMY = frozenset({"metadata", "registry", "self"})
# Of `support.application.commands.Command`, and the key of what it is for.
_COMMAND = frozenset(
    {
        *("command_id", "correlation_id", "delivery", "expected_version"),
        *("id", "timestamp", "user_id"),
    }
)
_RESERVED = frozenset(keyword.kwlist) | _CLASS_BODY | _ENTITY | _PYDANTIC | _DTO | _SQLALCHEMY


def spell(name: str) -> str:
    """Return `name` (snake case) as an attribute, escaped with `_` when it is reserved.

    The result is the same in every layer. `type`, `id` and other harmless builtins stay.
    """
    if name in _RESERVED or name.startswith(("model_", "_")):
        return name.lstrip("_") + "_"
    return name


def spell_input(name: str) -> str:
    """Return `name` (snake case) as an attribute of a command, which has some of its own."""
    return f"{name}_" if name in _COMMAND else spell(name)


def spell_class(name: str) -> str:
    """Return `name` (Pascal case) as a class name."""
    return f"{name}_" if name in keyword.kwlist else name


def spell_module(name: str) -> str:
    """Return `name` (snake case) as the name of a module or package."""
    return f"{name}_" if name in keyword.kwlist else name


def spell_variable(name: str, taken: Collection[str] = ()) -> str:
    """Return `name` (snake case) as a local variable that hides no builtin and none of `taken`."""
    if keyword.iskeyword(name) or hasattr(builtins, name) or name in taken:
        name = f"{name}_"
    while name in taken:
        name = f"{name}_"
    return name


def constant(name: str) -> str:
    """Return `name` (snake case) as a module constant: `ORDER_LINE`."""
    return name.upper()


def member_names(enum: EnumType) -> dict[str, str]:
    """Return member name to identifier of its `StrEnum` member, in the enum's order.

    `in_progress` becomes `IN_PROGRESS`, `1st` becomes `VALUE_1ST`; of two members that differ in
    case or punctuation only, the second gets a number.
    """
    spelled: dict[str, str] = {}
    taken: set[str] = set()
    for member in enum.members:
        snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", member.name)
        words = re.sub(r"\W+", "_", snake).strip("_").upper()
        if not words or not words[0].isalpha():
            words = f"VALUE_{words}".rstrip("_")
        identifier, number = words, 2
        while identifier in taken:
            identifier, number = f"{words}_{number}", number + 1
        taken.add(identifier)
        spelled[member.name] = identifier
    return spelled
