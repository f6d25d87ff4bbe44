"""Members of enumerations (AG101, AG212)."""

from apigen.diagnostics import Label, Span
from apigen.ir.system import EnumMember
from apigen.lower.former_names import former_at, former_names
from apigen.lower.identifiers import label_of, stable_id
from apigen.lower.workspace import Workspace
from apigen.spec.fields import EnumMemberSpec
from apigen.spec.located import Named
from apigen.spec.names import NameRule, check_name


def enum_members(
    members: tuple[Named[EnumMemberSpec], ...], owner: str, span: Span, work: Workspace
) -> tuple[EnumMember, ...] | None:
    """Return the members of the type `owner`, or None after AG101 or AG212."""
    before = len(work.found)
    if not members:
        work.found.error("AG212", "enum has no members", span, help="such as `enum: [draft, paid]`")
    names: dict[str, Span] = {}
    values: dict[str, Span] = {}
    lowered: list[EnumMember] = []
    for member in members:
        name = member.name.value
        if not check_name(member.name, NameRule(kind="enum member", case="either"), work.found):
            continue
        # Members become constants of one class, where `Paid` and `paid` would be one.
        first = names.setdefault(name.lower(), member.name.span)
        if first is not member.name.span:
            _repeated(f"enum member `{name}` is repeated", member.name.span, first, work)
            continue
        located = member.value.value
        value = located.value if located is not None else name
        value_span = located.span if located is not None else member.name.span
        if not value or len(value) > 255:
            work.found.error(
                "AG212", "enum has an empty or very long value", value_span, help="1 to 255 letters"
            )
            continue
        first = values.setdefault(value, value_span)
        if first is not value_span:
            _repeated(f"enum value `{value}` is stored for two members", value_span, first, work)
            continue
        label = member.value.label
        deprecated = member.value.deprecated
        lowered.append(
            EnumMember(
                name=name,
                value=value,
                label=label.value if label is not None else label_of(name),
                deprecated=deprecated.value if deprecated is not None else False,
                id=stable_id("member", f"{owner}.{name}"),
                span=member.name.span,
                has_own_value=located is not None,
                renamed_from=former_names(member.value.renamed_from),
                renamed_at=former_at(member.value.renamed_from),
            )
        )
    return tuple(lowered) if len(work.found) == before else None


def _repeated(message: str, span: Span, first: Span, work: Workspace) -> None:
    work.found.error(
        "AG212",
        message,
        span,
        labels=(Label(span=first, text="first here"),),
        help="remove or rename one",
    )
