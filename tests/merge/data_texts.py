"""Random data, edits of it, and its text in JSON, YAML and TOML in several layouts."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

type Data = bool | int | str | list[Data] | dict[str, Data]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How a person writes a file."""

    indent: int
    is_lined: bool
    """Items of sequences on lines of their own."""
    notes: frozenset[str]
    """Keys with a comment above, where the language has comments."""
    is_spaced: bool
    """Blank lines between the entries of the top level."""


WORDS = st.sampled_from(["a", "b", "c", "d", "e", "f"])
SCALARS = st.one_of(
    st.booleans(),
    st.integers(0, 9),
    st.sampled_from(["", "yes", "#x", "a: b", "two\nlines", "3.12", "'", '"', "- z", " pad "]),
)
ITEMS = st.lists(st.integers(0, 9), max_size=4, unique=True).map(list)
NAMED = st.lists(WORDS, min_size=1, max_size=3, unique=True).flatmap(
    lambda names: st.tuples(
        *(st.fixed_dictionaries({"name": st.just(name), "v": st.integers(0, 3)}) for name in names)
    ).map(list)
)
LEAVES: st.SearchStrategy[Data] = st.one_of(SCALARS, ITEMS, NAMED)
DATA: st.SearchStrategy[dict[str, Data]] = st.dictionaries(
    WORDS,
    st.one_of(
        LEAVES,
        st.dictionaries(
            WORDS,
            st.one_of(LEAVES, st.dictionaries(WORDS, SCALARS, min_size=1, max_size=3)),
            min_size=1,
            max_size=4,
        ),
    ),
    min_size=1,
    max_size=5,
)
LAYOUTS = st.builds(
    Layout,
    indent=st.sampled_from([2, 4]),
    is_lined=st.booleans(),
    notes=st.frozensets(WORDS, max_size=2),
    is_spaced=st.booleans(),
)


@st.composite
def edited(draw: st.DrawFn, before: dict[str, Data]) -> dict[str, Data]:
    """Return the data after a few edits."""
    after = {key: _copy(value) for key, value in before.items()}
    for _ in range(draw(st.integers(1, 4))):
        _edit(draw, after)
    return after


def _edit(draw: st.DrawFn, place: dict[str, Data]) -> None:
    keys = sorted(place)
    what = draw(st.sampled_from(["add", "change", "remove", "within", "within"]))
    key = draw(st.sampled_from(keys)) if keys else "a"
    inner = place.get(key)
    if what == "add" or not keys:
        place.setdefault(draw(WORDS), draw(LEAVES))
    elif what == "change":
        place[key] = draw(LEAVES)
    elif what == "remove" and len(keys) > 1:
        del place[key]
    elif isinstance(inner, dict):
        _edit(draw, inner)
    elif isinstance(inner, list):
        _edit_items(draw, inner, is_shorter=draw(st.booleans()))


def _edit_items(draw: st.DrawFn, items: list[Data], *, is_shorter: bool) -> None:
    if items and is_shorter:
        items.pop(draw(st.integers(0, len(items) - 1)))
        return
    new: Data = draw(st.integers(10, 19))
    if items and isinstance(items[0], dict):
        name = draw(st.sampled_from(["x", "y"]))
        if any(isinstance(item, dict) and item["name"] == name for item in items):
            return
        new = {"name": name, "v": new}
    if new not in items:
        items.insert(draw(st.integers(0, len(items))), new)


def _copy(value: Data) -> Data:
    if isinstance(value, dict):
        return {key: _copy(part) for key, part in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value


def json_text(data: Mapping[str, Data], layout: Layout) -> str:
    """Write JSON."""
    if layout.is_lined:
        return json.dumps(data, indent=layout.indent) + "\n"
    lines = [f"{' ' * layout.indent}{json.dumps(k)}: {json.dumps(v)}" for k, v in data.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n" if lines else "{}\n"


def yaml_text(data: Mapping[str, Data], layout: Layout, who: str = "") -> str:
    """Write YAML; `who` signs the comments."""
    blank = "\n" if layout.is_spaced else ""
    parts = ["".join(_yaml_entry(k, v, layout, 0, who)) for k, v in data.items()]
    return blank.join(parts) if parts else "{}\n"


def _yaml_entry(key: str, value: Data, layout: Layout, column: int, who: str) -> list[str]:
    indent = " " * column
    lines = [f"{indent}# {who}{key}\n"] if key in layout.notes else []
    inner = column + layout.indent
    if isinstance(value, dict) and value:
        lines.append(f"{indent}{key}:\n")
        for name, part in value.items():
            lines += _yaml_entry(name, part, layout, inner, who)
    elif isinstance(value, list) and value and layout.is_lined:
        lines.append(f"{indent}{key}:\n")
        for item in value:
            if isinstance(item, dict):
                pairs = [f"{name}: {json.dumps(part)}\n" for name, part in item.items()]
                dash = " " * inner + "- "
                lines += [dash + pairs[0], *(" " * (inner + 2) + pair for pair in pairs[1:])]
            else:
                lines.append(f"{' ' * inner}- {json.dumps(item)}\n")
    else:
        lines.append(f"{indent}{key}: {json.dumps(value)}\n")
    return lines


def toml_text(data: Mapping[str, Data], layout: Layout, who: str = "") -> str:
    """Write TOML; `who` signs the comments."""
    tables = {key: value for key, value in data.items() if isinstance(value, dict)}
    lines = [
        line
        for key, value in data.items()
        if key not in tables
        for line in _toml_pair(key, value, layout, who)
    ]
    for name, table in tables.items():
        lines += _toml_table(name, table, layout, who)
    return "".join(lines) or "# nothing\n"


def _toml_table(path: str, table: dict[str, Data], layout: Layout, who: str) -> list[str]:
    inner = {key: value for key, value in table.items() if isinstance(value, dict)}
    lines = ["\n"] if layout.is_spaced else []
    lines.append(f"[{path}]\n")
    for key, value in table.items():
        if key not in inner:
            lines += _toml_pair(key, value, layout, who)
    for name, one in inner.items():
        lines += _toml_table(f"{path}.{name}", one, layout, who)
    return lines


def _toml_pair(key: str, value: Data, layout: Layout, who: str) -> list[str]:
    lines = [f"# {who}{key}\n"] if key in layout.notes else []
    if isinstance(value, list) and value and layout.is_lined:
        indent = " " * layout.indent
        return [
            *lines,
            f"{key} = [\n",
            *(f"{indent}{_toml_value(item)},\n" for item in value),
            "]\n",
        ]
    return [*lines, f"{key} = {_toml_value(value)}\n"]


def _toml_value(value: Data) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {_toml_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_toml_value(item) for item in value) + "]"
    return json.dumps(value)
