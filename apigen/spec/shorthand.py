"""Field strings to mappings: `str(1..80) unique = "x"` is `{type: str(1..80), unique: true, …}`.

Knows the grammar of spec-language.md section 2.2 and no meaning: the mapping is read by the same
key table as one that was written out.
"""

import re

from apigen.diagnostics import Span
from apigen.diagnostics.collector import Collector
from apigen.diagnostics.near import did_you_mean, nearest
from apigen.source.loader import parse_fragment
from apigen.source.node import Entry, MappingNode, Node, ScalarNode
from apigen.source.scalars import resolve
from apigen.source.spans import part, text_span
from apigen.spec.block import KeyTable, refuse_planned
from apigen.spec.type_syntax import GRAMMAR

_SEPARATOR = re.compile(r"(?<=\s)(:?=)(?=\s|$)")
# A list is one word, so that it earns one message.
_WORD = re.compile(r"\S*=\[[^\]]*\]|\S+")


def field_mapping(node: ScalarNode, keys: KeyTable, found: Collector) -> MappingNode | None:
    """Return the mapping a field string stands for, with spans into the string.

    Modifiers that are unknown, repeated or lack a value are reported (AG206) and left out. None
    when not even the type can be told apart (AG202).
    """
    text, span = node.raw, text_span(node)
    separator = _SEPARATOR.search(text)
    head = text if separator is None else text[: separator.start()]
    type_end = _type_end(head)
    if not head[:type_end].strip():
        found.error(
            "AG202",
            "cannot read this field: a type is missing",
            span,
            help=GRAMMAR,
        )
        return None
    entries = [_entry("type", _scalar(text, span, 0, type_end, plain=True))]
    seen = {"type"}
    for word in _WORD.finditer(head, type_end):
        entry = _modifier(word, text, span, keys, seen, separator, found)
        if entry is not None:
            entries.append(entry)
    if separator is not None:
        last = _last(text, span, separator, found)
        if last is not None:
            entries.append(last)
    return MappingNode(entries=tuple(entries), span=node.span)


def with_modifier(text: str, name: str, value: str) -> str:
    """Return a field string with the modifier `name=value`, in place of one of this name."""
    separator = _SEPARATOR.search(text)
    head = text if separator is None else text[: separator.start()]
    for word in _WORD.finditer(head, _type_end(head)):
        if word[0].partition("=")[0] == name:
            return f"{text[: word.start()]}{name}={value}{text[word.end() :]}"
    end = len(head.rstrip())
    return f"{text[:end]} {name}={value}{text[end:]}"


def _type_end(head: str) -> int:
    """Return where the type ends: at the first blank outside parentheses.

    A parenthesis never closed ends at the first blank, so that modifiers are still read.
    """
    depth = 0
    for position, character in enumerate(head):
        if character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
        elif character.isspace() and depth <= 0:
            return position
    if depth > 0:
        blank = re.search(r"\s", head)
        return len(head) if blank is None else blank.start()
    return len(head)


def _modifier(
    word: "re.Match[str]",
    text: str,
    span: Span,
    keys: KeyTable,
    seen: set[str],
    separator: "re.Match[str] | None",
    found: Collector,
) -> Entry | None:
    start, end = word.span()
    name, equals, value = word[0].partition("=")
    name_span = part(span, text, start, start + len(name) or end)
    if not name:
        found.error("AG206", f"modifier `{word[0]}` has no name", name_span, help="`max=3`")
        return None
    if name in seen:
        found.error("AG206", f"modifier `{name}` is repeated", name_span, help="write it once")
        return None
    seen.add(name)
    key_node = _scalar(text, span, start, start + len(name), plain=True)
    if name in keys.planned:
        wanted = _scalar(text, span, start + len(name) + 1, end) if equals else key_node
        refuse_planned(Entry(key=name, key_node=key_node, value=wanted), found)
        return None
    known = keys.supported.get(name)
    if known is None:
        near = nearest(name, keys.names)
        found.error(
            "AG206",
            f"modifier `{name}` is unknown",
            name_span,
            help=did_you_mean(near) or GRAMMAR,
        )
        return None
    if name in ("pattern", "doc", "computed", "default"):
        found.error(
            "AG206",
            f"modifier `{name}` needs the mapping form",
            name_span,
            help=f"`{{ type: {text[: _type_end(text)]}, {name}: … }}`",
        )
        return None
    if value.startswith("["):
        found.error(
            "AG206",
            f"modifier `{name}` takes one word here, not a list",
            part(span, text, end - len(value), end),
            help=f"the mapping form has lists: `{{ type: {text[: _type_end(text)]}, {name}: … }}`",
        )
        return None
    if equals and value:
        return _entry(name, _scalar(text, span, start + len(name) + 1, end), key_node)
    if equals or not known.shape.takes_true:
        assigned = separator is not None and not text[end : separator.start()].strip()
        found.error(
            "AG206",
            f"modifier `{name}` needs a value",
            name_span,
            help=f"no blanks around `=`: `{name}=…`; ` = ` starts the default"
            if equals or assigned
            else f"such as `{name}={known.shape.example}`",
        )
        return None
    true = ScalarNode(value=True, raw="true", quoted=False, block=False, span=name_span)
    return _entry(name, true, key_node)


def _last(text: str, span: Span, separator: "re.Match[str]", found: Collector) -> Entry | None:
    """Return the entry for what follows ` = ` or ` := `."""
    sign = separator[1]
    start = separator.end() + len(text[separator.end() :]) - len(text[separator.end() :].lstrip())
    sign_span = part(span, text, separator.start(1), separator.end(1))
    if start >= len(text):
        found.error(
            "AG209",
            f"nothing after `{sign}`",
            sign_span,
            help="`#` begins a comment in YAML: quote the whole value",
        )
        return None
    if sign == ":=":
        return _entry("computed", _scalar(text, span, start, len(text), plain=True))
    value: Node | None
    if text[start] in "\"'[{":
        value = parse_fragment(text[start:], at=part(span, text, start, len(text)), found=found)
    else:
        value = _scalar(text, span, start, len(text))
    return None if value is None else _entry("default", value)


def _scalar(text: str, span: Span, start: int, end: int, *, plain: bool = False) -> ScalarNode:
    raw = text[start:end]
    return ScalarNode(
        value=raw if plain else resolve(raw),
        raw=raw,
        quoted=False,
        block=False,
        span=part(span, text, start, end),
    )


def _entry(key: str, value: Node, key_node: ScalarNode | None = None) -> Entry:
    if key_node is None:
        key_node = ScalarNode(value=key, raw=key, quoted=False, block=False, span=value.span)
    return Entry(key=key, key_node=key_node, value=value)
