"""Blocks: mappings with known keys, declared as dataclasses whose attributes are the key table.

`key(shape)` makes an attribute a key of the language. One table gives the reader, the messages for
unknown and planned keys, and the JSON Schema.
"""

from collections.abc import Mapping
from dataclasses import field, fields
from typing import ClassVar

from apigen.diagnostics import Edit, Fix, Span
from apigen.diagnostics.collector import Collector
from apigen.diagnostics.near import did_you_mean, is_certain, nearest
from apigen.ir.types import Json
from apigen.source.node import Entry, MappingNode, Node, ScalarNode, SequenceNode
from apigen.spec.located import Located
from apigen.spec.shape import Place, Shape, Text
from apigen.values import dataclass


def key[T](
    shape: Shape[T], *, name: str = "", example: str = "", required: bool = False
) -> T | None:
    """Declare a key of a block; `name` when it is not the attribute's."""
    metadata = {"key": _Key(shape=shape, name=name, example=example, required=required)}
    # dataclasses.field is typed as the default it stands for; so is this.
    declared: T | None = field(default=None, metadata=metadata)
    return declared


@dataclass(frozen=True, slots=True, kw_only=True)
class _Key:
    shape: Shape[object]
    name: str
    example: str
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyTable:
    """All keys of a block."""

    supported: Mapping[str, "KeyEntry"]
    planned: frozenset[str]

    @property
    def names(self) -> tuple[str, ...]:
        """Every key of the language in this block, supported ones first."""
        return (*self.supported, *sorted(self.planned))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyEntry:
    """A supported key: the attribute that takes it and the shape of its value."""

    attribute: str
    shape: Shape[object]
    example: str
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What every block has. `span` is the mapping's; `ext` holds the `x-` keys as written."""

    TITLE: ClassVar[str] = "this block"
    """What stands after "unknown key `k` in"."""
    PLANNED: ClassVar[tuple[str, ...]] = ()
    """Keys of the language that this version does not support; `false` is accepted for each."""
    UNKNOWN_HELP: ClassVar[str] = ""
    """Help for an unknown key that resembles none."""

    span: Span
    doc: Located[str] | None = key(Text())
    ext: tuple[tuple[str, Json], ...] = ()


def key_table(block: type[Block]) -> KeyTable:
    """Return the keys of a block, read off its dataclass fields once."""
    known = _TABLES.get(block)
    if known is None:
        known = _TABLES[block] = _key_table(block)
    return known


_TABLES: dict[type[Block], KeyTable] = {}


def _key_table(block: type[Block]) -> KeyTable:
    supported: dict[str, KeyEntry] = {}
    for declared in fields(block):
        known = declared.metadata.get("key")
        if isinstance(known, _Key):
            name = known.name or declared.name
            supported[name] = KeyEntry(
                attribute=declared.name,
                shape=known.shape,
                example=known.example,
                required=known.required,
            )
    return KeyTable(supported=supported, planned=frozenset(block.PLANNED))


def read_block[B: Block](block: type[B], node: MappingNode, found: Collector, **given: object) -> B:
    """Read a mapping into a block, reporting AG005, AG006 and AG014 at its keys.

    `given` are attributes that are not keys. A key that could not be read is left out, so that
    what else is wrong is found in the same run.
    """
    table = key_table(block)
    values: dict[str, object] = {}
    extensions: list[tuple[str, Json]] = []
    for entry in node.entries:
        known = table.supported.get(entry.key)
        if known is not None:
            place = Place(key=entry.key, example=known.example)
            values[known.attribute] = known.shape.read(entry.value, place, found)
        elif entry.key.startswith("x-"):
            extensions.append((entry.key, plain_data(entry.value)))
        elif entry.key in table.planned:
            refuse_planned(entry, found)
        else:
            refuse_unknown(entry, block, table, found)
    for name, required in table.supported.items():
        if required.required and node.entry(name) is None:
            example = required.example or required.shape.example
            found.error(
                "AG006",
                f"{block.TITLE} needs `{name}`",
                node.span,
                help=f"such as `{name}: {example}`" if "\n" not in example else "",
            )
    # The keys are exactly the dataclass's attributes, and each shape returns its attribute's type.
    return block(span=node.span, ext=tuple(extensions), **given, **values)  # type: ignore[arg-type]


def refuse_planned(entry: Entry, found: Collector) -> None:
    """Report AG014, unless the value is `false`: switching off what is not there is no request."""
    if isinstance(entry.value, ScalarNode) and entry.value.value is False:
        return
    found.error(
        "AG014",
        f"`{entry.key}` is not supported yet",
        entry.key_span,
        help="leave it out; `apigen schema` writes what this version supports",
    )


def refuse_unknown(entry: Entry, block: type[Block], table: KeyTable, found: Collector) -> None:
    """Report AG005 with the near keys; one near key is a safe fix."""
    near = nearest(entry.key, table.names)
    fix = None
    certain = is_certain(entry.key, near)
    if block.UNKNOWN_HELP and not certain:
        # What is no misspelt key of an entity is a field that was put beside `fields`.
        near = ()
    if certain and near[0] in table.supported:
        fix = Fix(title=f"write `{near[0]}`", edits=(Edit(span=entry.key_span, text=near[0]),))
    found.error(
        "AG005",
        f"unknown key `{entry.key}` in {block.TITLE}",
        entry.key_span,
        help=did_you_mean(near) or block.UNKNOWN_HELP or _settings_help(entry.key),
        fix=fix,
    )


def _settings_help(name: str) -> str:
    if name.replace("_", "").isalnum():
        return f"settings of your own: `x-{name}`"
    return "settings of your own start with `x-`"


def plain_data(node: Node) -> Json:
    """Return a node as plain data, for `x-` keys, examples and seeds."""
    match node:
        case ScalarNode(value=float() as value, raw=raw) if value - value != 0:
            # JSON has neither infinity nor "not a number".
            return raw
        case ScalarNode(value=value):
            return value
        case SequenceNode(items=items):
            return [plain_data(item) for item in items]
        case MappingNode(entries=entries):
            return {entry.key: plain_data(entry.value) for entry in entries}
