"""What is different in what clients may upload to a field; files that are there stay."""

from collections.abc import Iterator

from apigen.evolve.classification import Row, Subject, change
from apigen.evolve.record import SpecChange
from apigen.ir.field import Field, FileLimits


def upload_changes(
    before: Field, after: Field, subject: Subject, shown: str
) -> Iterator[SpecChange]:
    """Yield what may be uploaded no longer, or may be by now."""
    if before.file is None or after.file is None:
        return
    subject = subject._replace(is_stored=False, in_events=False)
    was, now = before.file, after.file
    if was.max_bytes != now.max_bytes:
        row = Row.LOOSENED if now.max_bytes > was.max_bytes else Row.TIGHTENED
        text = f"a file of `{shown}` may have {now.max_bytes} bytes"
        sizes = (str(was.max_bytes), str(now.max_bytes))
        yield change(row, subject, text, attribute="file", before=sizes[0], after=sizes[1])
    if was.types != now.types:
        is_wider = not now.types or (bool(was.types) and all(_taken(one, now) for one in was.types))
        kinds = (" ".join(was.types) or "any type", " ".join(now.types) or "any type")
        text = f"a file of `{shown}` may be of {kinds[1]}"
        row = Row.LOOSENED if is_wider else Row.TIGHTENED
        yield change(row, subject, text, attribute="file", before=kinds[0], after=kinds[1])


def _taken(kind: str, limits: FileLimits) -> bool:
    """Tell whether all of a media type, or of a kind of them, is taken."""
    return not {kind, f"{kind.partition('/')[0]}/*"}.isdisjoint(limits.types)
