"""`audit`: who signs a row, and which changes are logged (AG309 for what is not there)."""

from apigen.diagnostics import Span
from apigen.diagnostics.near import did_you_mean, nearest
from apigen.ir.field import Field
from apigen.ir.system import Audit, Child
from apigen.ir.types import Constraints, Scalar, ScalarKind
from apigen.lower.fields import synthesized
from apigen.lower.keys import Keyed
from apigen.lower.workspace import Workspace
from apigen.spec.entities import AuditSpec, EntityDefaultsSpec
from apigen.spec.located import Located

SIGNATURES = ("created_by", "updated_by")
"""Fields of an audited entity: the ids of those who made and last changed it."""

_ID_LENGTH = 200
"""As long as the id of an actor is stored elsewhere."""


def audited_by(spec: EntityDefaultsSpec, fallback: EntityDefaultsSpec) -> AuditSpec | None:
    """Return the settings of `audit`, an entity's own before the default; None: it is off."""
    said = spec.audit or fallback.audit
    if isinstance(said, AuditSpec) or said is None:
        return said
    return AuditSpec(span=said.span) if said.value else None


def signatures(owner: str, work: Workspace, span: Span) -> list[Field]:
    """Return the fields that say who made and who last changed a row of `owner`."""
    name = Scalar(kind=ScalarKind.STR, constraints=Constraints(max=_ID_LENGTH))
    return [
        synthesized(owner, attribute, name, work, span, nullable=True, filterable=True)
        for attribute in SIGNATURES
    ]


def audit_of(
    spec: AuditSpec | None, keyed: Keyed, children: tuple[Child, ...], work: Workspace
) -> Audit | None:
    """Return what is logged of an entity with these fields and children."""
    if spec is None:
        return None
    reads = spec.reads is not None and spec.reads.value
    if spec.fields is None:
        return Audit(fields=None, reads=reads)
    known = {child.attribute: child.attribute for child in children}
    known |= {
        name: field.attribute
        for draft in keyed.drafts
        for field in draft.fields
        for name in (field.name.text, field.attribute)
        if field.computed is None or field.stored
    }
    fields: dict[str, None] = {}
    for name in spec.fields:
        attribute = known.get(name.value)
        if attribute is not None:
            fields[attribute] = None
        elif not any(draft.name.value == name.value and not draft.fields for draft in keyed.drafts):
            _refuse(name, keyed, known, work)
    return Audit(fields=tuple(fields), reads=reads)


def _refuse(name: Located[str], keyed: Keyed, known: dict[str, str], work: Workspace) -> None:
    work.found.error(
        "AG309",
        f"no stored field `{name.value}` in `{keyed.title}`",
        name.span,
        help=did_you_mean(nearest(name.value, list(known)))
        or "`audit.fields` names fields and collections of this entity",
    )
