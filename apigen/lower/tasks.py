"""Background tasks: what they need to know, who carries them out, when they are due.

AG409 for tasks that do nothing, AG502 for commands, AG405 and AG406 for inputs, AG607 for times.
"""

import re
from collections.abc import Mapping

from apigen.diagnostics import Span
from apigen.diagnostics.near import did_you_mean, nearest
from apigen.ir.behaviour import Command, Handler, Retry, Schedule, Task
from apigen.ir.behaviour_names import command_class
from apigen.ir.field import Field
from apigen.ir.names import Name
from apigen.ir.types import NO_EXTENSION, Extension, IdOf, RefTo, TypeRef
from apigen.lower.command_scope import named as field_named
from apigen.lower.contexts import Declarations
from apigen.lower.execution import positive_time, retry
from apigen.lower.field_flags import is_true
from apigen.lower.identifiers import stable_id
from apigen.lower.messages import OF_TABLES, Message, message_fields
from apigen.lower.reactions import visible_command
from apigen.lower.workspace import Workspace
from apigen.spec.located import Located, Named
from apigen.spec.tasks import ScheduleSpec, TaskSpec
from apigen.support.core.cron import CronError, CronSchedule

USUAL_RETRY = Retry(attempts=5, delay_s=1.0, max_delay_s=300.0)
"""Of a task that does not say."""
_QUEUE = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_LONGEST_SCHEDULE = 150


def lower_task(
    named: Named[TaskSpec], context: Declarations, commands: Mapping[str, Command], work: Workspace
) -> Task:
    """Return a task; `commands` are those of all contexts by qualified name."""
    spec, name = named.value, named.name
    qname = f"{context.name}.{name.value}"
    command = None
    if spec.run is not None:
        command = visible_command(spec.run, context, commands, work)
    _check_handler(named, context, commands, work)
    drafts = message_fields(spec.input or (), _message(named, context), work)
    fields = tuple(field for draft in drafts for field in draft.fields)
    if command is not None and spec.input is None:
        fields = command.input
    elif command is not None:
        _check_inputs(named, command, fields, work)
    schedule = None
    if spec.schedule is not None:
        schedule = _schedule(spec.schedule, work)
        _check_defaults(named, command, fields, spec.schedule.span, work)
    return Task(
        id=stable_id("task", qname),
        qname=qname,
        name=work.settings.naming.name(name.value),
        doc=spec.doc.value if spec.doc is not None else "",
        span=name.span,
        ext=Extension(entries=spec.ext) if spec.ext else NO_EXTENSION,
        context=context.name,
        input=fields,
        queue=_queue(spec.queue, work),
        priority=spec.priority.value if spec.priority is not None else 0,
        timeout_s=positive_time(spec.timeout, "timeout", work),
        retry=retry(spec.retry, work, usual=USUAL_RETRY) if spec.retry is not None else None,
        schedule=schedule,
        unique=_unique(spec, command, fields, work),
        progress=is_true(spec.progress),
        command=command.qname if command is not None else None,
    )


def _message(named: Named[TaskSpec], context: Declarations) -> Message:
    return Message(
        qname=f"{context.name}.{named.name.value}",
        class_name=f"{Name.of(named.name.value).pascal}Task",
        context=context.name,
        kind="input",
        what="an input",
        reserved=frozenset({"task_name"}),
        unfit=OF_TABLES,
        allows_refs=False,
    )


def _check_handler(
    named: Named[TaskSpec],
    context: Declarations,
    commands: Mapping[str, Command],
    work: Workspace,
) -> None:
    """Report what is carried out by nobody, or by two."""
    spec, name = named.value, named.name
    is_custom = spec.handler is not None and spec.handler.value == Handler.CUSTOM.value
    if spec.run is None and not is_custom:
        work.found.error(
            "AG409",
            f"`{name.value}` does nothing",
            name.span,
            help="`run: <command>`, or `handler: custom` and write it yourself",
        )
    if spec.run is not None and is_custom:
        assert spec.handler is not None
        work.found.error(
            "AG207",
            "`handler: custom` does not apply to a task that runs a command",
            spec.handler.span,
            help="remove one of them",
        )
    if spec.run is not None and is_true(spec.progress):
        assert isinstance(spec.progress, Located)
        work.found.error(
            "AG207",
            "`progress` does not apply to a task that runs a command",
            spec.progress.span,
            help="only `handler: custom` can say how far it is",
        )
    modules = {
        Name.of(command_class(one)).snake: one
        for one in commands.values()
        if one.context == context.name and one.handler is Handler.CUSTOM
    }
    if is_custom and name.value in modules:
        work.found.error(
            "AG104",
            f"the task `{name.value}` and the command "
            f"`{modules[name.value].qname.removeprefix(f'{context.name}.')}` both become the "
            f"module `custom/{name.value}.py`",
            name.span,
            help="rename one",
        )


