"""Flatten mixins (normalisation 4): the parts of an entity with those it uses, origin kept."""

from collections.abc import Iterator

from apigen.diagnostics import Label, Span
from apigen.diagnostics.collector import Collector
from apigen.diagnostics.near import did_you_mean, nearest
from apigen.ir.field import Origin
from apigen.lower.contexts import SHARED, Declarations
from apigen.spec.access import AccessSpec
from apigen.spec.entities import (
    ChildSpec,
    EntitySpec,
    ExclusionSpec,
    IndexSpec,
    MixinSpec,
    UniqueSpec,
)
from apigen.spec.events import EventSpec
from apigen.spec.fields import FieldSpec, RuleSpec
from apigen.spec.located import Located, Named
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Part[T]:
    """A piece of an entity and where it came from: the entity itself or the mixin `source`."""

    name: Located[str]
    value: T
    source: str

    def origin(self, entity: str) -> Origin:
        """Return USER for the entity's own pieces."""
        return Origin.USER if self.source == entity else Origin.MIXIN


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatEntity:
    """An entity with everything its mixins bring; mixins' parts come first, in order of use."""

    name: Located[str]
    spec: EntitySpec
    context: str
    fields: tuple[Part[FieldSpec], ...]
    children: tuple[Part[ChildSpec], ...]
    invariants: tuple[Part[RuleSpec], ...]
    access: tuple[Part[AccessSpec], ...]
    events: tuple[Part[EventSpec], ...]
    exclude: tuple[Part[ExclusionSpec], ...]
    unique: tuple[tuple[Located[str] | None, UniqueSpec], ...]
    indexes: tuple[tuple[Located[str] | None, IndexSpec], ...]


def flatten(
    entity: Named[EntitySpec],
    context: Declarations,
    contexts: dict[str, Declarations],
    used: set[int],
    found: Collector,
) -> FlatEntity:
    """Return the entity with its mixins' parts; clashes are AG306, unknown mixins AG103.

    `used` takes the identity of each mixin spec met, to tell afterwards which are never used.
    """
    sources: list[tuple[str, MixinSpec | EntitySpec]] = [
        *_mixins(entity.value.use or (), context, contexts, (), used, found),
        (entity.name.value, entity.value),
    ]
    if entity.value.fields is None and len(sources) == 1:
        found.error(
            "AG006",
            "an entity needs `fields`",
            entity.name.span,
            help="such as `fields: { title: str(1..80) }`",
        )
    return FlatEntity(
        name=entity.name,
        spec=entity.value,
        context=context.name,
        fields=_united("field", [(n, s.fields or ()) for n, s in sources], found),
        children=_united("collection", [(n, s.children or ()) for n, s in sources], found),
        invariants=_united("rule", [(n, s.invariants or ()) for n, s in sources], found),
        access=_united("access to", [(n, s.access or ()) for n, s in sources], found),
        events=_united("event", [(n, s.events or ()) for n, s in sources], found),
        exclude=_united("exclusion", [(n, s.exclude or ()) for n, s in sources], found),
        unique=tuple(entry for _, source in sources for entry in source.unique or ()),
        indexes=tuple(entry for _, source in sources for entry in source.indexes or ()),
    )


def _mixins(
    names: tuple[Located[str], ...],
    context: Declarations,
    contexts: dict[str, Declarations],
    chain: tuple[str, ...],
    used: set[int],
    found: Collector,
) -> Iterator[tuple[str, MixinSpec]]:
    seen: set[str] = set()
    for name in names:
        places = (context, contexts.get(SHARED, context))
        mixin = next((p.mixins[name.value] for p in places if name.value in p.mixins), None)
        if mixin is None:
            known = [known for place in places for known in place.mixins]
            found.error(
                "AG103",
                f"no mixin named `{name.value}`",
                name.span,
                help=did_you_mean(nearest(name.value, known)),
            )
            continue
        used.add(id(mixin.value))
        if name.value in chain:
            found.error(
                "AG306",
                f"mixin `{name.value}` uses itself through {' → '.join((*chain, name.value))}",
                name.span,
                help="remove one of the uses",
            )
            continue
        if name.value in seen:
            continue
        seen.add(name.value)
        inner = mixin.value.use or ()
        yield from _mixins(inner, context, contexts, (*chain, name.value), used, found)
        yield name.value, mixin.value


def _united[T](
    kind: str, sources: list[tuple[str, tuple[Named[T], ...]]], found: Collector
) -> tuple[Part[T], ...]:
    parts: dict[str, Part[T]] = {}
    for source, entries in sources:
        for entry in entries:
            name = entry.name.value
            first = parts.get(name)
            if first is not None and first.value is not entry.value:
                _clash(kind, entry.name, first.name.span, (first.source, source), found)
                continue
            parts[name] = Part(name=entry.name, value=entry.value, source=source)
    return tuple(parts.values())


def _clash(
    kind: str, name: Located[str], first: Span, sources: tuple[str, str], found: Collector
) -> None:
    found.error(
        "AG306",
        f"{kind} `{name.value}` comes from both `{sources[0]}` and `{sources[1]}`",
        name.span,
        labels=(Label(span=first, text=f"from `{sources[0]}`"),),
        help="mixins never override; rename one",
    )
