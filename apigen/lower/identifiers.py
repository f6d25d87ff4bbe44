"""Derived names: stable ids, wire names, table and constraint names that fit every database."""

import hashlib
import re
from base64 import b32encode
from functools import cache

from apigen.diagnostics.collector import Collector
from apigen.ir.names import words
from apigen.spec.located import Located

LONGEST_IDENTIFIER = 63
"""PostgreSQL cuts longer names off silently, which would make two of them one."""

_SYSTEM_COLUMNS = frozenset({"cmax", "cmin", "ctid", "tableoid", "xmax", "xmin"})
"""Columns that every table of PostgreSQL has already."""

_PHYSICAL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WIRE = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]*")


@cache  # a run lowers two specs that have nearly all names in common
def stable_id(kind: str, qname: str) -> str:
    """Return the id a symbol is born with, so that two branches adding the same thing agree."""
    digest = hashlib.sha256(f"{kind}:{qname}".encode()).digest()
    # Ten bytes give sixteen letters: enough to cut from, and a third of the work of all 32.
    return b32encode(digest[:10]).decode("ascii")[:10].lower()


def fitting(name: str) -> str:
    """Return a database identifier of at most 63 characters; a long one ends in its hash."""
    if len(name) <= LONGEST_IDENTIFIER:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: LONGEST_IDENTIFIER - 9]}_{digest}"


def column_name(attribute: str) -> str:
    """Return the column of an attribute: its name, where PostgreSQL leaves it to users."""
    return f"{attribute}_" if attribute in _SYSTEM_COLUMNS else fitting(attribute)


def constraint_name(prefix: str, table: str, parts: tuple[str, ...]) -> str:
    """Return `uq_orders_number`, shortened when it must be."""
    return fitting("_".join((prefix, table, *(part.replace(".", "_") for part in parts))))


def wire_name(attribute: str, style: str) -> str:
    """Return the JSON name of an attribute; `camel` gives `dueOn`."""
    if style == "snake":
        return attribute
    first, *rest = attribute.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def label_of(name: str) -> str:
    """Return a name as a person would write it: `due_on` is "Due on"."""
    return " ".join(words(name)).capitalize()


def physical_name(name: Located[str], kind: str, found: Collector) -> str | None:
    """Return a column, table or schema name as written, or report AG101."""
    if _PHYSICAL.fullmatch(name.value) and len(name.value) <= LONGEST_IDENTIFIER:
        return name.value
    found.error(
        "AG101",
        f"`{_shown(name.value)}` is not a {kind} name",
        name.span,
        help=f"letters, digits and underscores, at most {LONGEST_IDENTIFIER}",
    )
    return None


def wire_override(name: Located[str], found: Collector) -> str | None:
    """Return a JSON name as written, or report AG101."""
    if _WIRE.fullmatch(name.value) and len(name.value) <= 200:
        return name.value
    found.error(
        "AG101",
        f"`{_shown(name.value)}` is not a JSON name",
        name.span,
        help="letters, digits, `_`, `-` and `$`",
    )
    return None


def _shown(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}…"
