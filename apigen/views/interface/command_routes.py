"""The routes of commands: what is sent, what is answered, which problems there may be.

A command goes to the bus; the bus gives a result, and `support/interface/replies.py` answers with
it. Problems of the command's own (guards, `errors`) are in its documentation.
"""

from collections.abc import Iterator, Mapping

from apigen.ir.behaviour import Command
from apigen.ir.behaviour_names import command_class
from apigen.ir.element import Deprecation
from apigen.ir.names import Name
from apigen.ir.system import Entity
from apigen.ir.types import RefTo
from apigen.python import layout
from apigen.python.annotations import dto_annotation
from apigen.python.identifiers import spell_input, spell_variable
from apigen.python.imports import Symbol
from apigen.values import dataclass
from apigen.views.application.commands import has_target
from apigen.views.application.dtos import path_inputs, takes_input
from apigen.views.interface.path_keys import PathKey, input_annotation
from apigen.views.interface.rate_limits import message_limit
from apigen.views.interface.routes import Asked, RouteWriter, StatedRoute, route_tags
from apigen.views.localization import is_localized, shows_localized

_TAKEN = frozenset({"request", "data", "handlers", "expected", "replies", "router", "result"})


def command_function(command: Command) -> str:
    """Return the route's function, which is its operation id too: `place_order`."""
    return Name.of(command_class(command)).snake


@dataclass(frozen=True, slots=True, kw_only=True)
class _Input:
    """An input that stands in the path."""

    placeholder: str
    name: str
    annotation: str
    argument: str
    """How the mapper calls it."""


