"""The value object that describes a stored file: `FileRef`, one a context that has files."""

from apigen.diagnostics import Label, Span
from apigen.ir.field import Field, FkAction, Origin, Surface
from apigen.ir.names import Name
from apigen.ir.system import ObjectStore, ObjectType
from apigen.ir.types import Constraints, ObjectRef, Scalar, ScalarKind, TypeRef
from apigen.lower.identifiers import label_of, stable_id, wire_name
from apigen.lower.workspace import Workspace

FILE = "file"
"""The type as specs name it."""

_CLASS = "FileRef"
_PARTS: tuple[tuple[str, ScalarKind, Constraints], ...] = (
    ("name", ScalarKind.STR, Constraints(min=1, max=255)),
    ("content_type", ScalarKind.STR, Constraints(min=1, max=255)),
    ("size", ScalarKind.BIGINT, Constraints(min=0)),
    ("sha256", ScalarKind.STR, Constraints(min=64, max=64, pattern="[0-9a-f]{64}")),
    ("key", ScalarKind.STR, Constraints(min=1, max=255)),
)


def file_type(context: str, span: Span, work: Workspace) -> TypeRef | None:
    """Return the type of a file's description, declared in its context once.

    None when the spec has another declaration of that name (AG104).
    """
    qname = f"{context}.{_CLASS}"
    symbol = work.symbols.of(qname)
    if symbol is not None:
        work.found.error(
            "AG104",
            f"the description of a file and another declaration both become the class `{_CLASS}`",
            span,
            labels=(Label(span=symbol.span, text="the other one"),),
            help="give the other one a name of its own",
        )
        return None
    if qname not in work.types:
        work.types[qname] = ObjectType(
            id=stable_id("type", qname),
            qname=qname,
            name=Name.of(_CLASS),
            doc="A stored file: what it is, and under which key the storage has it.",
            span=span,
            fields=tuple(
                _part(qname, name, kind, bounds, span, work) for name, kind, bounds in _PARTS
            ),
            invariants=(),
            measure=None,
            store=ObjectStore.JSON,
            example=None,
        )
    return ObjectRef(target=qname)


def _part(
    owner: str, name: str, kind: ScalarKind, bounds: Constraints, span: Span, work: Workspace
) -> Field:
    return Field(
        id=stable_id("field", f"{owner}.{name}"),
        qname=f"{owner}.{name}",
        name=Name.of(name),
        doc="",
        span=span,
        attribute=name,
        type=Scalar(kind=kind, constraints=bounds),
        nullable=False,
        default=None,
        computed=None,
        writes=frozenset({Surface.CREATE, Surface.UPDATE}),
        reads=frozenset({Surface.RESPONSE}),
        filter=(),
        sort=False,
        search=False,
        index=None,
        on_delete=FkAction.RESTRICT,
        inverse=None,
        join=None,
        column=name,
        wire=wire_name(name, work.settings.naming.wire),
        label=label_of(name),
        example=None,
        fake=None,
        origin=Origin.SYNTH,
    )
