"""Where everything is declared: the file, and the keys that lead to it."""

from collections.abc import Iterator, Mapping

from apigen.amend.amendment import RefusedError
from apigen.amend.spec import SHARED, Spec, read_spec
from apigen.diagnostics import Span
from apigen.diagnostics.near import did_you_mean, nearest
from apigen.spec.document import DomainSpec
from apigen.spec.entities import ChildSpec
from apigen.spec.fields import FieldSpec
from apigen.spec.located import Located, Named
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """What has fields: an entity, child, mixin or value object; or a type without any."""

    kind: str
    """entity, child, mixin, type."""
    qname: str
    name: Located[str]
    """At its key: the collection's of a child."""
    path: tuple[str, ...]
    fields: tuple[Named[FieldSpec], ...] | None
    uses: tuple[str, ...] = ()
    """Qualified names of the mixins it uses itself."""
    owner: str = ""
    """Qualified name of the class that owns a child."""

    @property
    def file(self) -> str:
        """The file it stands in."""
        return self.name.span.file

    @property
    def short(self) -> str:
        """Its class name."""
        return self.qname.rpartition(".")[2]

    def field(self, name: str) -> Named[FieldSpec] | None:
        """Return its own field of a name."""
        return next((known for known in self.fields or () if known.name.value == name), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The domain sections of a file or of a context in it."""

    file: str
    path: tuple[str, ...]
    context: str
    spec: DomainSpec


def readable(texts: Mapping[str, str]) -> Spec:
    """Return the spec that texts are.

    Raises:
        RefusedError: it has errors.
    """
    read = read_spec(texts)
    if read.value is None:
        raise RefusedError("the spec has errors", help="`apigen validate` shows them")
    return read.value


def sections(spec: Spec) -> Iterator[Section]:
    """Yield the sections in the order of the files."""
    only = next(iter(spec.contexts)) if len(spec.contexts) == 1 else ""
    has_contexts = any(file.spec.contexts or file.spec.context for file in spec.document.files)
    for file in spec.document.files:
        here = file.spec.context.value if file.spec.context is not None else ""
        outside = here or (SHARED if has_contexts else only)
        yield Section(file=file.name, path=(), context=outside, spec=file.spec)
        for named in file.spec.contexts or ():
            path = ("contexts", named.name.value)
            yield Section(file=file.name, path=path, context=named.name.value, spec=named.value)


def holders(spec: Spec) -> tuple[Holder, ...]:
    """Return everything that has fields, and every other type."""
    found: dict[Span, Holder] = {}
    for section in sections(spec):
        for holder in _in_section(spec, section):
            # The declarations of a context are united, and repeated ones are refused before.
            found.setdefault(holder.name.span, holder)
    return tuple(found.values())


def _in_section(spec: Spec, section: Section) -> Iterator[Holder]:
    for kind, entries in (
        ("entity", section.spec.entities),
        ("mixin", section.spec.mixins),
    ):
        for named in entries or ():
            qname = f"{section.context}.{named.name.value}"
            path = (*section.path, "entities" if kind == "entity" else "mixins", named.name.value)
            yield Holder(
                kind=kind,
                qname=qname,
                name=named.name,
                path=path,
                fields=named.value.fields,
                uses=_mixins(spec, section.context, named.value.use or ()),
            )
            yield from _children(spec, named.value.children or (), path, qname)
    for typed in section.spec.types or ():
        yield Holder(
            kind="type",
            qname=f"{section.context}.{typed.name.value}",
            name=typed.name,
            path=(*section.path, "types", typed.name.value),
            fields=typed.value.fields,
        )


def _mixins(spec: Spec, here: str, names: tuple[Located[str], ...]) -> tuple[str, ...]:
    found: list[str] = []
    for name in names:
        for place in (here, SHARED):
            known: Mapping[str, object] = (
                spec.contexts[place].mixins if place in spec.contexts else {}
            )
            if name.value in known:
                found.append(f"{place}.{name.value}")
                break
    return tuple(found)


def _children(
    spec: Spec, children: tuple[Named[ChildSpec], ...], path: tuple[str, ...], owner: str
) -> Iterator[Holder]:
    for named in children:
        lowered = spec.collections.get(named.name.span, ())
        # The children of a mixin are one class a user of it.
        qname = lowered[0].qname if len(lowered) == 1 else f"{owner}.{named.name.value}"
        below = (*path, "children", named.name.value)
        yield Holder(
            kind="child",
            qname=qname,
            name=named.name,
            path=below,
            fields=named.value.fields,
            owner=owner,
        )
        yield from _children(spec, named.value.children or (), below, qname)


def holder_named(spec: Spec, name: str, *, kinds: tuple[str, ...] = ()) -> Holder:
    """Return what a person means: `Order`, `orders.Order`, `OrderLine`, `Order.OrderLine`.

    Raises:
        RefusedError: nothing has this name, or several have.
    """
    known = [one for one in holders(spec) if not kinds or one.kind in kinds]
    found = [one for one in known if name in _names_of(one)]
    if len(found) == 1:
        return found[0]
    if found:
        choices = ", ".join(f"`{one.qname}`" for one in found)
        raise RefusedError(f"`{name}` stands for several", help=f"say which: {choices}")
    names = [name_ for one in known for name_ in _names_of(one)]
    near = nearest(name, names)
    shown = ", ".join(f"`{one.short}`" for one in known if one.kind == "entity")
    raise RefusedError(f"no entity named `{name}`", help=did_you_mean(near) or f"entities: {shown}")


def mixin_with(spec: Spec, holder: Holder, field: str) -> Holder | None:
    """Return the mixin that brings a field to what uses it."""
    known = {one.qname: one for one in holders(spec)}
    pending = list(holder.uses)
    while pending:
        mixin = known[pending.pop()]
        if mixin.field(field) is not None:
            return mixin
        pending += mixin.uses
    return None


def refuse_of_mixin(spec: Spec, holder: Holder, field: str) -> None:
    """Raise RefusedError for a field that a mixin brings: it is the mixin's."""
    mixin = mixin_with(spec, holder, field)
    if mixin is not None:
        raise RefusedError(
            f"`{field}` of `{holder.short}` comes from mixin `{mixin.short}`",
            help=f"name the mixin instead: `{mixin.short}`",
        )


def _names_of(holder: Holder) -> tuple[str, ...]:
    names = (holder.short, holder.qname)
    if holder.kind != "child":
        return names
    owner = holder.owner.rpartition(".")[2]
    return (*names, f"{owner}.{holder.short}", f"{owner}.{holder.name.value}")
