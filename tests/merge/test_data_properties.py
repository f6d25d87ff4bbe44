"""Random triples of data files: identities, and no value or comment of the owner's is lost."""

import json
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from apigen.merge.conflict_text import mine_alone
from apigen.merge.data.json import merge_json
from apigen.merge.data.toml import merge_toml
from apigen.merge.data.yaml import merge_yaml
from apigen.merge.lines import merge_line_set, merge_lines
from apigen.merge.merged import Merged
from tests.merge.data_texts import (
    DATA,
    LAYOUTS,
    Data,
    Layout,
    edited,
    json_text,
    toml_text,
    yaml_text,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A way to write data, to read it, and to merge it."""

    name: str
    write: Callable[[dict[str, Data], Layout, str], str]
    read: Callable[[str], object]
    merge: Callable[[str, str, str], Merged]


def _yaml(text: str) -> object:
    return YAML(typ="safe", pure=True).load(text)


LANGUAGES = (
    Language(
        name="json",
        write=lambda data, layout, _: json_text(data, layout),
        read=json.loads,
        merge=merge_json,
    ),
    Language(name="yaml", write=yaml_text, read=_yaml, merge=merge_yaml),
    Language(name="toml", write=toml_text, read=tomllib.loads, merge=merge_toml),
)


@st.composite
def triples(draw: st.DrawFn) -> tuple[dict[str, Data], dict[str, Data], dict[str, Data]]:
    """Return base, mine and theirs."""
    base = draw(DATA)
    return base, draw(edited(base)), draw(edited(base))


each_language = pytest.mark.parametrize("language", LANGUAGES, ids=lambda one: one.name)


@each_language
@settings(max_examples=50, deadline=None)
@given(sides=triples(), layout=LAYOUTS, own=LAYOUTS)
def test_who_moved_alone_is_taken_byte_for_byte(
    language: Language,
    sides: tuple[dict[str, Data], dict[str, Data], dict[str, Data]],
    layout: Layout,
    own: Layout,
) -> None:
    base = language.write(sides[0], layout, "")
    mine = language.write(sides[1], own, "my ")
    theirs = language.write(sides[2], layout, "")

    assert language.merge(base, mine, base).text == mine
    assert language.merge(base, base, theirs).text == theirs
    assert language.merge(base, mine, mine).text == mine


@each_language
@settings(max_examples=120, deadline=None)
@given(sides=triples(), layout=LAYOUTS, own=LAYOUTS)
def test_every_value_of_the_owner_is_in_the_result_or_in_a_conflict(
    language: Language,
    sides: tuple[dict[str, Data], dict[str, Data], dict[str, Data]],
    layout: Layout,
    own: Layout,
) -> None:
    base = language.write(sides[0], layout, "")
    mine = language.write(sides[1], own, "my ")
    theirs = language.write(sides[2], layout, "")

    merged = language.merge(base, mine, theirs)

    result = language.read(mine_alone(merged.text))
    before = dict(_leaves(language.read(base)))
    found = dict(_leaves(result))
    for path, value in _leaves(language.read(mine)):
        if path not in before or before[path] != value:
            assert found.get(path) == value, path
    for line in mine.splitlines():
        if line.lstrip().startswith("# my "):
            assert line.strip() in merged.text


@each_language
@settings(max_examples=120, deadline=None)
@given(sides=triples(), layout=LAYOUTS, own=LAYOUTS)
def test_without_conflicts_every_new_value_of_theirs_arrives_and_a_second_merge_changes_nothing(
    language: Language,
    sides: tuple[dict[str, Data], dict[str, Data], dict[str, Data]],
    layout: Layout,
    own: Layout,
) -> None:
    base = language.write(sides[0], layout, "")
    mine = language.write(sides[1], own, "my ")
    theirs = language.write(sides[2], layout, "")
    merged = language.merge(base, mine, theirs)
    if merged.conflicts:
        return

    found = dict(_leaves(language.read(merged.text)))
    ours = dict(_leaves(language.read(mine)))
    deleted = {remark.symbol for remark in merged.remarks}
    before = dict(_leaves(language.read(base)))
    for path, value in _leaves(language.read(theirs)):
        if (path not in before or before[path] != value) and not deleted:
            assert found.get(path) in (value, ours.get(path)), path
            assert path in found
    assert language.merge(base, merged.text, theirs).text == merged.text


@each_language
@settings(max_examples=50, deadline=None)
@given(data=DATA, layout=LAYOUTS, own=LAYOUTS, other=LAYOUTS)
def test_layout_alone_is_never_an_edit(
    language: Language, data: dict[str, Data], layout: Layout, own: Layout, other: Layout
) -> None:
    base, mine, theirs = (language.write(data, one, "") for one in (layout, own, other))

    merged = language.merge(base, mine, theirs)

    assert not merged.conflicts
    assert language.read(merged.text) == language.read(mine)


LINES = st.lists(st.sampled_from(["a", "b", "c", "d", "", "# x"]), max_size=6).map(
    lambda lines: "".join(f"{line}\n" for line in lines)
)


@settings(max_examples=200, deadline=None)
@given(base=LINES, mine=LINES, theirs=LINES)
def test_lines_keep_the_identities_and_every_line_of_the_owner(
    base: str, mine: str, theirs: str
) -> None:
    merged = merge_lines(base, mine, theirs)

    assert merge_lines(base, mine, base).text == mine
    assert merge_lines(base, base, theirs).text == theirs
    assert merge_lines(base, mine, mine).text == mine
    missing = set(mine.splitlines()) - set(base.splitlines()) - set(merged.text.splitlines())
    assert not missing
    assert len(merged.conflicts) == merged.text.count("<<<<<<< yours\n")


@settings(max_examples=200, deadline=None)
@given(base=LINES, mine=LINES, theirs=LINES)
def test_a_set_of_lines_never_conflicts(base: str, mine: str, theirs: str) -> None:
    merged = merge_line_set(base, mine, theirs)

    lines = set(merged.text.splitlines()) - {""}
    added = (set(mine.splitlines()) | set(theirs.splitlines())) - set(base.splitlines())
    dropped = set(base.splitlines()) - (set(mine.splitlines()) & set(theirs.splitlines()))
    assert not merged.conflicts
    assert added - {""} <= lines
    assert not dropped & lines


def _leaves(value: object, path: tuple[object, ...] = ()) -> Iterator[tuple[object, object]]:
    """Yield every scalar with its place; of a sequence, with what tells the item apart."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _leaves(part, (*path, key))
    elif isinstance(value, list):
        for item in value:
            label = item["name"] if isinstance(item, dict) else ("=", item)
            yield from _leaves(item, (*path, label))
    else:
        yield path, value
