"""Normal forms of texts, applied before anything else looks at them."""

import re
import unicodedata
from collections.abc import Callable, Mapping


def slugify(value: str) -> str:
    """Return lower-case ASCII words joined by hyphens: `Crème brûlée!` becomes `creme-brulee`."""
    ascii_only = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "-", ascii_only.lower()).strip("-")


def nfc(value: str) -> str:
    """Return Unicode normal form C: one code point where one will do."""
    return unicodedata.normalize("NFC", value)


NORMALIZERS: Mapping[str, Callable[[str], str]] = {
    "trim": str.strip,
    "lower": str.lower,
    "upper": str.upper,
    "nfc": nfc,
    "slug": slugify,
}
"""By the name that a specification gives them."""


def normalize(value: str, *names: str) -> str:
    """Apply normalizers by name, in the order given."""
    for name in names:
        value = NORMALIZERS[name](value)
    return value
