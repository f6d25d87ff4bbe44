"""Texts of a spec reach a project as data: a harmless twin of the spec makes the same program.

The twin has the structure of `specs/texts.yaml` and plain words for its texts.
"""

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from markdown_it import MarkdownIt

from tests.generated.projects import CORPUS, Projects, generate

type Tree = dict[str, Tree] | list[Tree] | str | int | float | bool | None

TEXTS = {
    *("contact", "default", "doc", "example", "label", "license", "message", "seeds", "tags"),
    *("title", "value"),
}
"""Keys of the spec below which every text that is no plain word is only a text."""
HARMLESS_PATTERN = "^[^q]*(?:aaa|bbb|cc|dddd)?$"
PLAIN = re.compile(r"[\w.@-]+", re.ASCII)


def twin(tree: Tree, words: Iterator[str], *, is_text: bool = False) -> Tree:
    """Return the spec with plain words for its texts."""
    match tree:
        case dict():
            return {
                (next(words) if is_text and not PLAIN.fullmatch(key) else key): (
                    HARMLESS_PATTERN
                    if key == "pattern"
                    else twin(value, words, is_text=is_text or key in TEXTS)
                )
                for key, value in tree.items()
            }
        case list():
            return [twin(item, words, is_text=is_text) for item in tree]
        case str() if is_text and not PLAIN.fullmatch(tree):
            # As long as the text, because the longest value of an enum is the width of a column.
            return next(words).ljust(len(tree), "x")
        case _:
            return tree


@pytest.fixture(scope="module")
def pair(projects: Projects, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The project of hostile texts, and that of its twin."""
    folder = tmp_path_factory.mktemp("twin")
    spec = yaml.safe_load((CORPUS / "texts.yaml").read_text())
    words = (f"word{number}" for number in range(1000))
    (folder / "texts.yaml").write_text(json.dumps(twin(spec, words)))
    generate(folder / "texts.yaml", folder / "project")
    return projects.of("texts"), folder / "project"


def files(project: Path, *patterns: str) -> dict[str, Path]:
    """Return path to place of the files of a project, the revision's id left out of its path.

    What its tests and tools have left there is not of it.
    """
    return {
        re.sub(r"[0-9a-f]{12}_initial", "initial", path): place
        for pattern in patterns
        for place in sorted(project.rglob(pattern))
        if place.is_file()
        and not {".hypothesis", ".venv"} & set(place.parts)
        and "cache" not in (path := place.relative_to(project).as_posix())
        and not path.startswith(".apigen/base")
    }


def program(place: Path) -> str:
    """Return the syntax tree of a Python file with empty texts."""
    tree = ast.parse(place.read_bytes())
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree, indent=1)


def shape(tree: object) -> object:
    """Return a document with empty texts."""
    match tree:
        case dict():
            return {key: shape(value) for key, value in tree.items()}
        case list():
            return [shape(item) for item in tree]
        case str():
            return ""
        case _:
            return tree


def blocks(place: Path) -> list[str]:
    """Return the blocks and marks of a Markdown file, texts left out."""
    tokens = MarkdownIt("commonmark").enable("table").parse(place.read_text())
    return [
        inner.type
        for token in tokens
        for inner in (token, *(token.children or ()))
        if inner.type not in ("text", "text_special", "softbreak", "hardbreak", "inline")
    ]


def differing(pair: tuple[Path, Path], reader: object, *patterns: str) -> list[str]:
    """Return the paths of the files that `reader` sees differences in."""
    assert callable(reader)
    hostile, harmless = (files(project, *patterns) for project in pair)
    assert sorted(hostile) == sorted(harmless)
    assert hostile
    return [path for path in hostile if reader(hostile[path]) != reader(harmless[path])]


def test_python_is_the_same_program(pair: tuple[Path, Path]) -> None:
    assert differing(pair, program, "*.py") == []


def test_toml_has_the_same_keys(pair: tuple[Path, Path]) -> None:
    def read(place: Path) -> object:
        return shape(tomllib.loads(place.read_text()))

    assert differing(pair, read, "*.toml") == []


def test_yaml_has_the_same_keys(pair: tuple[Path, Path]) -> None:
    def read(place: Path) -> object:
        return shape(yaml.safe_load(place.read_text()))

    assert differing(pair, read, "*.yml", "compose.yaml") == []


def test_what_takes_no_texts_is_the_same(pair: tuple[Path, Path]) -> None:
    """Build and deployment files are made of names only."""
    patterns = (
        "Dockerfile",
        "Makefile",
        ".env.example",
        "*.ini",
        "*.mako",
        ".git*",
        ".dockerignore",
    )

    assert differing(pair, Path.read_bytes, *patterns) == []


def test_markdown_has_the_same_blocks(pair: tuple[Path, Path]) -> None:
    assert differing(pair, blocks, "*.md") == []


def test_texts_arrive_whole(pair: tuple[Path, Path]) -> None:
    """They are escaped, not left out: the documents say them letter by letter."""
    spec = yaml.safe_load((CORPUS / "texts.yaml").read_text())
    module = ast.parse((pair[0] / "src/texts/main.py").read_bytes())

    said = {node.value for node in ast.walk(module) if isinstance(node, ast.Constant)}

    assert {spec["app"]["title"], spec["app"]["license"], spec["app"]["doc"]} <= said
