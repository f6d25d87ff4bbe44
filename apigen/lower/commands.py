"""Commands: inputs, guards, moves, and how they are run. Routes come with the resources.

AG401 for moves, AG409 for commands that do nothing; see `effects` and `emissions` for the rest.
"""

from collections.abc import Mapping

from apigen.diagnostics import Span
from apigen.ir.behaviour import Command, ExtraError, Guard, Handler, Move
from apigen.ir.behaviour_names import class_of_command
from apigen.ir.names import Name
from apigen.ir.system import Entity, IdKind
from apigen.ir.types import RefTo, TypeRef
from apigen.lower.command_scope import CommandScope, Owner
from apigen.lower.effects import effects
from apigen.lower.element_facts import element_facts
from apigen.lower.emissions import emissions
from apigen.lower.events import EventDraft
from apigen.lower.execution import execution
from apigen.lower.field_flags import is_true
from apigen.lower.fields import FieldDraft
from apigen.lower.identifiers import label_of
from apigen.lower.identity import refuse_composite_target
from apigen.lower.lifecycle import lower_move
from apigen.lower.meanings import Meanings, scope_fields
from apigen.lower.messages import OF_COMMANDS, OF_TABLES, Message, message_fields
from apigen.lower.types import Owner as TypeOwner
from apigen.lower.types import lower_type
from apigen.lower.workspace import Workspace
from apigen.spec.commands import CommandSpec
from apigen.spec.fields import ConstrainedSpec
from apigen.spec.located import Located, Named
from apigen.spec.type_syntax import NamedSyntax

_DOES = ("moves", "set", "append", "remove", "emits", "erases")
_RESERVED = frozenset(
    {
        *("read", "create", "update", "replace", "delete", "restore", "export", "all"),
        *("list", "get", "count", "history", "import"),
        *("record", "collect_events", "require_state", "check_invariants"),
        *("mark_updated", "mark_deleted"),
    }
)
"""Operations every entity may have, and methods every aggregate has."""


def lower_command(
    named: Named[CommandSpec],
    context: str,
    owner: Owner | None,
    entities: Mapping[str, Entity],
    events: tuple[Mapping[str, EventDraft], Mapping[str, EventDraft]],
    meanings: Meanings,
    work: Workspace,
) -> Command:
    """Return a command of an entity or of a context, without its route.

    `events` are those of the owner, and those of its context.
    """
    spec = named.value
    qname = f"{owner.entity.qname if owner is not None else context}.{named.name.value}"
    entity = owner.entity if owner is not None else None
    creates = is_true(spec.creates)
    is_custom = spec.handler is not None and spec.handler.value == Handler.CUSTOM.value
    _check_name(named.name, owner, work)
    drafts = _inputs(named, qname, context, entity, entities, work)
    scope = CommandScope(
        qname=qname,
        title=f"{entity.name.text}.{named.name.value}" if entity else named.name.value,
        owner=owner,
        creates=creates,
        is_custom=is_custom,
        inputs=tuple(field for draft in drafts for field in draft.fields),
        input=scope_fields(drafts, meanings),
        meanings=meanings,
        work=work,
    )
    if creates and owner is None:
        _refuse(spec.creates, f"`{named.name.value}` belongs to no entity that it could make", work)
    if not is_custom and not creates and all(getattr(spec, key) is None for key in _DOES):
        work.found.error(
            "AG409",
            f"`{named.name.value}` does nothing",
            named.name.span,
            help="add `set`, `moves` or `emits`, or `handler: custom` and write it yourself",
        )
    return Command(
        **element_facts("command", qname, named.name, spec, work),
        context=context,
        owner=entity.qname if entity is not None else None,
        input=scope.inputs,
        creates=creates and owner is not None,
        move=_move(spec, scope),
        guards=_guards(named, scope),
        effects=effects(spec, scope),
        emits=tuple(emissions(spec.emits or (), *events, scope)),
        returns=_returns(named, scope, context),
        errors=_errors(spec, scope),
        handler=Handler.CUSTOM if is_custom else Handler.GENERATED,
        execution=execution(spec, scope),
        route=None,
        lifespan=work.versions.lifespan(spec, work.found),
    )


def _check_name(name: Located[str], owner: Owner | None, work: Workspace) -> None:
    if owner is not None and name.value in _RESERVED:
        work.found.error(
            "AG102",
            f"`{name.value}` is reserved by apigen: every entity may have it",
            name.span,
            help="a word of the trade says more, such as `place` or `register`",
        )


def _refuse(flag: Located[bool] | None, message: str, work: Workspace) -> None:
    if flag is not None:
        work.found.error(
            "AG409",
            message,
            flag.span,
            help="put the command under the `commands:` of an entity",
        )


