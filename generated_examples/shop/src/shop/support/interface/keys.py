"""Keys in paths: how they are written there, and which ones can not be."""

from collections.abc import Collection
from urllib.parse import quote

from ..core.errors import ValidationError
from ..core.json import dumps


def segments(id: object) -> str:
    """Return an identifier as it stands in a path: one segment, or one for each part of it."""
    parts = id if isinstance(id, tuple) else (id,)
    return "/".join(quote(_written(part), safe="") for part in parts)


def _written(part: object) -> str:
    """Return a part of an identifier as JSON writes it, where a moment is no `str` of Python."""
    return part if isinstance(part, str) else dumps(part).decode().strip('"')


def require_usable(field: str, value: object, reserved: Collection[str]) -> None:
    """Refuse a key that no path could hold.

    Args:
        field: Wire name of the key.
        value: The key that a client has chosen.
        reserved: Words that mean something else at the key's place in a path.

    Raises:
        ValidationError: It can not be used.
    """
    text = str(value)
    if text in ("", ".", "..") or "/" in text or text in reserved:
        raise ValidationError(
            field, value, "key", "must not be empty, a reserved word, dots only or contain a slash"
        )


def require_same(field: str, value: object, expected: object) -> None:
    """Refuse a body that names another parent than the path does.

    Raises:
        ValidationError: They differ.
    """
    if value != expected:
        raise ValidationError(field, value, "path", "must be the one that the path names")
