"""Unite files and contexts (normalisation 2): every declaration under the context it belongs to."""

from dataclasses import field

from apigen.diagnostics import Label, Span
from apigen.diagnostics.collector import Collector
from apigen.diagnostics.near import did_you_mean, nearest
from apigen.ir.names import words
from apigen.ir.types import NO_EXTENSION, Extension
from apigen.lower.ordering import targets_first
from apigen.source.spans import file_start
from apigen.spec.commands import CommandSpec
from apigen.spec.document import ContextSpec, DomainSpec, SeedRows, SourceFile, SpecDocument
from apigen.spec.entities import EntitySpec, MixinSpec
from apigen.spec.events import EventSpec, ReactionSpec
from apigen.spec.fields import TypeSpec
from apigen.spec.located import Located, Named
from apigen.spec.projections import ProjectionSpec
from apigen.spec.queries import QuerySpec
from apigen.spec.tasks import TaskSpec
from apigen.values import dataclass

SHARED = "shared"
"""The context of what stands beside `contexts`: types and mixins, visible to all, and seeds."""
_MODULES = frozenset({"purging", "seeds", "session"})
"""Modules of generated projects that stand beside the packages of contexts."""


@dataclass(slots=True, kw_only=True)
class Declarations:
    """What one context declares, each symbol once."""

    name: str
    span: Span
    doc: str = ""
    ext: Extension = NO_EXTENSION
    uses: tuple[Located[str], ...] = ()
    schema: Located[str] | None = None
    types: dict[str, Named[TypeSpec]] = field(default_factory=dict)
    mixins: dict[str, Named[MixinSpec]] = field(default_factory=dict)
    entities: dict[str, Named[EntitySpec]] = field(default_factory=dict)
    queries: dict[str, Named[QuerySpec]] = field(default_factory=dict)
    projections: dict[str, Named[ProjectionSpec]] = field(default_factory=dict)
    policies: dict[str, Named[Located[str]]] = field(default_factory=dict)
    commands: dict[str, Named[CommandSpec]] = field(default_factory=dict)
    events: dict[str, Named[EventSpec]] = field(default_factory=dict)
    reactions: dict[str, Named[ReactionSpec]] = field(default_factory=dict)
    tasks: dict[str, Named[TaskSpec]] = field(default_factory=dict)
    seeds: list[tuple[str, Named[SeedRows | Located[str]]]] = field(default_factory=list)


def declare(document: SpecDocument, found: Collector) -> dict[str, Declarations]:
    """Return the declarations by context, in the order they are first met.

    Without contexts there is one, named after the app.
    """
    contexts: dict[str, Declarations] = {}
    for file in document.files:
        for named in file.spec.contexts or ():
            _declare_context(contexts, named, found)
    for file in document.included:
        if file.spec.context is not None:
            here = file.spec.context
            known = contexts.setdefault(here.value, Declarations(name=here.value, span=here.span))
            known.doc = known.doc or (file.spec.doc.value if file.spec.doc else "")
            _add(known, file.spec, found)
    if contexts and any(_has_domain(file.spec) for file in _outside(document)):
        if SHARED in contexts:
            found.error(
                "AG102",
                f"`{SHARED}` is reserved by apigen for the types beside `contexts`",
                contexts[SHARED].span,
                help="rename the context",
            )
        kernel = Declarations(name=SHARED, span=file_start(document.root.name))
        contexts = {SHARED: kernel, **{n: c for n, c in contexts.items() if n != SHARED}}
        for file in _outside(document):
            _refuse_homeless(file, document, found)
            _add(kernel, file.spec, found, types_only=True)
    if not contexts:
        app = document.root.spec.app
        name = "_".join(words(app.name.value)) if app is not None and app.name is not None else ""
        span = app.span if app is not None else file_start(document.root.name)
        only = Declarations(name=name or "app", span=span)
        for file in document.files:
            _add(only, file.spec, found)
        contexts[only.name] = only
    else:
        _share_out_seeds(document, contexts, found)
    for context in contexts.values():
        if context.name in _MODULES:
            found.error(
                "AG102",
                f"`{context.name}` is reserved by apigen for a module beside those of contexts",
                context.span,
                help="rename the context; without `contexts` it has the name of the app",
            )
    _check_uses(contexts, found)
    return contexts


_OF_CONTEXTS = ("entities", "commands", "events", "reactions", "tasks", "queries", "projections")
"""Sections that belong into a context as soon as there is one."""


def _refuse_homeless(file: SourceFile, document: SpecDocument, found: Collector) -> None:
    """Report AG012 for what stands beside `contexts`; entities of the root file are reported."""
    for section in _OF_CONTEXTS:
        if section not in file.sections or not getattr(file.spec, section):
            continue
        is_root = file is document.root
        if section == "entities" and is_root:
            continue
        found.error(
            "AG012",
            f"`{section}` is not allowed here",
            file.sections[section],
            help=f"move `{section}` into a context; only `types`, `mixins` and `seeds` are shared"
            if is_root
            else "say which context they belong to: `context: <name>`",
        )


