"""Encrypted fields, and what no ciphertext can be asked (AG207, AG603, AG705)."""

from apigen.diagnostics import Label, Span
from apigen.ir.field import Cipher, Field, FilterOp
from apigen.ir.system import Encryption, ObjectStore, ObjectType
from apigen.ir.types import EnumRef, ListOf, MapOf, ObjectRef, Scalar, ScalarKind, SetOf, TypeRef
from apigen.lower.defaults import type_name
from apigen.lower.field_flags import FieldOwner, is_true
from apigen.lower.scalars import TEXTUAL
from apigen.lower.workspace import Workspace
from apigen.spec.fields import EncryptedSpec, FieldSpec
from apigen.spec.located import Located
from apigen.spec.security import EncryptionSpec, SecuritySpec

BLIND_OPS = (FilterOp.EQ, FilterOp.NE, FilterOp.IN, FilterOp.NOT_IN)
"""What a blind index answers: whether values are equal."""
_INDEXED = TEXTUAL | {
    ScalarKind.INT,
    ScalarKind.BIGINT,
    ScalarKind.DATE,
    ScalarKind.UUID,
    ScalarKind.ULID,
}
"""Types whose values look the same whenever they are equal."""
_BLIND = "`encrypted: {blind_index: true}` finds equal values"
_DROP = "drop one of the two"


def encryption(spec: SecuritySpec | None) -> Encryption:
    """Return where keys come from."""
    said: EncryptionSpec | None = spec.encryption if spec is not None else None
    if said is None or said.key is None:
        return Encryption()
    return Encryption(keys=said.key.value)


def field_cipher(
    name: Located[str], spec: FieldSpec, type_: TypeRef, owner: FieldOwner, work: Workspace
) -> Cipher | None:
    """Return how a field is encrypted; None when it is not, or can not be."""
    asked = spec.encrypted
    if asked is None or (isinstance(asked, Located) and not asked.value):
        return None
    settings = asked if isinstance(asked, EncryptedSpec) else None
    blind = is_true(settings.blind_index) if settings is not None else False
    if not _may_be(name, spec, type_, owner, asked.span, work):
        return None
    if blind and not (isinstance(type_, Scalar) and type_.kind in _INDEXED):
        assert settings is not None
        assert settings.blind_index is not None
        work.found.error(
            "AG207",
            f"`blind_index` does not apply to {type_name(type_)}",
            settings.blind_index.span,
            help="only to texts, whole numbers, dates, uuids and ulids",
        )
        return None
    _check_flags(name.value, spec, asked.span, work, blind=blind)
    return Cipher(blind_index=blind)


def _may_be(
    name: Located[str],
    spec: FieldSpec,
    type_: TypeRef,
    owner: FieldOwner,
    span: Span,
    work: Workspace,
) -> bool:
    """Whether such a field can be encrypted at all."""
    if owner.is_value:
        work.found.error(
            "AG207",
            "`encrypted` does not apply to a field of a value object",
            span,
            help="set it on the entity's field that has this type",
        )
        return False
    if spec.computed is not None:
        work.found.error(
            "AG705",
            f"`{name.value}` is encrypted and computed",
            span,
            labels=(Label(span=spec.computed.span, text="computed here"),),
            help="leave it out: what is computed of encrypted fields is kept nowhere",
        )
        return False
    if name.value in owner.key_fields:
        work.found.error(
            "AG705",
            f"`{name.value}` is encrypted and part of the id",
            span,
            help="ciphertexts are bound to the id of their row; " + _DROP,
        )
        return False
    way_out = _unfit(type_, work)
    if way_out is None:
        return True
    work.found.error(
        "AG207", f"`encrypted` does not apply to {type_name(type_)}", span, help=way_out
    )
    return False


def _unfit(type_: TypeRef, work: Workspace) -> str | None:
    """Return what to do about a type that can not be encrypted; None for one that can."""
    match type_:
        case Scalar():
            return None
        case EnumRef():
            return "so few values are told by how often they occur: `str`, or leave it out"
        case ListOf(item=item) | SetOf(item=item) | MapOf(item=item):
            return _unfit(item, work)
        case ObjectRef(target=target):
            declared = work.types.get(target)
            if not isinstance(declared, ObjectType) or declared.store is ObjectStore.JSON:
                return None
            return f"with `store: json`, `{declared.name.text}` is one value that can be encrypted"
        case _:
            return "encrypt what describes it; a reference has to be followed by the database"


