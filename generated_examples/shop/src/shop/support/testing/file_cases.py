"""The data that tests of files work on, and contents of any media type to upload."""

from dataclasses import dataclass
from functools import cache

from puremagic.main import magic_header_array

from ..interface.file_signatures import contradicts, is_text
from ..interface.uploads import UploadRules
from .access_cases import AccessCase, AccessRow

_PREFERRED = ("image/png", "application/pdf", "text/plain")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCase(AccessCase):
    """A file of the rows of one resource."""

    operations: tuple[AccessRow, ...] = ()
    """What is done with it by whom; nothing where nobody says who they are."""
    segment: str
    """Below the path of a row."""
    field: str
    """What answers call it."""
    max_bytes: int
    types: tuple[str, ...] = ()
    """Media types that are taken; none: any."""
    has_etag: bool = True
    is_idempotent: bool = False
    is_shown: bool = True
    """Whether a row can be read, and so its file."""
    is_gone: bool = False
    """Whether a row that is deleted is gone, and its files with it."""

    @property
    def content_type(self) -> str:
        """A media type that is taken, if possible one that is known by its signature."""
        rules = UploadRules(max_bytes=self.max_bytes, types=self.types)
        usual = next((kind for kind in _PREFERRED if rules.allows(kind)), None)
        if usual is not None:
            return usual
        return next((kind for kind in self.types if not kind.endswith("/*")), _any_of(self.types))

    @property
    def content(self) -> bytes:
        """A small file of that type."""
        return content_of_type(self.content_type)

    @property
    def is_signed(self) -> bool:
        """Whether something else is told from a file of that type."""
        return contradicts(b"\1\2\3\4 nothing", self.content_type) and self.max_bytes >= 100


@cache
def content_of_type(kind: str) -> bytes:
    """Return some content that begins as those of a media type do."""
    if is_text(kind):
        return b"<svg>a text</svg>" if "svg" in kind else b"a text, and more of it\n"
    for known in magic_header_array:
        content: bytes = b"\0" * known.offset + known.byte_match + b"\0" * 64
        if known.offset >= 0 and known.mime_type == kind and not contradicts(content, kind):
            return content
    return b"\1\2\3\4 of its own kind"


def _any_of(types: tuple[str, ...]) -> str:
    """Return a type of a kind of which all are taken."""
    kind = types[0].partition("/")[0]
    found: list[str] = sorted(known.mime_type for known in magic_header_array)
    return next(one for one in found if one.startswith(f"{kind}/"))
