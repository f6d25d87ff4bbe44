"""The manifest survives being written and read, and says so when it is damaged."""

from pathlib import Path

import pytest

from apigen.disk.manifest import ManifestEntry, print_manifest, read_manifest
from apigen.disk.paths import ProjectError
from apigen.plan.file import FileClass


def entry(path: str) -> ManifestEntry:
    return ManifestEntry(
        path=path, file_class=FileClass.MERGED, sha256="ab", elements=("shop.Ordér",)
    )


def write(root: Path, content: bytes) -> None:
    (root / ".apigen").mkdir()
    (root / ".apigen/manifest.json").write_bytes(content)


def test_it_reads_what_it_wrote_one_line_a_file_by_path(tmp_path: Path) -> None:
    text = print_manifest([entry("b.py"), entry("a.py")])
    write(tmp_path, text)

    assert list(read_manifest(tmp_path).entries.values()) == [entry("a.py"), entry("b.py")]
    assert [line.partition('"class"')[0] for line in text.decode().splitlines()[1:3]] == [
        '{"path": "a.py", ',
        '{"path": "b.py", ',
    ]


@pytest.mark.parametrize("content", [b"", b"[]", b'{"format": 1}', b'{"format": 1, "files": [{}]}'])
def test_a_damaged_manifest_is_named(tmp_path: Path, content: bytes) -> None:
    write(tmp_path, content)

    with pytest.raises(ProjectError, match=r"manifest\.json can not be read"):
        read_manifest(tmp_path)


def test_another_format_is_not_guessed_at(tmp_path: Path) -> None:
    write(tmp_path, b'{"format": 2, "files": []}')

    with pytest.raises(ProjectError, match="another apigen"):
        read_manifest(tmp_path)