def _inputs(
    named: Named[CommandSpec],
    qname: str,
    context: str,
    entity: Entity | None,
    entities: Mapping[str, Entity],
    work: Workspace,
) -> tuple[FieldDraft, ...]:
    creates_by_key = entity is not None and (
        is_true(named.value.creates) and entity.identity.client_supplied
    )
    message = Message(
        qname=qname,
        class_name=class_of_command(
            named.name.value, entity.name.text if entity is not None else None
        ),
        context=context,
        kind="input",
        what="an input",
        reserved=OF_COMMANDS - {"id"} if creates_by_key else OF_COMMANDS,
        unfit=OF_TABLES,
        allows_refs=True,
    )
    drafts = message_fields(named.value.input or (), message, work)
    for draft in drafts:
        for field in draft.fields:
            target = entities.get(field.type.target) if isinstance(field.type, RefTo) else None
            if target is not None and target.identity.kind is IdKind.COMPOSITE:
                span = draft.spec.type.span if draft.spec.type is not None else field.span
                refuse_composite_target(target.name.text, span, work)
    return drafts


def _move(spec: CommandSpec, scope: CommandScope) -> Move | None:
    if spec.moves is None or not spec.moves.sources:
        return None
    span = spec.moves.target.span
    if scope.owner is None:
        _no_lifecycle("this command belongs to no entity", span, scope.work)
        return None
    entity, draft = scope.owner.entity, scope.owner.lifecycle
    if draft is None:
        _no_lifecycle(f"`{entity.name.text}` has no lifecycle", span, scope.work)
        return None
    if draft.lifecycle is None:
        return None
    if scope.creates:
        scope.work.found.error(
            "AG401",
            f"what a factory makes begins as `{draft.lifecycle.initial}`",
            span,
            help="leave out `moves`, or set `initial` in the lifecycle",
        )
        return None
    return lower_move(spec.moves, draft.lifecycle, entity.name.text, scope.work)


def _no_lifecycle(message: str, span: Span, work: Workspace) -> None:
    work.found.error("AG401", message, span, help="states stand under `lifecycle:` of an entity")


def _guards(named: Named[CommandSpec], scope: CommandScope) -> tuple[Guard, ...]:
    when = named.value.when
    if when is None:
        return ()
    if isinstance(when, Located):
        code = f"{Name.of(named.name.value).snake}_refused"
        condition = scope.guard(when)
        if condition is None:
            return ()
        return (Guard(code=code, condition=condition, message=f"{label_of(code)}."),)
    guards: list[Guard] = []
    for guard in when:
        text = guard.value.rule
        condition = scope.guard(text) if text is not None else None
        if condition is None:
            continue
        message = guard.value.message or guard.value.doc
        code = guard.name.value
        guards.append(
            Guard(
                code=code,
                condition=condition,
                message=message.value if message is not None else f"{label_of(code)}.",
            )
        )
    return tuple(guards)


def _returns(named: Named[CommandSpec], scope: CommandScope, context: str) -> TypeRef | None:
    spec = named.value
    written = spec.returns
    if written is None:
        return None
    work = scope.work
    core = written.core
    if (
        scope.owner is not None
        and isinstance(core, NamedSyntax)
        and core.name.value == scope.owner.entity.name.text
    ):
        return None
    if not scope.is_custom:
        work.found.error(
            "AG405",
            "`returns` has no source: a generated command answers with its entity",
            written.span,
            help="leave it out, or add `handler: custom`",
        )
        return None
    if written.nullable:
        work.found.error("AG207", "`?` does not apply to an answer", written.span, help="remove it")
    return lower_type(
        core,
        ConstrainedSpec(span=written.span),
        TypeOwner(
            context=context,
            enum_name=Name.of(scope.qname.rpartition(".")[2]).pascal + "Result",
            allows_relations=False,
        ),
        work,
    )


def _errors(spec: CommandSpec, scope: CommandScope) -> tuple[ExtraError, ...]:
    errors: list[ExtraError] = []
    for error in spec.errors or ():
        if not scope.is_custom:
            scope.work.found.error(
                "AG207",
                "`errors` does not apply to a generated command",
                error.name.span,
                help="its own conditions stand under `when`; only `handler: custom` has more",
            )
            break
        if error.value.status is None:
            continue
        code, message = error.name.value, error.value.message
        errors.append(
            ExtraError(
                code=code,
                status=error.value.status.value,
                message=message.value if message is not None else f"{label_of(code)}.",
            )
        )
    return tuple(errors)
