"""`localized` of a field: a text for each locale (AG207)."""

from apigen.ir.types import LocalizedText, Scalar, ScalarKind, TypeRef
from apigen.lower.defaults import type_name
from apigen.lower.field_flags import FieldOwner, is_true
from apigen.lower.workspace import Workspace
from apigen.spec.fields import FieldSpec
from apigen.spec.located import Located

_KINDS = (ScalarKind.STR, ScalarKind.TEXT)


def localized(spec: FieldSpec, type_: TypeRef, work: Workspace) -> TypeRef:
    """Return the type of a field whose texts have the type."""
    if not is_true(spec.localized) or not isinstance(type_, Scalar) or type_.kind not in _KINDS:
        return type_
    return LocalizedText(item=type_, default=work.settings.i18n.default)


def check_localized(
    name: Located[str], spec: FieldSpec, type_: TypeRef, owner: FieldOwner, work: Workspace
) -> None:
    """Report AG207 where a field can not have a text for each locale."""
    if not is_true(spec.localized):
        return
    assert spec.localized is not None
    why, help = "", ""
    if not isinstance(type_, Scalar) or type_.kind not in _KINDS:
        why, help = type_name(type_), "only to `str` and `text`"
    elif owner.is_value:
        why, help = "a field of a value object", "localize the text of an entity or a child"
    elif name.value in owner.key_fields:
        why, help = "a key", "a key is one value"
    elif spec.encrypted is not None and getattr(spec.encrypted, "value", True) is not False:
        why, help = "an encrypted field", "the database finds and orders texts by what they say"
    elif spec.computed is not None:
        why, help = "a computed field", "rules read texts in the default locale"
    if why:
        work.found.error(
            "AG207", f"`localized` does not apply to {why}", spec.localized.span, help=help
        )
