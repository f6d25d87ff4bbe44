"""Fields of type `file`: what may be uploaded, and which keys mean nothing to them.

AG014, AG207 and AG607.
"""

import re

from apigen.diagnostics import Edit, Fix, Span
from apigen.ir.field import FileLimits, FilterOp
from apigen.ir.system import Files
from apigen.lower.file_types import FILE
from apigen.lower.workspace import Workspace
from apigen.source.spans import end_of
from apigen.spec.document import FeaturesSpec, FilesSpec
from apigen.spec.fields import FieldSpec
from apigen.spec.located import Located
from apigen.spec.type_syntax import NamedSyntax

_MEGABYTE = 1024 * 1024
_MAX_BYTES = 10 * _MEGABYTE
"""Of an upload, where the spec does not say."""
_LARGEST = 5 * 1024 * _MEGABYTE
"""Bytes: what one upload to S3 may have."""
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,126}/(?:\*|[a-z0-9][a-z0-9.+_-]{0,126})")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_MEANINGLESS = (
    "default",
    "computed",
    "stored",
    "unique",
    "index",
    "immutable",
    "readonly",
    "writeonly",
    "hidden",
    "backfill",
    "encrypted",
    "example",
    "fake",
)


def is_file(spec: FieldSpec) -> bool:
    """Tell whether a field has the type `file`."""
    core = spec.type.core if spec.type is not None else None
    return isinstance(core, NamedSyntax) and core.name.value == FILE


def check_file(name: Located[str], spec: FieldSpec, work: Workspace) -> bool:
    """Report what a field can not be because it is a file, or has limits without being one."""
    if not is_file(spec):
        if spec.file is not None:
            work.found.error(
                "AG207",
                f"`file` does not apply to `{name.value}`, which is none",
                spec.file.span,
                help="only to a field of type `file`",
            )
        return True
    is_sound = True
    assert spec.type is not None
    if not spec.type.nullable:
        text = spec.type.text
        fix = None
        if spec.type.span.end_column - spec.type.span.column == len(text):
            edit = Edit(span=end_of(spec.type.span), text="?")
            fix = Fix(title="make it optional", edits=(edit,))
        work.found.error(
            "AG014",
            "a required `file` is not supported yet",
            spec.type.span,
            help="write `file?`: it is uploaded to a row that is there",
            fix=fix,
        )
        is_sound = False
    if spec.pii is not None and spec.pii.value is not False:
        work.found.error(
            "AG014",
            "a `file` with personal data is not supported yet",
            spec.pii.span,
            help="leave `pii` out: what `erases` does would not delete the file",
        )
        is_sound = False
    for key in _MEANINGLESS:
        value = getattr(spec, key)
        if value is None or getattr(value, "value", True) is False:
            continue
        work.found.error(
            "AG207",
            f"`{key}` does not apply to a `file`",
            _span(value, spec.span),
            help="it is uploaded, fetched and deleted by routes of its own",
        )
        is_sound = False
    return _check_lists(name, spec, work) and is_sound


def _check_lists(name: Located[str], spec: FieldSpec, work: Workspace) -> bool:
    """Report lists that are filtered by more than whether there is a file, sorted or searched."""
    asked: list[tuple[str, Span]] = []
    for verb, flag in (("sort", spec.sort), ("search", spec.search)):
        if flag is not None and flag.value not in (False, "auto"):
            asked.append((f"{verb} by", flag.span))
    words = spec.filter if isinstance(spec.filter, tuple) else (spec.filter,)
    asked += (
        ("filter by", word.span)
        for word in words
        if word is not None and word.value not in (False, "auto", FilterOp.IS_NULL.value)
    )
    for what, span in asked:
        work.found.error(
            "AG603",
            f"cannot {what} `{name.value}`: it is a file",
            span,
            help="`filter: [is_null]` tells the rows that have one",
        )
    return not asked


def file_limits(name: str, spec: FieldSpec, work: Workspace) -> FileLimits:
    """Return what may be uploaded to a field (AG607 for what is no limit)."""
    limits = spec.file
    segment = name.replace("_", "-") if work.settings.naming.path == "kebab" else name
    if limits is None:
        return FileLimits(max_bytes=_MAX_BYTES, segment=segment)
    largest = _MAX_BYTES
    if limits.max_size is not None:
        largest = limits.max_size.value
        if not 0 < largest <= _LARGEST:
            work.found.error(
                "AG607",
                "a `max_size` is between 1 byte and 5gb",
                limits.max_size.span,
                help="such as `5mb`",
            )
            largest = _MAX_BYTES
    types: list[str] = []
    for written in limits.types or ():
        if _MEDIA_TYPE.fullmatch(written.value):
            types.append(written.value)
            continue
        work.found.error(
            "AG607",
            f"`{written.value[:40]}` is not a media type",
            written.span,
            help="in lower case and without parameters, such as `image/png` or `image/*`",
        )
    return FileLimits(max_bytes=largest, types=tuple(dict.fromkeys(types)), segment=segment)


def files(spec: FeaturesSpec | None, app: str, work: Workspace, *, are_there: bool) -> Files | None:
    """Return where files are kept; None when no entity has any.

    Args:
        spec: May say so.
        app: Package of the project, which a bucket is named after that the spec does not name.
        work: Takes what is wrong.
        are_there: Whether an entity has a file.
    """
    chosen = spec.files if spec is not None else None
    if chosen is not None and not are_there and getattr(chosen, "value", True):
        work.found.error(
            "AG607",
            "`features.files` says where files are kept, and no entity has a `file`",
            chosen.span,
            help="add a field such as `image: file?`, or remove it",
        )
    if not are_there:
        return None
    if isinstance(chosen, Located) and not chosen.value:
        work.found.error(
            "AG607",
            "files are switched off, and an entity has a `file`",
            chosen.span,
            help="remove `files: false`",
        )
    app = app.replace("_", "-")
    if not isinstance(chosen, FilesSpec):
        return Files()
    is_remote = chosen.storage is not None and chosen.storage.value in ("s3", "azure")
    storage = chosen.storage.value if chosen.storage is not None else "local"
    bucket = chosen.bucket
    if bucket is not None and not is_remote:
        work.found.error(
            "AG607",
            f"`storage: {storage}` has no bucket",
            bucket.span,
            help="remove it, or choose s3 or azure",
        )
    elif bucket is not None and not _BUCKET.fullmatch(bucket.value):
        work.found.error(
            "AG607",
            f"`{bucket.value[:40]}` is not the name of a bucket",
            bucket.span,
            help="3 to 63 lower-case letters, digits, `.` and `-`",
        )
    if bucket is None:
        named = f"{app}-files"[-63:].lstrip("-")
        return Files(storage=storage, bucket=named if is_remote else None)
    return Files(storage=storage, bucket=bucket.value)


def _span(value: object, default: Span) -> Span:
    if isinstance(value, tuple) and value:
        value = value[0]
    span = getattr(value, "span", None)
    return span if isinstance(span, Span) else default
