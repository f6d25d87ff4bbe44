"""`localized` of a field: a text for each locale (AG207)."""

from apigen.ir.types import LocalizedText, Scalar, ScalarKind, TypeRef
from apigen.lower.defaults import type_name
from apigen.lower.field_flags import FieldOwner, is_true
from apigen.lower.workspace import Workspace
from apigen.spec.fields import FieldSpec
from apigen.spec.located import Located

_KINDS = (ScalarKind.STR, ScalarKind.TEXT)


def localized(
    name: Located[str], spec: FieldSpec, type_: TypeRef, owner: FieldOwner, work: Workspace
) -> TypeRef:
    """Return the type of a field whose texts have the type."""
    if not is_true(spec.localized) or _why_not(name, spec, type_, owner) is not None:
        return type_
    assert isinstance(type_, Scalar)
    return LocalizedText(item=type_, default=work.settings.i18n.default)


def check_localized(
    name: Located[str], spec: FieldSpec, type_: TypeRef, owner: FieldOwner, work: Workspace
) -> None:
    """Report AG207 where a field can not have a text for each locale."""
    found = _why_not(name, spec, type_, owner) if is_true(spec.localized) else None
    if found is not None:
        assert spec.localized is not None
        what, help = found
        message = f"`localized` does not apply to {what}"
        work.found.error("AG207", message, spec.localized.span, help=help)


def _why_not(
    name: Located[str], spec: FieldSpec, type_: TypeRef, owner: FieldOwner
) -> tuple[str, str] | None:
    """Return what can not be localized, and what to do about it."""
    if not isinstance(type_, Scalar) or type_.kind not in _KINDS:
        return type_name(type_), "only to `str` and `text`"
    if owner.is_value:
        return "a field of a value object", "localize the text of an entity or a child"
    if name.value in owner.key_fields:
        return "a key", "a key is one value"
    if spec.encrypted is not None and getattr(spec.encrypted, "value", True) is not False:
        return "an encrypted field", "the database finds and orders texts by what they say"
    if spec.index is not None and spec.index.value in ("gin", "trgm"):
        return f"`index: {spec.index.value}`", "`index: true` has an index for each locale"
    if spec.computed is not None:
        return "a computed field", "rules read texts in the default locale"
    return None