def _check_flags(name: str, spec: FieldSpec, span: Span, work: Workspace, *, blind: bool) -> None:
    """Report AG705 for what asks for the order or the letters of ciphertexts."""
    here = (Label(span=span, text="encrypted here"),)
    if spec.sort is not None and spec.sort.value is True:
        _refuse(f"`{name}` is encrypted: ciphertext has no order", spec.sort.span, work, here)
    if is_true(spec.search) and spec.search is not None:
        message = f"`{name}` is encrypted: nobody can look into it"
        _refuse(message, spec.search.span, work, here)
    unique = spec.unique
    if not blind and unique is not None and getattr(unique, "value", True) is not False:
        at = unique[0].span if isinstance(unique, tuple) else unique.span
        message = f"`{name}` is encrypted: equal values have different ciphertexts"
        _refuse(message, at, work, here, help=_BLIND)
    index = spec.index
    if index is None or index.value is False:
        return
    if not blind:
        message = f"`{name}` is encrypted: an index of ciphertexts finds nothing"
        _refuse(message, index.span, work, here, help=_BLIND)
    elif index.value not in (True, "btree", "hash"):
        message = f"`{name}` is encrypted: only equal values are found"
        _refuse(message, index.span, work, here, help="`index: true`")


def cipher_filters(
    name: Located[str], spec: FieldSpec, nullable: bool, work: Workspace
) -> tuple[FilterOp, ...]:
    """Return the operators that an encrypted field offers; none unless it says so."""
    asked, settings = spec.filter, spec.encrypted
    blind = isinstance(settings, EncryptedSpec) and is_true(settings.blind_index)
    null = (FilterOp.IS_NULL,) if nullable else ()
    if asked is None or (isinstance(asked, Located) and asked.value in (False, "auto")):
        return ()
    if isinstance(asked, Located) and asked.value is True:
        if not blind:
            _no_filter(name.value, asked.span, work)
            return ()
        return (FilterOp.EQ, FilterOp.IN, *null)
    possible = (*(BLIND_OPS if blind else ()), *null)
    found: list[FilterOp] = []
    for word in asked if isinstance(asked, tuple) else (asked,):
        op = FilterOp(str(word.value))
        if op in possible:
            found.append(op)
        elif not blind and op in BLIND_OPS:
            _no_filter(name.value, word.span, work)
        else:
            _refuse(
                f"`{name.value}` is encrypted: `{op.value}` has no meaning for ciphertexts",
                word.span,
                work,
            )
    return tuple(op for op in FilterOp if op in found)


def unfit_for(field: Field, verb: str) -> str:
    """Return why lists can not be filtered or sorted by a field that is encrypted, or nothing."""
    if field.encrypted is None or (verb == "filter" and field.encrypted.blind_index):
        return ""
    return "it is encrypted"


def check_keyed(field: Field, name: Located[str], what: str, work: Workspace) -> bool:
    """Report AG705 for an encrypted field in a key or index; return whether there is none.

    Args:
        field: The field that is named.
        name: As it is written.
        what: `unique` takes a field with a blind index.
        work: For findings.
    """
    if field.encrypted is None or (what == "unique" and field.encrypted.blind_index):
        return True
    _refuse(
        f"`{name.value}` is encrypted: `{what}` would compare ciphertexts",
        name.span,
        work,
        help=_BLIND if what == "unique" else _DROP,
    )
    return False


def _no_filter(name: str, span: Span, work: Workspace) -> None:
    work.found.error(
        "AG603",
        f"cannot filter by `{name}`: it is encrypted",
        span,
        help="`encrypted: {blind_index: true}` allows `eq`",
    )


def _refuse(
    message: str,
    span: Span,
    work: Workspace,
    labels: tuple[Label, ...] = (),
    *,
    help: str = "drop the flag or the encryption",
) -> None:
    work.found.error("AG705", message, span, labels=labels, help=help)
