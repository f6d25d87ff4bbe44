"""What the template of `application/<context>/reactions.py` is given: what follows from events."""

from dataclasses import replace

from apigen.ir.behaviour import Command, Event, Reaction
from apigen.ir.expr import Path, Root, Step, TypedExpr
from apigen.ir.system import Context, System
from apigen.ir.types import EnumRef, IdOf, ListOf, ObjectRef, RefTo, ScalarKind, TypeRef
from apigen.python import layout
from apigen.python.annotations import id_base
from apigen.python.identifiers import spell_input
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring, text
from apigen.values import dataclass
from apigen.views.application.command_policies import retry_source
from apigen.views.domain.command_rules import opposite
from apigen.views.domain.command_values import as_type, as_written
from apigen.views.domain.events import HEADER
from apigen.views.domain.path_rewriting import with_paths
from apigen.views.domain.rules import rule_source
from apigen.views.nouns import noun

_EVENT, _DELIVERY = "event", "delivery"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionFunction:
    """A function that makes a command of an event, and its subscription."""

    function: str
    event: str
    command: str
    result: str
    doc: str
    skipped: str | None
    """Condition under which nothing is done."""
    arguments: tuple[str, ...]
    name: str
    """Literal: what logs and the inbox call it."""
    inbox: str
    """`True` when an event that comes twice has one effect."""
    options: tuple[str, ...]
    """Further arguments of the subscription."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReactionModule:
    """reactions.py of a context that declares reactions."""

    doc: str
    imports: tuple[str, ...]
    reactions: tuple[ReactionFunction, ...]
    subscribe: str
    subscribe_doc: str


def subscribe_function(context: Context) -> str:
    """Return the name of the function that subscribes the reactions of a context."""
    return f"subscribe_{context.name.snake}_reactions"


def reaction_module(system: System, context: Context) -> ReactionModule:
    """Return the view of reactions.py; only for a context with reactions."""
    module = layout.application(system, context.name.snake, "reactions")
    subscribe = subscribe_function(context)
    functions = [f"_{reaction.name.snake}" for reaction in context.reactions]
    imports = ImportSet(module, [*functions, subscribe, _EVENT, _DELIVERY, "events", "commands"])
    imports.use(layout.support(system, "application.buses", "CommandBus"))
    imports.use(layout.support(system, "application.commands", "Delivery"))
    imports.use(layout.support(system, "application.event_bus", "EventBus"))
    imports.use(layout.support(system, "application.reactions", "Reaction"))
    writer = _Writer(system, imports)
    reactions = tuple(writer.reaction(reaction) for reaction in context.reactions)
    return ReactionModule(
        doc=docstring(
            f"What {noun(context.name)} does about events: each is answered by a command, after "
            "the transaction of the event."
        ),
        reactions=reactions,
        subscribe=subscribe,
        subscribe_doc=docstring(
            f"Let the commands of {noun(context.name)} follow from events.", indent=4
        ),
        imports=imports.render(),
    )


class _Writer:
    def __init__(self, system: System, imports: ImportSet) -> None:
        self._system = system
        self._imports = imports

    def reaction(self, reaction: Reaction) -> ReactionFunction:
        """Return the view of one reaction."""
        event = next(one for one in self._system.events if one.qname == reaction.event)
        command = next(one for one in self._system.commands if one.qname == reaction.command)
        inputs = {field.attribute: field for field in command.input}
        arguments = [
            f"{spell_input(value.attribute)}="
            + self._value(inputs[value.attribute].type, value.value, event)
            for value in reaction.values
        ]
        if reaction.target is not None and command.owner is not None:
            target = self._value(IdOf(target=command.owner), reaction.target, event)
            arguments.insert(0, f"id={target}")
        message = self._imports.use(layout.command(self._system, command))
        when = reaction.when
        options: list[str] = [f"retry={retry_source(reaction.retry, self._system, self._imports)}"]
        if reaction.delay_s:
            timedelta = self._imports.add("datetime", "timedelta")
            options.append(f"delay={timedelta}(seconds={reaction.delay_s:g})")
        return ReactionFunction(
            function=f"_{reaction.name.snake}",
            event=self._imports.use(layout.event(self._system, event)),
            command=message,
            result=message if when is None else f"{message} | None",
            doc=docstring(reaction.doc or self._summary(event, command), indent=4),
            skipped=None if when is None else self._skipped(when, event),
            arguments=(*arguments, "delivery=delivery"),
            name=text(reaction.qname),
            inbox=str(reaction.inbox),
            options=tuple(options),
        )

    def _summary(self, event: Event, command: Command) -> str:
        return f"`{event.name.text}` makes `{command.name.text}` follow."

    def _skipped(self, when: TypedExpr, event: Event) -> str:
        return self._source(replace(when, tree=opposite(when.tree, when)), event)

    def _value(self, type_: TypeRef, value: TypedExpr, event: Event) -> str:
        source = self._source(as_written(type_, value), event)
        tree = value.tree
        is_header = isinstance(tree, Path) and tree.root is Root.EVENT
        if isinstance(tree, Path) and is_header and tree.steps[0].attribute == "aggregate_id":
            return self._identifier(type_, source)
        if isinstance(type_, ListOf):
            # Payloads are immutable, commands have lists.
            return f"list({source})"
        return as_type(type_, value, source, self._system, self._imports)

    def _source(self, rule: TypedExpr, event: Event) -> str:
        payload = {field.attribute for field in event.payload}

        def path(found: Path, _: bool) -> Path:
            if found.root is not Root.EVENT:
                return found
            first = found.steps[0].attribute
            steps = found.steps
            if first in payload or first not in HEADER:
                steps = (_PAYLOAD, *steps)
            return replace(found, root=Root.VARIABLE, variable=_EVENT, steps=steps)

        typed = replace(rule, tree=with_paths(rule.tree, path))
        return rule_source(typed, system=self._system, imports=self._imports)

    def _identifier(self, type_: TypeRef, source: str) -> str:
        """Return the identifier of an aggregate from the text that the envelope has of it."""
        if not isinstance(type_, IdOf | RefTo):
            return source
        name = self._imports.use(layout.id_type(self._system, type_.target))
        base = id_base(self._system, type_.target)
        # A composite key has no text of its own: the lowering refuses rules that read one.
        assert base is not None
        if isinstance(base, EnumRef):
            return f"{name}({source})"
        match base.kind:
            case ScalarKind.UUID:
                return f"{name}({self._imports.add('uuid', 'UUID')}({source}))"
            case ScalarKind.ULID:
                return f"{name}({self._imports.add('ulid', 'ULID')}.from_str({source}))"
            case ScalarKind.INT | ScalarKind.BIGINT:
                return f"{name}(int({source}))"
            case _:
                return f"{name}({source})"


_PAYLOAD = Step(attribute="payload", type=ObjectRef(target=""), nullable=False)
