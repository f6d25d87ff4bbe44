"""What generated code knows of languages: the locales, and where texts have several."""

from collections.abc import Iterator

from apigen.ir.field import Field
from apigen.ir.system import Child, Entity, System
from apigen.ir.types import LocalizedText
from apigen.python import layout
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring, literal, text, tuple_of
from apigen.values import dataclass
from apigen.views.paths import relation, resolve


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalizationModule:
    """shared/localization of a project with localized texts."""

    doc: str
    imports: tuple[str, ...]
    default: str
    """Literal."""
    chains: tuple[str, ...]
    """Items of a mapping."""


def localization_module(system: System) -> LocalizationModule:
    """Return the view of the package."""
    imports = ImportSet(f"{system.app.package}.shared.localization", ["LOCALES"])
    imports.use(layout.support(system, "core.languages", "Locales"))
    return LocalizationModule(
        doc=docstring(
            "The languages of this project.\n\n"
            "Messages are in English, and programs go by their codes; texts of the domain have a"
            " form for each locale."
        ),
        imports=imports.render(),
        default=literal(system.i18n.default, imports),
        chains=tuple(
            f"{literal(locale, imports)}: {tuple_of(map(text, chain))}"
            for locale, chain in system.i18n.chains.items()
        ),
    )


def has_localized_texts(system: System) -> bool:
    """Tell whether any field has a text for each locale."""
    owners: tuple[Entity | Child, ...] = (*system.entities.values(), *system.children.values())
    if any(is_localized(field) for owner in owners for field in owner.fields):
        return True
    inputs = (field for command in system.commands for field in command.input)
    payloads = (field for event in system.events for field in event.payload)
    return any(is_localized(field) for field in (*inputs, *payloads))


def is_localized(field: Field) -> bool:
    """Tell whether a field has a text for each locale."""
    return isinstance(field.type, LocalizedText)


def shows_localized(owner: Entity | Child) -> bool:
    """Tell whether documents of an entity or child have localized texts in them."""
    return any(is_localized(field) and field.reads for field in owner.fields) or any(
        shows_localized(child) for child in owner.children
    )


def holds_localized(owner: Entity | Child) -> bool:
    """Tell whether an entity or child has localized texts, shown or not."""
    return any(map(is_localized, owner.fields)) or any(map(holds_localized, owner.children))


def reading_context(owner: Entity, system: System, imports: ImportSet) -> str:
    """Return the argument that says which locale plain texts are of, if that is asked."""
    if not holds_localized(owner):
        return ""
    key = imports.use(layout.support(system, "domain.localized", "DEFAULT_LOCALE"))
    return f", context={{{key}: {text(system.i18n.default)}}}"


def reads_localized(system: System, owner: Entity | Child) -> bool:
    """Tell whether rows are shown, found or put in order by localized texts."""
    if any(is_localized(field) for field in owner.fields):
        return True
    resource = owner.resource if isinstance(owner, Entity) else None
    if resource is None or not isinstance(owner, Entity):
        return False
    paths = (*(one.path for one in resource.filters), *resource.sorts)
    return any(is_localized(resolve(system, owner, path).field) for path in paths)


def answers_localized(system: System, entity: Entity) -> bool:
    """Tell whether answers of a resource may have localized texts in them."""
    paths = entity.resource.expand if entity.resource is not None else ()
    return shows_localized(entity) or any(
        shows_localized(target) for path in paths for target in _embedded(system, entity, path)
    )


def _embedded(system: System, owner: Entity, path: tuple[str, ...]) -> Iterator[Entity | Child]:
    at: Entity | Child = owner
    for name in path:
        at = layout.owner(system, relation(system, at, name).target)
        yield at
