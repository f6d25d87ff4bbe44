"""Make sure that what an owner wants back is something apigen writes."""

from collections.abc import Iterable

from apigen.disk.paths import ProjectError
from apigen.render.renderer import Rendering


def refuse_unknown(names: Iterable[str], rendering: Rendering) -> None:
    """Refuse `path` or `path::symbol` of which the path is none of today's files.

    Raises:
        ProjectError: the text names the path.
    """
    known = {file.path for file in rendering.files}
    for name in sorted(names):
        path = name.partition("::")[0]
        if path not in known:
            raise ProjectError(f"apigen writes nothing at {path}: there is nothing to restore")