def _share_out_seeds(
    document: SpecDocument, contexts: dict[str, Declarations], found: Collector
) -> None:
    """Give the seeds beside `contexts` to the context that their qualified name says."""
    for file in _outside(document):
        for seed_set in file.spec.seeds or ():
            for rows in seed_set.value:
                name, dot, _ = rows.name.value.partition(".")
                if name in contexts:
                    contexts[name].seeds.append((seed_set.name.value, rows))
                    continue
                found.error(
                    "AG103",
                    f"no context named `{name}`"
                    if dot
                    else f"`{rows.name.value}` does not say its context",
                    rows.name.span,
                    help=did_you_mean(nearest(name, contexts))
                    if dot
                    else f"write `<context>.{rows.name.value}` beside `contexts`",
                )


def _outside(document: SpecDocument) -> tuple[SourceFile, ...]:
    return tuple(file for file in document.files if file.spec.context is None)


def _has_domain(spec: DomainSpec) -> bool:
    return bool(
        spec.types
        or spec.mixins
        or spec.policies
        or spec.seeds
        or any(getattr(spec, section) for section in _OF_CONTEXTS)
    )


def _declare_context(
    contexts: dict[str, Declarations], named: Named[ContextSpec], found: Collector
) -> None:
    spec = named.value
    context = contexts.setdefault(
        named.name.value, Declarations(name=named.name.value, span=named.name.span)
    )
    context.doc = context.doc or (spec.doc.value if spec.doc else "")
    context.ext = Extension(entries=(*context.ext.entries, *spec.ext))
    context.uses = (*context.uses, *(spec.uses or ()))
    context.schema = context.schema or spec.schema
    _add(context, spec, found)


def _add(
    context: Declarations, spec: DomainSpec, found: Collector, *, types_only: bool = False
) -> None:
    for named_type in spec.types or ():
        if _is_first(named_type.name, context, found):
            context.types[named_type.name.value] = named_type
    for mixin in spec.mixins or ():
        if _is_first(mixin.name, context, found):
            context.mixins[mixin.name.value] = mixin
    for policy in spec.policies or ():
        first = context.policies.setdefault(policy.name.value, policy)
        if first is not policy:
            _refuse_second(policy.name, first.name.span, found)
    for entity in () if types_only else spec.entities or ():
        if _is_first(entity.name, context, found):
            context.entities[entity.name.value] = entity
    if not types_only:
        _add_behaviour(context, spec, found)
    for seed_set in () if types_only else spec.seeds or ():
        context.seeds += ((seed_set.name.value, rows) for rows in seed_set.value)


def _add_behaviour(context: Declarations, spec: DomainSpec, found: Collector) -> None:
    for query in spec.queries or ():
        if _is_new(query.name, context.queries, found):
            context.queries[query.name.value] = query
    for projection in spec.projections or ():
        if _is_first(projection.name, context, found):
            context.projections[projection.name.value] = projection
    for command in spec.commands or ():
        if _is_new(command.name, context.commands, found):
            context.commands[command.name.value] = command
    for event in spec.events or ():
        if _is_new(event.name, context.events, found):
            context.events[event.name.value] = event
    for reaction in spec.reactions or ():
        if _is_new(reaction.name, context.reactions, found):
            context.reactions[reaction.name.value] = reaction
    for task in spec.tasks or ():
        if _is_new(task.name, context.tasks, found):
            context.tasks[task.name.value] = task


def _is_new[T](name: Located[str], known: dict[str, Named[T]], found: Collector) -> bool:
    """Report AG011 when a section has this name already."""
    if name.value not in known:
        return True
    _refuse_second(name, known[name.value].name.span, found)
    return False


def _is_first(name: Located[str], context: Declarations, found: Collector) -> bool:
    """Report AG011 when the context has a declaration of this name already."""
    for section in (context.types, context.mixins, context.entities, context.projections):
        if name.value in section:
            _refuse_second(name, section[name.value].name.span, found)
            return False
    return True


def _refuse_second(name: Located[str], first: Span, found: Collector) -> None:
    """Report AG011."""
    found.error(
        "AG011",
        f"`{name.value}` is already defined",
        name.span,
        labels=(Label(span=first, text="first defined here"),),
        help="files are united, never overridden: remove or rename one",
    )


def _check_uses(contexts: dict[str, Declarations], found: Collector) -> None:
    """Report unknown contexts (AG103) and circles (AG105) in `uses`."""
    for context in contexts.values():
        for used in context.uses:
            if used.value not in contexts:
                found.error(
                    "AG103",
                    f"no context named `{used.value}`",
                    used.span,
                    help=did_you_mean(nearest(used.value, contexts)),
                )
    order = targets_first(contexts, lambda name: tuple(used.value for used in contexts[name].uses))
    for circle in order.circles:
        last = contexts[circle[-2]]
        found.error(
            "AG105",
            f"`uses` goes in a circle: {' → '.join(circle)}",
            next(used.span for used in last.uses if used.value == circle[-1]),
            help="one of them must do without the other, such as by an `id` held there",
        )
