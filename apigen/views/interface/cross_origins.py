"""What interface/cross_origins.py is given: which pages of other origins may call what."""

from collections.abc import Iterator

from apigen.ir.system import Cors, System
from apigen.python import layout
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring, text
from apigen.values import dataclass
from apigen.views.interface.resources import Served, prefix_of, served


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossOriginsModule:
    """interface/cross_origins.py."""

    package: str
    imports: tuple[str, ...]
    default: str
    """Source of the rules of all that has none of its own."""
    resources: tuple[tuple[str, str], ...]
    """Literal of a path, and source of its rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginsStub:
    """interface/origins.py, which its owner fills in."""

    doc: str
    """Docstring."""


def has_custom_origins(system: System) -> bool:
    """Tell whether a function of the owner's decides of origins."""
    rules = [system.api.cors, *(one.resource.cors for one in _own(system))]
    return any(one is not None and one.custom for one in rules)


def cross_origins_module(system: System) -> CrossOriginsModule:
    """Return the view of interface/cross_origins.py."""
    package = system.app.package
    imports = ImportSet(f"{package}.interface.cross_origins", defined=("cross_origins",))
    imports.add(f"{package}.core.settings", "Settings")
    imports.use(layout.support(system, "interface.cors", "CrossOrigins"))
    default = "None"
    if system.api.cors is not None:
        chosen = (
            "origins=settings.cors_origins",
            *_check(system, system.api.cors, imports),
            "credentials=settings.cors.credentials",
            "max_age_s=settings.cors.max_age_s",
        )
        default = f"{_policy(system, imports)}({', '.join(chosen)})"
    return CrossOriginsModule(
        package=package,
        default=default,
        resources=tuple(
            (
                text(path),
                _source(system, one.resource.cors, imports) if one.resource.cors_itself else "api",
            )
            for one in _told_apart(system)
            for path in _paths(system, one)
        ),
        imports=imports.render(),
    )


def origins_stub(system: System) -> OriginsStub:
    """Return the view of interface/origins.py."""
    title = " ".join(system.app.title.split())
    return OriginsStub(
        doc=docstring(f"Whose pages may call {title}, beside those that the spec names. Yours.")
    )


def _own(system: System) -> list[Served]:
    return [one for one in served(system) if one.resource.cors_itself]


def _told_apart(system: System) -> Iterator[Served]:
    """Yield the resources with rules of their own, and those below their paths."""
    own = [prefix_of(system, one) for one in _own(system)]
    for one in served(system):
        prefix = prefix_of(system, one)
        if one.resource.cors_itself or any(prefix.startswith(f"{above}/") for above in own):
            yield one


def _paths(system: System, one: Served) -> Iterator[str]:
    """Yield the paths of a resource, as clients write them."""
    prefix = prefix_of(system, one)
    names = system.api.versions_with(one.entity.lifespan)
    for root in dict.fromkeys(system.api.root_of(name) for name in names):
        yield f"{root}{prefix}"


def _source(system: System, cors: Cors | None, imports: ImportSet) -> str:
    if cors is None:
        return "None"
    origins = "".join(f"{text(origin)}, " for origin in cors.origins)
    arguments = [f"origins=({origins})", *_check(system, cors, imports)]
    if cors.credentials:
        arguments.append("credentials=True")
    if cors.max_age_s != Cors().max_age_s:
        arguments.append(f"max_age_s={cors.max_age_s}")
    return f"{_policy(system, imports)}({', '.join(arguments)})"


def _check(system: System, cors: Cors, imports: ImportSet) -> tuple[str, ...]:
    if not cors.custom:
        return ()
    check = imports.add(f"{system.app.package}.interface.origins", "is_allowed_origin")
    return (f"check={check}",)


def _policy(system: System, imports: ImportSet) -> str:
    return imports.use(layout.support(system, "interface.cors", "CorsPolicy"))