def _check_inputs(
    named: Named[TaskSpec], command: Command, fields: tuple[Field, ...], work: Workspace
) -> None:
    """Report inputs that a command does not have, and those that it needs and does not get."""
    given = dict(zip((one.name.value for one in named.value.input or ()), fields, strict=False))
    wanted = {one.attribute: one for one in command.input}
    target = _target(command)
    for field in fields:
        if field.attribute == "id" and target is not None:
            if field.type != target or field.nullable:
                title = target.target.rpartition(".")[2]
                _wrong_type(field, f"the key of the row it is for, `id({title})`", work)
            continue
        same = wanted.get(field.attribute)
        if same is None:
            known = [one.attribute for one in command.input]
            work.found.error(
                "AG406",
                f"`{field.attribute}` cannot be set: `{command.name.text}` has no such input",
                field.span,
                help=did_you_mean(nearest(field.attribute, known))
                or (f"inputs: {', '.join(f'`{one}`' for one in known)}" if known else "remove it"),
            )
        elif _plain(field.type) != _plain(same.type) or (field.nullable and not same.nullable):
            _wrong_type(field, f"that of `{command.name.text}`", work)
    needed = [one.attribute for one in command.input if one.required_on_create]
    if target is not None:
        needed.insert(0, "id")
    for attribute in needed:
        if attribute not in {one.attribute for one in fields} and attribute not in given:
            assert named.value.run is not None
            work.found.error(
                "AG405",
                f"`{command.name.text}.{attribute}` has no source",
                named.value.run.span,
                help=f"add it to `input`, or leave out `input`: it is that of `{command.name.text}`"
                " then",
            )


def _wrong_type(field: Field, expected: str, work: Workspace) -> None:
    work.found.error(
        "AG424",
        f"`{field.attribute}` has another type than {expected}",
        field.span,
        help="give it the same type; a default may be its own",
    )


def _plain(type_: TypeRef) -> TypeRef:
    """Return a type as messages have it: a reference is the key of its target."""
    return IdOf(target=type_.target) if isinstance(type_, RefTo) else type_


def _target(command: Command) -> IdOf | None:
    """Return the type of the key of the row that a command is for."""
    if command.owner is None or command.creates:
        return None
    return IdOf(target=command.owner)


def _check_defaults(
    named: Named[TaskSpec],
    command: Command | None,
    fields: tuple[Field, ...],
    span: Span,
    work: Workspace,
) -> None:
    """Report inputs that nobody gives to a task that is due by itself."""
    needed = [one.attribute for one in fields if one.required_on_create]
    if command is not None and _target(command) is not None and "id" not in needed:
        needed.insert(0, "id")
    for attribute in needed:
        work.found.error(
            "AG405",
            f"`{named.name.value}` is due by itself, and nothing gives it `{attribute}`",
            span,
            help="give the input a default, or leave out `schedule`"
            if attribute != "id"
            else "run a command that is for no row, or leave out `schedule`",
        )


def _schedule(spec: ScheduleSpec, work: Workspace) -> Schedule | None:
    if spec.cron is None:
        return None
    zone = spec.timezone.value if spec.timezone is not None else "UTC"
    text = " ".join(spec.cron.value.split())
    if len(text) + len(zone) > _LONGEST_SCHEDULE:
        work.found.error(
            "AG607",
            "the schedule is too long",
            spec.cron.span,
            help=f"at most {_LONGEST_SCHEDULE} letters",
        )
        return None
    try:
        CronSchedule.parse(text, "UTC")
    except CronError as error:
        work.found.error(
            "AG607",
            f"`{text}` is not a cron expression: {error}",
            spec.cron.span,
            help='such as `"0 3 * * *"`, every day at three, or `"@hourly"`',
        )
        return None
    try:
        CronSchedule.parse(text, zone)
    except CronError as error:
        assert spec.timezone is not None
        work.found.error(
            "AG607", str(error).partition(":")[0], spec.timezone.span, help="such as Europe/Berlin"
        )
        return None
    return Schedule(cron=text, timezone=zone)


def _queue(written: Located[str] | None, work: Workspace) -> str:
    if written is None:
        return "default"
    if not _QUEUE.fullmatch(written.value):
        work.found.error(
            "AG607",
            f"`{written.value}` is not the name of a queue",
            written.span,
            help="such as low, default or mail-out",
        )
    return written.value


def _unique(
    spec: TaskSpec, command: Command | None, fields: tuple[Field, ...], work: Workspace
) -> tuple[str, ...] | None:
    known = [one.attribute for one in fields]
    if command is not None and _target(command) is not None and "id" not in known:
        known.insert(0, "id")
    if spec.unique is None:
        return None
    if isinstance(spec.unique, Located):
        return tuple(known) if spec.unique.value else None
    found: list[str] = []
    for name in spec.unique:
        field = field_named(name.value, fields)
        attribute = field.attribute if field is not None else name.value
        if attribute in known:
            found.append(attribute)
            continue
        work.found.error(
            "AG309",
            f"`{name.value}` is not an input of the task",
            name.span,
            help=did_you_mean(nearest(name.value, known)) or "list inputs, or `unique: true`",
        )
    return tuple(dict.fromkeys(found))
