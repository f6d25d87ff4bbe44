"""Texts of a spec in TOML, YAML, Markdown and the shell come back as they were."""

import subprocess
import tomllib

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from apigen.views.escaping import (
    compose_text,
    markdown_code,
    markdown_text,
    shell_text,
    toml_text,
    yaml_text,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
HOSTILE = ['"', "'", "\\", "}}", "${HOME}", "`id`", "$(id)", "\x7f", "\x85", "\u2028", "#", ": "]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("write", [toml_text, yaml_text])
def test_hostile_text_is_one_token(text: str, write: object) -> None:
    """It cannot end the string it stands in."""
    assert "\n" not in (toml_text(text) if write is toml_text else yaml_text(text))
    assert tomllib.loads(f"a = {toml_text(text)}\nb = 1") == {"a": text, "b": 1}
    assert yaml.safe_load(f"a: {yaml_text(text)}\nb: 1") == {"a": text, "b": 1}


@given(TEXTS)
def test_any_text_comes_back_from_toml_and_yaml(text: str) -> None:
    """The parser of the format reads what was written."""
    assert tomllib.loads(f"a = {toml_text(text)}")["a"] == text
    assert yaml.safe_load(f"a: {yaml_text(text)}")["a"] == text


def test_compose_interpolates_nothing() -> None:
    """A dollar sign is doubled."""
    assert compose_text("${HOME} $x") == '"$${HOME} $$x"'


def test_shell_takes_one_word() -> None:
    """Quotes, dollars and backticks are plain characters of the word."""
    hostile = """it's "$HOME" `id` $(id) \\ ;|&"""

    done = subprocess.run(
        ["sh", "-c", f"printf %s {shell_text(hostile)}"], capture_output=True, check=True, text=True
    )

    assert done.stdout == hostile


def test_markdown_shows_no_markup() -> None:
    """Signs of Markdown and HTML are escaped, line breaks become blanks."""
    assert markdown_text("# <b>*x*</b>\n| a") == r"\# \<b\>\*x\*\</b\> \| a"
    assert markdown_code("a`b``c") == "```a`b``c```"
