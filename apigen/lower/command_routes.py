"""Where commands are reached over HTTP (AG207, AG601, AG602)."""

import re
from collections.abc import Iterable
from dataclasses import replace

from apigen.ir.behaviour import Command, Route
from apigen.ir.field import Field
from apigen.ir.types import EnumRef, IdOf, RefTo, Scalar
from apigen.lower.rate_limits import message_limit
from apigen.lower.settings import bad_path, is_path
from apigen.lower.workspace import Workspace
from apigen.spec.commands import CommandSpec, RouteSpec
from apigen.spec.located import Located, Named

_PARAMETER = re.compile(r":([a-z_][a-z0-9_]*)")
KEY = "{id}"
"""What stands in a path for the key of the owner, however many parts it has."""


def routed(
    commands: tuple[Command, ...],
    specs: Iterable[Named[CommandSpec]],
    *,
    is_served: bool,
    work: Workspace,
) -> tuple[Command, ...]:
    """Return the commands of one owner with their routes; none when the owner is not served."""
    by_name = {named.name.value: named.value for named in specs}
    factories = [command for command in commands if command.creates]
    return tuple(
        replace(
            command,
            route=_route(
                command,
                by_name[command.name.text],
                is_only_factory=factories == [command],
                is_served=is_served,
                work=work,
            ),
        )
        for command in commands
    )


def _route(
    command: Command,
    spec: CommandSpec,
    *,
    is_only_factory: bool,
    is_served: bool,
    work: Workspace,
) -> Route | None:
    api = spec.api
    is_reached = is_served and not (isinstance(api, Located) and not api.value)
    limit = message_limit(spec.rate_limit, command.name.text, work, is_served=is_reached)
    if not is_reached:
        _check_unserved(command, spec, work)
        return None
    written = api if isinstance(api, RouteSpec) else RouteSpec(span=spec.span)
    path = _default_path(command, is_only_factory=is_only_factory, work=work)
    if written.path is not None:
        path = _path(written.path, command, work) or path
    has_answer = command.owner is not None or command.returns is not None
    status = (201 if command.creates else 200) if has_answer else 204
    return Route(
        method=written.method.value if written.method is not None else "POST",
        path=path,
        status=_status(written.status, has_answer, work) or status,
        tags=tuple(dict.fromkeys(tag.value for tag in written.tags or ())),
        rate_limit=limit,
    )


def _check_unserved(command: Command, spec: CommandSpec, work: Workspace) -> None:
    if isinstance(spec.api, RouteSpec):
        work.found.error(
            "AG601",
            f"a route is impossible for `{command.name.text}`: its entity has none",
            spec.api.span,
            help="remove it, or `api: false` of the entity",
        )
    if command.execution.idempotent and spec.idempotent is not None:
        work.found.error(
            "AG601",
            f"`idempotent: true` is impossible for `{command.name.text}`: no request brings a key",
            spec.idempotent.span,
            help="name the value that tells one run from another: `idempotent: input.order_id`",
        )


def _default_path(command: Command, *, is_only_factory: bool, work: Workspace) -> str:
    name = command.name.kebab if work.settings.naming.path == "kebab" else command.name.snake
    if command.owner is None:
        return f"/{name}"
    if command.creates:
        return "" if is_only_factory else f"/{name}"
    return f"/{KEY}/{name}"


def _path(written: Located[str], command: Command, work: Workspace) -> str | None:
    """Return a path as the system has it, its parameters in braces."""
    text = written.value.rstrip("/")
    if text and not is_path(_PARAMETER.sub("x", text)):
        bad_path(written, work.found)
        return None
    has_key = command.owner is not None and not command.creates
    inputs = {field.attribute: field for field in command.input}
    names = _PARAMETER.findall(text)
    for name in names:
        if not (name == "id" and has_key) and name not in inputs:
            work.found.error(
                "AG602",
                f"`:{name}` of the path is no input of `{command.name.text}`",
                written.span,
                help="a parameter is `:id` of what the command is for, or an input",
            )
            return None
        if name in inputs and not _fits_path(inputs[name]):
            work.found.error(
                "AG602",
                f"`{name}` of `{command.name.text}` can not stand in a path",
                written.span,
                help="a parameter is one value, and always there: send it in the body",
            )
            return None
    if has_key and "id" not in names:
        work.found.error(
            "AG602",
            f"the path does not say which row `{command.name.text}` is for",
            written.span,
            help=f"such as `POST /:id/{command.name.kebab}`",
        )
        return None
    if len(set(names)) < len(names):
        work.found.error(
            "AG602", "a parameter stands in the path twice", written.span, help="remove one"
        )
        return None
    return _PARAMETER.sub(r"{\1}", text)


def _fits_path(field: Field) -> bool:
    is_one = isinstance(field.type, Scalar | EnumRef | IdOf | RefTo)
    return is_one and field.required_on_create


def _status(written: Located[int] | None, has_answer: bool, work: Workspace) -> int | None:
    if written is None:
        return None
    if (written.value in (204, 205)) is has_answer:
        work.found.error(
            "AG607",
            f"{written.value} is the status of an answer with"
            f" {'nothing' if has_answer else 'something'} in it",
            written.span,
            help="such as `200`" if has_answer else "such as `204`",
        )
    return written.value
