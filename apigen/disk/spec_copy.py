"""Bring a spec into the project that is made from it: the file, its includes and its data.

The root file gets the line by which editors find the schema; otherwise bytes stay as they are.
"""

from collections.abc import Iterable
from pathlib import Path

from apigen.disk.paths import SCHEMA, ProjectError

_MODELINE = f"# yaml-language-server: $schema={SCHEMA}\n"
_MODELINE_KEY = b"yaml-language-server:"
_BOM = b"\xef\xbb\xbf"


def copied_spec(folder: Path, root: str, others: Iterable[str], *, name: str) -> dict[str, bytes]:
    """Return the files of a spec as they will stand in the project.

    Args:
        folder: Where the spec stands.
        root: The root file's name in it.
        others: Included files and data, relative to `folder`, posix.
        name: What the root file is called in the project.

    Returns:
        Path in the project to content.

    Raises:
        ProjectError: an included file would take the place of the root file.
    """
    content = (folder / root).read_bytes()
    if _MODELINE_KEY not in content:
        content = _MODELINE.encode() + content.removeprefix(_BOM)
    files = {name: content}
    for other in sorted(set(others)):
        if other == name:
            raise ProjectError(f"{folder / other} is included, but {name} is the root of a project")
        files[other] = (folder / other).read_bytes()
    return files
