"""Names of files as clients send them, made harmless; and put into `Content-Disposition`.

Source: requirement 70.3; RFC 6266, RFC 8187.
"""

import re
import unicodedata
from urllib.parse import quote

_LONGEST = 200
"""Characters; names are for people, and 255 bytes are the most that file systems take."""
_UNSAFE = re.compile(r'[<>:"|?*\\/]')


def safe_name(sent: str, default: str) -> str:
    """Return the last part of a sent name without anything that a file system or shell minds.

    Directories, control and direction-changing characters are gone, and so are leading dots; a
    long name keeps its ending. `default` when nothing is left.
    """
    name = unicodedata.normalize("NFC", sent).replace("\\", "/").rpartition("/")[2]
    # Control characters, surrogates, and those that turn the direction of text: `exe.gnp`.
    name = "".join(one for one in name if unicodedata.category(one)[0] != "C")
    name = " ".join(_UNSAFE.sub("_", name).split()).strip(". ")
    if not name:
        return default
    if len(name) <= _LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 20:
        return name[:_LONGEST]
    return f"{stem[: _LONGEST - len(ending) - 1]}.{ending}"


def content_disposition(kind: str, name: str) -> str:
    """Return the header for a file; `kind` is `inline` or `attachment`."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    encoded = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f'{kind}; filename="{plain}"{encoded}'
