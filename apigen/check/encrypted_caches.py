"""AG705: answers with encrypted fields that are kept on a server, where they are in the clear."""

from collections.abc import Iterator

from apigen.diagnostics import Diagnostic, Span
from apigen.ir.caching import CacheBackend
from apigen.ir.system import Child, Entity, System
from apigen.ir.types import ManyOf, RefTo


def encrypted_caches(system: System) -> Iterator[Diagnostic]:
    """Yield a finding for each resource and query whose kept answers show encrypted fields."""
    if system.cache is not CacheBackend.REDIS:
        return
    for entity in system.entities.values():
        resource = entity.resource
        if resource is not None and resource.cache is not None:
            shown = {id(one): one for one in _with_owned(entity)}
            for path in resource.expand:
                shown |= {id(one): one for one in _on_path(entity, path, system)}
            yield from _finding(entity.name.text, entity.span, list(shown.values()))
    for query in system.queries:
        source = system.entities.get(query.source)
        if query.cache is not None and source is not None:
            yield from _finding(query.name.text, query.span, list(_with_owned(source)))


def _finding(title: str, span: Span, shown: list[Entity | Child]) -> Iterator[Diagnostic]:
    secret = next(
        (field for one in shown for field in one.fields if field.encrypted and field.reads), None
    )
    if secret is not None:
        yield Diagnostic(
            code="AG705",
            message=f"`{title}` keeps answers on a server, with `{secret.name.text}` in the clear,"
            " which is encrypted at rest",
            span=span,
            help="`cache: false` for it, or `features: { cache: { backend: memory } }`",
        )


def _with_owned(owner: Entity | Child) -> Iterator[Entity | Child]:
    yield owner
    for child in owner.children:
        yield from _with_owned(child)


def _on_path(entity: Entity, path: tuple[str, ...], system: System) -> Iterator[Entity | Child]:
    """Yield what a path of refs, children and inverses embeds."""
    holder: Entity | Child = entity
    for name in path:
        found = _step(holder, name, system)
        if found is None:
            return
        holder = found
        yield from _with_owned(holder)


def _step(holder: Entity | Child, name: str, system: System) -> Entity | Child | None:
    for child in holder.children:
        if child.attribute == name:
            return child
    for field in holder.fields:
        if name in (field.name.text, field.attribute) and isinstance(field.type, RefTo | ManyOf):
            return system.entities.get(field.type.target)
    for inverse in holder.inverses if isinstance(holder, Entity) else ():
        if inverse.attribute == name:
            return system.entities.get(inverse.source)
    return None