class CommandRoutes:
    """Writes the routes of the commands of one entity, or of one context."""

    def __init__(
        self,
        writer: RouteWriter,
        entity: Entity | None,
        *,
        read: str = "",
        key: PathKey | None = None,
        keys: tuple[str, ...] = (),
        above: tuple[str, ...] = (),
        scope: str = "",
    ) -> None:
        """Write with `writer`.

        Args:
            writer: Of the module.
            entity: Whose commands they are; None: the context's.
            read: What the entity is answered as.
            key: Of the entity, in a path.
            keys: Its parameters.
            above: Parameters of the parent that the resource is nested under.
            scope: Argument that says so to readers.
        """
        self._writer = writer
        self._entity = entity
        self._read = read
        self._key = key
        self._keys = keys
        self._above = above
        self._scope = scope

    def route(self, command: Command) -> StatedRoute:
        """Return the route of a command."""
        assert command.route is not None
        inputs = self._inputs(command)
        path = command.route.path
        for one in inputs:
            path = path.replace(f"{{{one.placeholder}}}", f"{{{one.name}}}")
        targeted = self._key is not None and has_target(command)
        if targeted and self._key is not None:
            path = path.replace("/{id}", self._key.path)
        body = None
        if takes_input(command):
            body = self._use(layout.command_input(self._writer.system, command))
        asked = Asked(
            function=command_function(command),
            path=path,
            doc=command.doc or f"{_words(command)}.",
            settings=self._settings(command),
            extras=tuple(self._extras(command)),
            parameters=(
                *self._above,
                *(self._keys if targeted else ()),
                *(f"{one.name}: {one.annotation}" for one in inputs),
            ),
            body=body,
            problems=tuple(self._problems(command, has_path=targeted or bool(inputs))),
            codes=_codes(command, self._entity),
            answered=self._answered(command),
            operation=command.name.snake,
            is_reading=False,
            idempotency=self._idempotency(command),
            deprecation=self._deprecation(command),
            lifespan=command.lifespan,
            limit=message_limit(self._writer.system, command),
        )
        return StatedRoute(
            verb=command.route.method.lower(),
            route=self._writer.route(asked),
            statements=tuple(self._statements(command, inputs, body is not None)),
        )

    def _use(self, symbol: Symbol) -> str:
        return self._writer.imports.use(symbol)

    def _inputs(self, command: Command) -> tuple[_Input, ...]:
        taken = {*_TAKEN, *(key.partition(":")[0] for key in (*self._keys, *self._above))}
        return tuple(
            _Input(
                placeholder=field.attribute,
                name=spell_variable(field.attribute, taken),
                annotation=input_annotation(self._writer.system, field, self._writer.imports),
                argument=spell_input(field.attribute),
            )
            for field in path_inputs(command)
        )

    def _has_etag(self, command: Command) -> bool:
        return self._entity is not None and self._entity.etag and has_target(command)

    def _extras(self, command: Command) -> Iterator[str]:
        """Yield what FastAPI can not know of a command's request."""
        if self._has_etag(command):
            yield self._writer.openapi("IF_MATCH")
        entity = self._entity
        if entity is None or entity.resource is None or not shows_localized(entity):
            return
        if self._answers_entity(command) or any(map(is_localized, command.input)):
            query = self._use(layout.query(self._writer.system, entity))
            yield f"{self._writer.openapi('written_in')}({query})"

    def _answers_entity(self, command: Command) -> bool:
        return self._entity is not None and command.returns is None

    def _settings(self, command: Command) -> tuple[str, ...]:
        assert command.route is not None
        status = command.route.status
        stated = (
            *(() if status == 200 else (f"status_code={status}",)),
            *route_tags(command.route.tags),
        )
        if self._answers_entity(command):
            return (*stated, f"response_model={self._read}")
        if command.returns is not None:
            return (*stated, f"response_model={self._shape(command)}")
        return stated

    def _shape(self, command: Command) -> str:
        assert command.returns is not None
        writer = self._writer
        return dto_annotation(
            command.returns, system=writer.system, imports=writer.imports, reading=True
        )

    def _answered(self, command: Command) -> tuple[str, ...]:
        assert command.route is not None
        if not self._answers_entity(command) or self._entity is None:
            return ()
        headers = ["Location"] if command.creates else []
        headers += ["ETag"] if self._entity.etag else []
        if not headers:
            return ()
        names = "".join(f', "{name}"' for name in headers)
        return (f"{self._writer.openapi('answered')}({command.route.status}{names})",)

    def _problems(self, command: Command, *, has_path: bool) -> list[int]:
        found = [409]
        if has_target(command) or any(isinstance(field.type, RefTo) for field in command.input):
            found.append(404)
        if self._has_etag(command):
            found.append(412)
        if has_path or command.guards or (self._entity is not None and self._entity.invariants):
            found.append(422)
        if command.execution.timeout_s is not None:
            found.append(504)
        return found

    def _idempotency(self, command: Command) -> bool | None:
        if command.execution.idempotent:
            return True
        resource = self._entity.resource if self._entity is not None else None
        if resource is None or not resource.idempotency:
            return None
        return resource.idempotency_required

    def _deprecation(self, command: Command) -> Deprecation | None:
        own = command.lifespan.deprecated
        return own or (self._entity.lifespan.deprecated if self._entity is not None else None)

    # The function's body.

    def _statements(
        self, command: Command, inputs: tuple[_Input, ...], has_body: bool
    ) -> list[str]:
        assert command.route is not None
        arguments: list[str] = []
        statements: list[str] = []
        key = self._key
        if has_target(command) and self._entity is not None and key is not None:
            arguments.append(f"id={key.expression}")
            reader = f"handlers.{self._entity.name.snake}_reader"
            if self._scope:
                found = f"{reader}, [{key.expression}]{self._scope}"
                statements.append(f"await replies.require({found})")
            if self._has_etag(command):
                version = f"replies.expected_version(request, {reader}, {key.expression})"
                statements.append(f"expected = await {version}")
        if has_body:
            arguments.append("data=data")
        arguments += [f"{one.argument}={one.name}" for one in inputs]
        if self._has_etag(command):
            arguments.append("expected_version=expected")
        make = self._use(layout.command_from_input(self._writer.system, command))
        statements.append(f"command = {make}({', '.join(arguments)})")
        statements.append(f"return {self._reply(command)}")
        return statements

    def _reply(self, command: Command) -> str:
        assert command.route is not None
        result = "request, await handlers.commands.dispatch(command)"
        status = command.route.status
        if self._answers_entity(command) and command.creates:
            levels = command.route.path.count("/")
            stated = f", status={status}" if status != 201 else ""
            return f"replies.created({result}{stated}{f', levels={levels}' if levels else ''})"
        stated = f", status={status}" if status != 200 else ""
        if self._answers_entity(command):
            return f"replies.changed({result}{stated})"
        if command.returns is not None:
            adapter = self._writer.imports.add("pydantic", "TypeAdapter")
            returned = self._writer.support("interface.replies", "returned")
            return f"{returned}({result}, {adapter}({self._shape(command)}){stated})"
        done = self._writer.support("interface.replies", "done")
        stated = f", status={status}" if status != 204 else ""
        return f"{done}({result}{stated})"


def _words(command: Command) -> str:
    return " ".join(Name.of(command_class(command)).snake.split("_")).capitalize()


def _codes(command: Command, entity: Entity | None) -> Mapping[int, tuple[str, ...]] | None:
    found: dict[int, list[str]] = {}
    if command.move is not None:
        found.setdefault(409, []).append("invalid_state")
    if entity is not None:
        for exclusion in entity.exclusions:
            found.setdefault(409, []).append(exclusion.name)
    for guard in command.guards:
        found.setdefault(422, []).append(guard.code)
    for error in command.errors:
        found.setdefault(error.status, []).append(error.code)
    if not found:
        return None
    return {status: tuple(dict.fromkeys(codes)) for status, codes in found.items()}
