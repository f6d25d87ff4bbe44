"""What every named thing of a spec has, as the constructors of `Element` take it."""

from typing import Protocol, TypedDict

from apigen.diagnostics import Span
from apigen.ir.names import Name
from apigen.ir.types import NO_EXTENSION, Extension, Json
from apigen.lower.former_names import former_at, former_names
from apigen.lower.identifiers import stable_id
from apigen.lower.workspace import Workspace
from apigen.spec.located import Located


class Described(Protocol):
    """A block of the spec with the keys that every named thing may have."""

    @property
    def doc(self) -> Located[str] | None:
        """What it is, for people."""

    @property
    def ext(self) -> tuple[tuple[str, Json], ...]:
        """Keys that begin with `x-`."""

    @property
    def renamed_from(self) -> tuple[Located[str], ...] | None:
        """What it was called before."""


class ElementFacts(TypedDict):
    """The fields of `Element`."""

    id: str
    qname: str
    name: Name
    doc: str
    span: Span
    ext: Extension
    renamed_from: tuple[str, ...]
    renamed_at: Span | None


def element_facts(
    kind: str,
    qname: str,
    name: Located[str],
    spec: Described,
    work: Workspace,
    *,
    plural: str | None = None,
) -> ElementFacts:
    """Return what a named thing has; its stable id is made of its kind and qualified name."""
    return ElementFacts(
        id=stable_id(kind, qname),
        qname=qname,
        name=work.settings.naming.name(name.value, plural=plural),
        doc=spec.doc.value if spec.doc is not None else "",
        span=name.span,
        ext=Extension(entries=spec.ext) if spec.ext else NO_EXTENSION,
        renamed_from=former_names(spec.renamed_from),
        renamed_at=former_at(spec.renamed_from),
    )
