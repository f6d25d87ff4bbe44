"""The manifest survives being written and read, and says so when it is damaged."""

from dataclasses import replace
from pathlib import Path

import pytest

from apigen.disk.manifest import print_manifest, read_manifest
from apigen.disk.paths import ProjectError
from apigen.merge.manifest import Link, ManifestEntry
from apigen.plan.file import FileClass


def entry(path: str) -> ManifestEntry:
    return ManifestEntry(
        path=path,
        file_class=FileClass.MERGED,
        sha256="ab",
        elements=("shop.Ordér",),
        executable=False,
    )


def write(root: Path, content: bytes) -> None:
    (root / ".apigen").mkdir()
    (root / ".apigen/manifest.json").write_bytes(content)


def test_it_reads_what_it_wrote_one_line_a_file_by_path(tmp_path: Path) -> None:
    text = print_manifest([entry("b.py"), entry("a.py")])
    write(tmp_path, text)

    assert list(read_manifest(tmp_path).entries.values()) == [entry("a.py"), entry("b.py")]
    assert [line.partition('"class"')[0] for line in text.decode().splitlines()[2:4]] == [
        '{"path": "a.py", ',
        '{"path": "b.py", ',
    ]


@pytest.mark.parametrize("content", [b"", b"[]", b'{"format": 1}', b'{"format": 1, "files": [{}]}'])
def test_a_damaged_manifest_is_named(tmp_path: Path, content: bytes) -> None:
    write(tmp_path, content)

    with pytest.raises(ProjectError, match=r"manifest\.json can not be read"):
        read_manifest(tmp_path)


def test_another_format_is_not_guessed_at(tmp_path: Path) -> None:
    write(tmp_path, b'[{"format": 9, "apigen": "9.0.0"}, null]')

    with pytest.raises(ProjectError, match="another apigen"):
        read_manifest(tmp_path)


def test_a_manifest_of_apigen_0_1_is_read(tmp_path: Path) -> None:
    row = '{"path": "a.py", "class": "merged", "sha256": "ab", "elements": ["shop.Order"]}'
    write(tmp_path, f'{{"format": 1, "files": [\n{row}\n]}}\n'.encode())

    manifest = read_manifest(tmp_path)

    assert manifest.version == "0.1"
    assert manifest.entries["a.py"].sha256 == "ab"
    assert manifest.entries["a.py"].executable is None


def test_lines_that_git_united_are_a_manifest(tmp_path: Path) -> None:
    """A union merge puts the lines of both branches one after the other, in any order."""
    ours = print_manifest([entry("a.py"), entry("b.py")]).decode().splitlines(keepends=True)
    changed = replace(entry("b.py"), sha256="cd", elements=("shop.Customer",))
    theirs = print_manifest([changed, entry("c.py")]).decode().splitlines(keepends=True)
    write(tmp_path, "".join([*ours[:-2], *theirs[2:]]).encode())

    manifest = read_manifest(tmp_path)

    assert sorted(manifest.entries) == ["a.py", "b.py", "c.py"]
    assert manifest.entries["b.py"].hashes == {"ab", "cd"}
    assert manifest.entries["b.py"].elements == ("shop.Ordér", "shop.Customer")


def test_a_link_survives(tmp_path: Path) -> None:
    link = Link(path="a.py", symbol="Task.rename", at="b.py", at_symbol="Renaming.rename")

    write(tmp_path, print_manifest([entry("a.py")], [link]))

    assert read_manifest(tmp_path).links == (link,)
