"""What interface/api/rate_limits.py and the routes are given of limits."""

from collections.abc import Iterator

from apigen.ir.behaviour import Command, Query
from apigen.ir.limits import RateLimit
from apigen.ir.system import Context, Entity, System
from apigen.python import layout
from apigen.python.imports import ImportSet, Symbol
from apigen.python.literals import text
from apigen.values import dataclass
from apigen.views.read_entities import read_entities
from apigen.views.versions.endings import eve

API_LIMIT = "API_LIMIT"


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitConstant:
    """A limit in interface/api/rate_limits.py."""

    name: str
    source: str
    doc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimitModule:
    """interface/api/rate_limits.py."""

    imports: tuple[str, ...]
    limits: tuple[LimitConstant, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimitTests:
    """tests/e2e/test_rate_limits.py."""

    package: str
    present: bool
    """Whether the tests are at a certain time."""


def is_limited(system: System) -> bool:
    """Tell whether requests of the project's API are limited."""
    return system.has_rate_limits and any(True for _ in _limits(system))


def rate_limit_module(system: System) -> RateLimitModule:
    """Return the view of interface/api/rate_limits.py."""
    limits = tuple(_limits(system))
    imports = ImportSet(_module(system), defined=tuple(constant for constant, *_ in limits))
    gate = imports.use(layout.support(system, "interface.rate_limiting", "RateGate"))
    return RateLimitModule(
        limits=tuple(
            LimitConstant(
                name=constant,
                source=f"{gate}({_source(system, name, limit, imports)})",
                doc=doc,
            )
            for constant, name, doc, limit in limits
        ),
        imports=imports.render(),
    )


def rate_limit_tests(system: System) -> RateLimitTests:
    """Return what is tested of limits."""
    return RateLimitTests(package=system.app.package, present=eve(system) is not None)


def api_limit(system: System) -> Symbol | None:
    """Return the limit of all that have none of their own, if there is one."""
    if system.api.rate_limit is None or not is_limited(system):
        return None
    return Symbol(module=_module(system), name=API_LIMIT)


def resource_limit(system: System, entity: Entity) -> Symbol | None:
    """Return what limits the requests of a resource, when it is not what limits others."""
    resource = entity.resource
    if resource is None or not resource.limits_itself:
        return None
    if resource.rate_limit is None:
        # Nothing to let through where nothing is limited.
        if system.api.rate_limit is None:
            return None
        return layout.support(system, "interface.routing", "no_gate")
    return Symbol(module=_module(system), name=_constant(_resource_name(system, entity)))


def message_limit(system: System, message: Command | Query) -> Symbol | None:
    """Return what limits the requests of a command or query, when it has a limit of its own."""
    if message.route is None or message.route.rate_limit is None:
        return None
    return Symbol(module=_module(system), name=_constant(_message_name(system, message)))


def _limits(system: System) -> Iterator[tuple[str, str, str, RateLimit]]:
    """Yield constant, name, what is limited, and the limit; each name once."""
    if system.api.rate_limit is not None and any(
        _is_served(system, one) for one in system.contexts
    ):
        yield (
            API_LIMIT,
            "api",
            "Requests of all that have no limit of their own.",
            (system.api.rate_limit),
        )
    for context in system.contexts:
        messages: list[Command | Query] = [*context.commands, *context.queries]
        for entity in read_entities(system, context):
            if entity.resource is None:
                continue
            messages += [*entity.commands, *entity.queries]
            limit = entity.resource.rate_limit
            if limit is not None and entity.resource.limits_itself:
                name = _resource_name(system, entity)
                label = entity.name.plural_snake.replace("_", " ")
                yield _constant(name), name, f"Requests of {label}.", limit
        for message in messages:
            if message.route is not None and message.route.rate_limit is not None:
                name = _message_name(system, message)
                doc = f"Requests of `{message.qname.partition('.')[2]}`."
                yield _constant(name), name, doc, message.route.rate_limit


def _is_served(system: System, context: Context) -> bool:
    stated: tuple[Command | Query, ...] = (*context.commands, *context.queries)
    return any(one.route is not None for one in stated) or any(
        entity.resource is not None for entity in read_entities(system, context)
    )


def _module(system: System) -> str:
    return f"{system.app.package}.interface.api.rate_limits"


def _resource_name(system: System, entity: Entity) -> str:
    prefix = f"{entity.context}." if len(system.contexts) > 1 else ""
    return f"{prefix}{entity.name.plural_snake}"


def _message_name(system: System, message: Command | Query) -> str:
    owner = message.owner
    if owner is None:
        return f"{message.context}.{message.name.snake}"
    prefix = f"{message.context}." if len(system.contexts) > 1 else ""
    return f"{prefix}{_snake(owner.partition('.')[2])}.{message.name.snake}"


def _snake(name: str) -> str:
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in name).lstrip("_")


def _constant(name: str) -> str:
    return f"{name.replace('.', '_').upper()}_LIMIT"


def _source(system: System, name: str, limit: RateLimit, imports: ImportSet) -> str:
    kind, rate, algorithm, subject = (
        imports.use(layout.support(system, "application.rate_limits", one))
        for one in ("RateLimit", "Rate", "RateAlgorithm", "RateSubject")
    )
    rates = ", ".join(
        f"{text(tier)}: {rate}({one.limit}, {one.period_s})" for tier, one in limit.rates
    )
    return (
        f"{kind}(name={text(name)}, algorithm={algorithm}.{limit.algorithm.upper()}, "
        f"by={subject}.{limit.by.upper()}, rates={{{rates}}})"
    )
