"""Reactions: which event makes which command run, and with what.

AG105 and AG501 for events, AG502 for commands, AG405 for inputs and targets without a value.
"""

from collections.abc import Mapping

from apigen.diagnostics.near import did_you_mean, nearest
from apigen.expr.scope import RuleKind, Scope
from apigen.ir.behaviour import Assign, Command, Reaction, Retry
from apigen.ir.expr import TypedExpr
from apigen.ir.types import IdOf, Scalar, ScalarKind
from apigen.lower.command_scope import named as field_named
from apigen.lower.contexts import Declarations
from apigen.lower.element_facts import element_facts
from apigen.lower.events import EventDraft
from apigen.lower.execution import retry
from apigen.lower.meanings import Meanings, parse
from apigen.lower.workspace import Workspace
from apigen.spec.events import ReactionSpec
from apigen.spec.located import Located, Named


def lower_reaction(
    named: Named[ReactionSpec],
    context: Declarations,
    events: Mapping[str, EventDraft],
    commands: Mapping[str, Command],
    meanings: Meanings,
    work: Workspace,
    *,
    inbox: bool,
) -> Reaction | None:
    """Return a reaction; None when its event or command is not there.

    `events` and `commands` are those of all contexts by qualified name; `inbox` is what
    `messaging` says for reactions that say nothing.
    """
    spec = named.value
    if spec.event is None or spec.run is None:
        return None
    event = _event(spec.event, context, events, work)
    command = visible_command(spec.run, context, commands, work)
    if event is None or command is None:
        return None
    qname = f"{context.name}.{named.name.value}"
    scope = meanings.scope(RuleKind.REACTION, qname, event=event.scope)
    when = None
    if spec.when is not None:
        when = parse(spec.when, scope, work, expected=Scalar(kind=ScalarKind.BOOL))
    return Reaction(
        **element_facts("reaction", qname, named.name, spec, work),
        context=context.name,
        event=event.event.qname,
        command=command.qname,
        target=_target(spec, command, scope, work),
        values=_values(spec, command, scope, work),
        when=when,
        delay_s=spec.delay.value if spec.delay is not None else 0.0,
        retry=retry(spec.retry, work) if spec.retry is not None else Retry(),
        inbox=spec.inbox.value if spec.inbox is not None else inbox,
    )


# -------------------------------------------------------------------- look-ups


def _event(
    name: Located[str],
    context: Declarations,
    events: Mapping[str, EventDraft],
    work: Workspace,
) -> EventDraft | None:
    """Return an event of this context, or a public one of a context that is used."""
    place, dot, short = name.value.rpartition(".")
    if not dot or place in (context.name, *context.entities):
        own = {
            draft.event.name.text: draft
            for draft in events.values()
            if draft.event.context == context.name
        }
        if short in own:
            return own[short]
        elsewhere = sorted(
            draft.event.context for draft in events.values() if draft.event.name.text == short
        )
        help = did_you_mean(nearest(short, own))
        if elsewhere and not dot:
            help = f"it exists in context `{elsewhere[0]}`: write `{elsewhere[0]}.{short}`"
        work.found.error("AG404", f"no event `{short}` here", name.span, help=help)
        return None
    there = place.partition(".")[0]
    theirs = {
        draft.event.name.text: draft for draft in events.values() if draft.event.context == there
    }
    if short not in theirs:
        work.found.error(
            "AG404",
            f"no event `{short}` in `{place}`",
            name.span,
            help=did_you_mean(nearest(short, theirs)),
        )
        return None
    if not theirs[short].event.public:
        work.found.error(
            "AG501",
            f"`{there}.{short}` is not public",
            name.span,
            help="`public: true` on the event, if its owner agrees",
        )
        return None
    return theirs[short] if _is_visible(there, name, context, work) else None


def _is_visible(there: str, name: Located[str], context: Declarations, work: Workspace) -> bool:
    if there in (context.name, *(used.value for used in context.uses)):
        return True
    work.found.error(
        "AG105",
        f"`{there}` is not visible from `{context.name}`",
        name.span,
        help=f"add `uses: [{there}]` to the context `{context.name}`",
    )
    return False


def visible_command(
    name: Located[str],
    context: Declarations,
    commands: Mapping[str, Command],
    work: Workspace,
) -> Command | None:
    """Return the command that `command`, `Entity.command` or either after a context means.

    AG502 when there is none, AG105 when its context is not used.
    """
    for qname in (f"{context.name}.{name.value}", name.value):
        if qname in commands:
            there = commands[qname].context
            return commands[qname] if _is_visible(there, name, context, work) else None
    known = [
        command.qname.removeprefix(f"{context.name}.")
        for command in commands.values()
        if command.context == context.name
    ]
    near = nearest(name.value, known) or tuple(
        one for one in known if one.rpartition(".")[2] == name.value
    )
    work.found.error(
        "AG502",
        f"no command `{name.value}`",
        name.span,
        help=did_you_mean(near) or "a command of an entity is `Entity.command`",
    )
    return None


# ---------------------------------------------------------------------- values


def _target(
    spec: ReactionSpec, command: Command, scope: Scope, work: Workspace
) -> TypedExpr | None:
    if command.owner is None or command.creates:
        if spec.target is not None:
            work.found.error(
                "AG207",
                f"`target` does not apply to `{command.name.text}`, which is for no row",
                spec.target.span,
                help="remove it",
            )
        return None
    if spec.target is None:
        assert spec.run is not None
        title = command.owner.rpartition(".")[2]
        work.found.error(
            "AG405",
            f"`{spec.run.value}` has no target: which `{title}` is it for?",
            spec.run.span,
            help="give its key: `target: event.…`",
        )
        return None
    return parse(spec.target, scope, work, expected=IdOf(target=command.owner))


def _values(
    spec: ReactionSpec, command: Command, scope: Scope, work: Workspace
) -> tuple[Assign, ...]:
    values: list[Assign] = []
    given: set[str] = set()
    for value in spec.with_ or ():
        field = field_named(value.name.value, command.input)
        if field is None:
            if work.is_poisoned(command.qname, value.name.value.removesuffix("_id")):
                continue
            known = [one.name.text for one in command.input]
            work.found.error(
                "AG406",
                f"`{value.name.value}` cannot be set: `{command.name.text}` has no such input",
                value.name.span,
                help=did_you_mean(nearest(value.name.value, known))
                or (f"inputs: {', '.join(f'`{one}`' for one in known)}" if known else "remove it"),
            )
            continue
        given.add(field.attribute)
        typed = parse(value.value, scope, work, expected=field.type, nullable=field.nullable)
        if typed is not None:
            values.append(Assign(attribute=field.attribute, value=typed))
    for field in command.input:
        if field.required_on_create and field.attribute not in given:
            assert spec.run is not None
            work.found.error(
                "AG405",
                f"`{command.name.text}.{field.name.text}` has no source",
                spec.run.span,
                help=f"give it: `with: {{ {field.name.text}: … }}`",
            )
    return tuple(values)
