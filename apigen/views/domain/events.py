"""What the template of `domain/<context>/events.py` is given: payloads, events, their registry."""

from dataclasses import replace

from apigen.ir.behaviour import Event, Upcast
from apigen.ir.behaviour_names import event_class, payload_class
from apigen.ir.expr import Path, Root
from apigen.ir.system import Context, System
from apigen.python import layout
from apigen.python.annotations import domain_annotation, optional
from apigen.python.identifiers import spell, spell_variable
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring, text
from apigen.values import dataclass
from apigen.views.domain.command_values import as_type, as_written
from apigen.views.domain.entities import Attribute
from apigen.views.domain.path_rewriting import with_paths
from apigen.views.domain.rules import RULE_NAMES, rule_source
from apigen.views.nouns import noun
from apigen.views.versions.deprecations import deprecation_text

HEADER = frozenset({"event_id", "occurred_at", "aggregate_id"})
"""What rules read of the envelope; everything else is of the payload."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upcaster:
    """A function that fills in what an older version of a payload lacks."""

    name: str
    doc: str
    version: int
    reads: tuple[str, ...]
    """Statements that read what the stored payload has."""
    entries: tuple[str, ...]
    """Of a dict: field and value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventClasses:
    """An event and its payload."""

    payload: str
    payload_doc: str
    attributes: tuple[Attribute, ...]
    name: str
    doc: str
    type: str
    """Literal."""
    version: int | None
    """None for the first."""
    upcasters: tuple[Upcaster, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventModule:
    """events.py of a context that declares events."""

    doc: str
    imports: tuple[str, ...]
    events: tuple[EventClasses, ...]
    registry: str
    registry_doc: str
    kinds: tuple[str, ...]
    upcasts: tuple[EventClasses, ...]
    """Those of which older versions are read."""


def events_of(context: Context) -> tuple[Event, ...]:
    """Return the events of a context, those of its entities first."""
    owned = (event for entity in context.entities for event in entity.events)
    return (*owned, *context.events)


def registry_constant(context: Context) -> str:
    """Return the name of the registry of a context's events: `SHOP_EVENTS`."""
    return f"{context.name.snake.upper()}_EVENTS"


def event_module(system: System, context: Context) -> EventModule:
    """Return the view of events.py; only for a context with events."""
    module = layout.domain(system, context.name.snake, "events")
    events = events_of(context)
    registry = registry_constant(context)
    defined = [registry, *map(payload_class, events), *map(event_class, events)]
    imports = ImportSet(module, defined)
    imports.add("dataclasses", "dataclass")
    imports.use(layout.support(system, "domain.events", "DomainEvent"))
    imports.use(layout.support(system, "domain.event_registry", "EventRegistry"))
    classes = tuple(_classes(event, system, imports) for event in events)
    name = noun(context.name)
    return EventModule(
        doc=docstring(
            f"The events of {name}: what has happened, for whoever has to know.\n\n"
            "Each is a payload of its own in an envelope that is the same for all."
        ),
        imports=imports.render(),
        events=classes,
        registry=registry,
        registry_doc=docstring(f"Every event of {name}, by the type that is stored with it."),
        kinds=tuple(one.name for one in classes),
        upcasts=tuple(one for one in classes if one.upcasters),
    )


def _classes(event: Event, system: System, imports: ImportSet) -> EventClasses:
    doc = event.doc or f"{noun(event.name).capitalize()}."
    if event.lifespan.deprecated is not None:
        told = deprecation_text(event.lifespan.deprecated)
        doc = f"{doc}\n\nDeprecated{f': {told}' if told else '.'}"
    return EventClasses(
        payload=payload_class(event),
        payload_doc=docstring(f"What `{event_class(event)}` tells.", indent=4),
        attributes=tuple(
            Attribute(
                source=f"{spell(field.attribute)}: "
                + optional(
                    domain_annotation(field.type, system=system, imports=imports, hashable=True),
                    field.nullable,
                ),
                doc=docstring(field.doc, indent=4) if field.doc.strip() else None,
            )
            for field in event.payload
        ),
        name=event_class(event),
        doc=docstring(doc, indent=4),
        type=text(event.qname),
        version=event.version if event.version > 1 else None,
        upcasters=tuple(_upcaster(event, upcast, system, imports) for upcast in event.upcasts),
    )


def _upcaster(event: Event, upcast: Upcast, system: System, imports: ImportSet) -> Upcaster:
    imports.add("collections.abc", "Mapping")
    imports.use(layout.support(system, "domain.event_registry", "StoredEvent"))
    fields = {field.attribute: field for field in event.payload}
    reads: dict[str, str] = {}

    def path(found: Path, _: bool) -> Path:
        if found.root is not Root.EVENT:
            return found
        first, rest = found.steps[0], found.steps[1:]
        if first.attribute in HEADER:
            return replace(found, root=Root.VARIABLE, variable="event")
        name = spell_variable(first.attribute, RULE_NAMES | {"event"})
        kind = domain_annotation(first.type, system=system, imports=imports, hashable=True)
        read = imports.use(layout.support(system, "domain.event_registry", "stored_value"))
        if first.locale:
            kind = f"{imports.use(layout.support(system, 'domain.localized', 'Localized'))}[str]"
        reads[name] = f"{name} = {read}(event, {text(spell(first.attribute))}, {kind})"
        return replace(found, root=Root.VARIABLE, variable=name, steps=rest)

    entries: list[str] = []
    for value in upcast.values:
        field = fields.get(value.attribute)
        given = value.value if field is None else as_written(field.type, value.value)
        rule = replace(given, tree=with_paths(given.tree, path))
        source = rule_source(rule, system=system, imports=imports)
        if field is not None:
            source = as_type(field.type, value.value, source, system, imports)
        entries.append(f"{text(spell(value.attribute))}: {source}")
    return Upcaster(
        name=f"_{event.name.snake}_from_{upcast.version}",
        doc=docstring(f"Return what version {upcast.version} of the payload lacks.", indent=4),
        version=upcast.version,
        reads=tuple(reads.values()),
        entries=tuple(entries),
    )
