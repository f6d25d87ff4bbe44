"""What every route of the interface has: its decorator, its documentation, what it may answer.

The decorator of a route tells the OpenAPI document everything that can happen, and nothing else:
who is refused, what ends, which codes a problem has. Which routes there are is the business of the
modules beside this one.
"""

from collections.abc import Mapping

from apigen.ir.access import EXPORT, READ, AccessTable
from apigen.ir.behaviour import Command, Query
from apigen.ir.element import ALWAYS, Deprecation, Lifespan
from apigen.ir.system import Context, System
from apigen.python import layout
from apigen.python.imports import ImportSet, Symbol
from apigen.python.literals import docstring, text, tuple_of
from apigen.values import dataclass
from apigen.views.application.access import is_public, may_be_forbidden, may_be_refused
from apigen.views.versions.deprecations import day_source

_READING = frozenset({READ, EXPORT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One operation."""

    function: str
    path: str
    """Literal, below the router's prefix."""
    settings: tuple[str, ...]
    """Arguments of the decorator after the path."""
    decorators: tuple[str, ...]
    """Below the router's own."""
    parameters: str
    """Of the function."""
    doc: str
    """Docstring."""
    has_body: bool
    checks: tuple[str, ...] = ()
    """Statements that come first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedRoute:
    """An operation that is not one of those every resource may have: a command, a query."""

    verb: str
    route: Route
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an operation is asked, and how it is documented."""

    function: str
    path: str
    doc: str
    settings: tuple[str, ...] = ()
    """Of the decorator: `status_code=201`, `response_model=OrderRead`."""
    extras: tuple[str, ...] = ()
    """Source of what is added to the OpenAPI operation."""
    parameters: tuple[str, ...] = ()
    """Beside the request, before the body and the handlers."""
    options: tuple[str, ...] = ()
    """Parameters with a default."""
    body: str | None = None
    problems: tuple[int, ...] = ()
    codes: Mapping[int, tuple[str, ...]] | None = None
    """The problems' own codes, by status."""
    answered: tuple[str, ...] = ()
    """Source of what declares the headers of answers."""
    checks: tuple[str, ...] = ()
    operation: str = READ
    """Name in access rules."""
    is_reading: bool | None = None
    """Whether it only shows rows; None: what the operation's name says."""
    needs_read: bool = True
    """Whether those who ask what only shows rows must be granted to read them, too."""
    idempotency: bool | None = None
    """Whether a key is required; None: keys mean nothing here."""
    deprecation: Deprecation | None = None
    lifespan: Lifespan = ALWAYS
    """Which versions have it, beside what the resource says."""
    limit: Symbol | None = None
    """What limits its requests, when it is not what limits others of the module."""


class RouteWriter:
    """Writes the routes of one module; holds its imports."""

    def __init__(
        self,
        system: System,
        context: Context,
        access: AccessTable,
        imports: ImportSet,
        handlers: str,
        *,
        control: Symbol,
        versions: tuple[str, ...],
        has_rows: bool = True,
        is_limited: bool = False,
    ) -> None:
        """Write for one resource or context.

        Args:
            system: The system.
            context: Whose handlers the routes are given.
            access: Who may do what.
            imports: Of the module.
            handlers: Annotation of the handlers.
            control: The permissions that `access` is made into.
            versions: Of the API, that the module's routes are served in.
            has_rows: Whether `access` says who may read, which every reading asks too.
            is_limited: Whether requests of the module are limited.
        """
        self.system = system
        self.context = context
        self.imports = imports
        self._access = access
        self._handlers = handlers
        self._control = control
        self._versions = versions
        self._has_rows = has_rows
        self._is_limited = is_limited

    def support(self, module: str, name: str) -> str:
        """Import a name of the support package and return what it is called here."""
        return self.imports.use(layout.support(self.system, module, name))

    def openapi(self, name: str) -> str:
        """Import a name of `interface.openapi`."""
        return self.support("interface.openapi", name)

    def route(self, asked: Asked) -> Route:
        """Return a route."""
        problems = [*asked.problems, *self._refusals(asked)]
        if asked.body is not None:
            problems += (413, 415, 422)
        if asked.idempotency is not None:
            problems += (400, 409, 422)
        if self._is_limited or asked.limit is not None:
            problems.append(429)
        parameters = ["request: Request", *asked.parameters]
        if asked.body is not None:
            parameters.append(f"data: {asked.body}")
        responses = [*asked.answered, self._problems(problems, asked.codes or {})]
        return Route(
            function=asked.function,
            path=text(asked.path),
            settings=(
                *asked.settings,
                *self._extra(asked),
                f"operation_id={text(self.operation_id(asked.function))}",
                f"responses={' | '.join(responses)}",
            ),
            decorators=tuple(self._decorators(asked)),
            parameters=", ".join((*parameters, f"handlers: {self._handlers}", *asked.options)),
            doc=docstring(asked.doc, indent=4),
            has_body=asked.body is not None,
            checks=asked.checks,
        )

    def _with(self, lifespan: Lifespan) -> tuple[str, ...]:
        known = self.system.api.versions_with(lifespan)
        return tuple(name for name in self._versions if name in known)

    def operation_id(self, function: str) -> str:
        """Return the function's name; overridden where two contexts have such an operation."""
        return function

    def _refusals(self, asked: Asked) -> tuple[int, ...]:
        if self.system.security is None:
            return ()
        test = may_be_forbidden if _is_reading(asked) else may_be_refused
        names = self._operations(asked)
        # A token that is no good is refused everywhere.
        return (401, 403) if any(test(self._access, name) for name in names) else (401,)

    def _operations(self, asked: Asked) -> tuple[str, ...]:
        """Return the operations that whoever asks must be granted."""
        if _is_reading(asked) and self._has_rows and asked.needs_read:
            return tuple(dict.fromkeys((asked.operation, READ)))
        return (asked.operation,)

    def _problems(self, statuses: list[int], codes: Mapping[int, tuple[str, ...]]) -> str:
        listed = ", ".join(str(status) for status in sorted({*statuses, *codes}))
        named = ""
        if codes:
            entries = (
                f"{status}: {tuple_of(map(text, codes[status]))}" for status in sorted(codes)
            )
            named = f", codes={{{', '.join(entries)}}}"
        return f"{self.support('interface.problems', 'problems')}({listed}{named})"

    def _extra(self, asked: Asked) -> tuple[str, ...]:
        extras = list(asked.extras)
        if asked.idempotency is not None:
            required = "required=True" if asked.idempotency else ""
            extras.append(f"{self.openapi('idempotency_key')}({required})")
        if self.system.security is not None and is_public(self._access, asked.operation):
            extras.append(self.openapi("PUBLIC"))
        if not extras:
            return ()
        if len(extras) == 1:
            return (f"openapi_extra={extras[0]}",)
        return (f"openapi_extra={self.openapi('declared')}({', '.join(extras)})",)

    def _decorators(self, asked: Asked) -> list[str]:
        found: list[str] = []
        names = self._operations(asked)
        if self.system.security is not None and not all(
            is_public(self._access, name) for name in names
        ):
            control = self.imports.use(self._control)
            requires = self.support("interface.permission", "requires")
            found.append(f"{requires}({control}, {', '.join(text(name) for name in names)})")
        if asked.limit is not None:
            limited = self.support("interface.rate_limiting", "rate_limited")
            found.append(f"{limited}({self.imports.use(asked.limit)})")
        if asked.deprecation is not None:
            found.append(self._deprecated(asked.deprecation))
        known = self._with(asked.lifespan)
        if known != self._versions:
            served = ", ".join(map(text, known))
            found.append(f"{self.support('interface.versioning', 'served_in')}({served})")
        if asked.idempotency is not None:
            required = "required=True" if asked.idempotency else ""
            found.append(f"{self.support('interface.idempotency', 'idempotent')}({required})")
        return found

    def _deprecated(self, deprecation: Deprecation) -> str:
        arguments: list[str] = []
        if deprecation.reason:
            arguments.append(f"reason={text(deprecation.reason)}")
        for name, day in (("since", deprecation.since), ("sunset", deprecation.sunset)):
            if day is not None:
                arguments.append(f"{name}={day_source(day, self.imports)}")
        mark = self.support("interface.deprecation", "deprecated")
        return f"{mark}({', '.join(arguments)})"


def _is_reading(asked: Asked) -> bool:
    return asked.operation in _READING if asked.is_reading is None else asked.is_reading


def route_tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    """Return the argument of a decorator that adds tags to those of the router; none without."""
    return (f"tags=[{', '.join(text(tag) for tag in tags)}]",) if tags else ()


def routed[MessageT: Command | Query](
    system: System, messages: tuple[MessageT, ...], versions: tuple[str, ...]
) -> tuple[MessageT, ...]:
    """Return the commands or queries that have a route in any of the versions."""
    return tuple(
        one
        for one in messages
        if one.route is not None
        and not set(versions).isdisjoint(system.api.versions_with(one.lifespan))
    )
