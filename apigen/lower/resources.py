"""The REST surface of entities: operations, paths, filters, sorts, expansions."""

from apigen.diagnostics import Span
from apigen.diagnostics.near import did_you_mean, nearest
from apigen.ir.expr import SqlSupport
from apigen.ir.field import Field, FilterOp, Surface
from apigen.ir.system import (
    Child,
    Entity,
    Filterable,
    ObjectStore,
    ObjectType,
    Operation,
    Resource,
)
from apigen.ir.types import ManyOf, ObjectRef, RefTo, Scalar, plain_type
from apigen.lower.caching import resource_cache
from apigen.lower.compression import compression
from apigen.lower.cors import cors_itself, resource_cors
from apigen.lower.defaults import type_name
from apigen.lower.encryption import BLIND_OPS, unfit_for
from apigen.lower.filters import in_order, is_sortable, possible_filters, sort_path
from apigen.lower.rate_limits import limits_itself, rate_limit
from apigen.lower.scalars import TEXTUAL
from apigen.lower.settings import bad_path, is_path, page_sizes, paging
from apigen.lower.workspace import Workspace
from apigen.spec.entities import (
    ApiEntitySpec,
    EntityDefaultsSpec,
    EntityIdempotencySpec,
    OperationsSpec,
)
from apigen.spec.located import Located

_DEFAULT = (
    Operation.LIST,
    Operation.GET,
    Operation.CREATE,
    Operation.UPDATE,
    Operation.DELETE,
)
_CREATES = (Operation.CREATE, Operation.BULK_CREATE)
_CHANGES = (Operation.UPDATE, Operation.REPLACE, Operation.BULK_UPDATE)


def resource(
    entity: Entity, spec: EntityDefaultsSpec, entities: dict[str, Entity], work: Workspace
) -> Resource | None:
    """Return the resource of an entity, None for `api: false`."""
    default = work.settings.entity.api if work.settings.entity is not None else None
    chosen = spec.api if spec.api is not None else default
    if isinstance(chosen, Located) and not chosen.value:
        _refuse_cache(entity, spec, work)
        return None
    api = chosen if isinstance(chosen, ApiEntitySpec) else ApiEntitySpec(span=entity.span)
    operations, export = _operations(entity, api, work)
    lookup = _Paths(entity, entities, work)
    honoured, required = _idempotency(api, work)
    leaving = entity.lifespan.deprecated
    return Resource(
        path=_path(entity, api, work),
        tags=tuple(dict.fromkeys(tag.value for tag in api.tags)) if api.tags else (_title(entity),),
        nested_under=_nested_under(entity, api, work),
        operations=operations,
        export=export,
        paging=page_sizes(
            api.page_size, paging(api.pagination, work.settings.paging, work.found), work.found
        ),
        filters=_filters(entity, api, lookup),
        sorts=_sorts(entity, api, lookup, work),
        search=_search(entity, api, work),
        expand=tuple(
            path for name in api.expand or () if (path := lookup.expansion(name)) is not None
        ),
        body_limit_bytes=api.body_limit.value if api.body_limit is not None else None,
        cors=resource_cors(api.cors, work.settings.cors, work.found),
        cors_itself=cors_itself(api.cors, work.settings.cors),
        rate_limit=rate_limit(api.rate_limit, work.rate_limit, work),
        limits_itself=limits_itself(api.rate_limit),
        compression=compression(api.compression, work.settings.compression, work.found),
        idempotency=honoured,
        idempotency_required=required,
        deprecated=leaving is not None,
        sunset=leaving.sunset if leaving is not None else None,
        cache=resource_cache(
            api.cache,
            spec.cache,
            work.settings.entity.cache if work.settings.entity is not None else None,
            work=work,
        ),
    )


def _refuse_cache(entity: Entity, spec: EntityDefaultsSpec, work: Workspace) -> None:
    """Report AG607 for answers that are to be kept of what answers nothing."""
    if spec.cache is not None and not (isinstance(spec.cache, Located) and not spec.cache.value):
        work.found.error(
            "AG607",
            f"`cache` keeps what a resource answers, and `{entity.name.text}` is none",
            spec.cache.span,
            help="remove it, or `api: false`; a query has a `cache` of its own",
        )


def _idempotency(api: ApiEntitySpec, work: Workspace) -> tuple[bool, bool]:
    """Return whether `Idempotency-Key` is honoured, and whether it is required."""
    general = work.settings.idempotency
    chosen = api.idempotency
    if isinstance(chosen, Located) and not chosen.value:
        return False, False
    if chosen is None and general is None:
        return False, False
    required = general is not None and general.required
    if isinstance(chosen, EntityIdempotencySpec) and chosen.required is not None:
        required = chosen.required.value
    return True, required


def _title(entity: Entity) -> str:
    return " ".join(entity.name.plural_snake.split("_")).capitalize()


def _path(entity: Entity, api: ApiEntitySpec, work: Workspace) -> str:
    kebab = work.settings.naming.path == "kebab"
    derived = "/" + (entity.name.plural_kebab if kebab else entity.name.plural_snake)
    if api.path is None:
        return derived
    if not is_path(api.path.value):
        bad_path(api.path, work.found)
        return derived
    return api.path.value


def _operations(
    entity: Entity, api: ApiEntitySpec, work: Workspace
) -> tuple[tuple[Operation, ...], tuple[str, ...]]:
    asked: dict[Operation, Span] = {}
    wanted = set(_DEFAULT)
    if entity.soft_delete is not None and entity.soft_delete.restore:
        wanted.add(Operation.RESTORE)
    can_change = any(Surface.UPDATE in field.writes for field in entity.fields) or any(
        child.nested.value == "write" for child in entity.children
    )
    if not can_change:
        wanted.discard(Operation.UPDATE)
    if any(command.creates for command in entity.commands):
        wanted.discard(Operation.CREATE)
    export: tuple[str, ...] = ("csv", "json")
    spec = api.operations
    if isinstance(spec, tuple):
        asked = {Operation(word.value): word.span for word in spec}
        wanted = set(asked)
    elif isinstance(spec, OperationsSpec):
        for operation in Operation:
            name = "list_" if operation is Operation.LIST else operation.value
            value: Located[bool] | tuple[Located[str], ...] | None = getattr(spec, name, None)
            if value is None:
                continue
            if isinstance(value, Located) and not value.value:
                wanted.discard(operation)
                continue
            wanted.add(operation)
            if isinstance(value, tuple):
                export = tuple(dict.fromkeys(word.value for word in value))
                asked[operation] = value[0].span if value else spec.span
            else:
                asked[operation] = value.span
    for operation, span in asked.items():
        why, help = _impossible(operation, entity, can_change=can_change)
        if why:
            wanted.discard(operation)
            work.found.error(
                "AG601",
                f"operation `{operation.value}` is impossible for `{entity.name.text}`: {why}",
                span,
                help=help,
            )
    ordered = tuple(operation for operation in Operation if operation in wanted)
    return ordered, export if Operation.EXPORT in wanted else ()


def _impossible(operation: Operation, entity: Entity, *, can_change: bool) -> tuple[str, str]:
    if operation is Operation.RESTORE:
        if entity.soft_delete is None:
            return "deleted rows are gone", "switch on `soft_delete: true`"
        if not entity.soft_delete.restore:
            return "`soft_delete` has `restore: false`", "remove one of the two"
    if operation is Operation.HISTORY and not (
        entity.audit is not None or (entity.lifecycle is not None and entity.lifecycle.history)
    ):
        return "no past is kept", "add `audit: true`, or `history: true` to its `lifecycle`"
    if operation in _CREATES and any(command.creates for command in entity.commands):
        factory = next(command for command in entity.commands if command.creates)
        return f"`{factory.name.text}` makes it", "leave it out: the command has a route of its own"
    if operation in _CHANGES and not can_change:
        return "no field may change", "leave it out, or make a field changeable"
    return "", ""


def _nested_under(entity: Entity, api: ApiEntitySpec, work: Workspace) -> str | None:
    name = api.nested_under
    if name is None:
        return None
    refs = [field for field in entity.fields if isinstance(field.type, RefTo)]
    for field in refs:
        if name.value in (field.name.text, field.attribute):
            if field.nullable:
                work.found.error(
                    "AG602",
                    f"`{name.value}` may be null, so rows without it would have no path",
                    name.span,
                    help="make the ref required, or remove `nested_under`",
                )
                return None
            return field.attribute
    if work.is_poisoned(entity.qname, name.value.removesuffix("_id")):
        return None
    work.found.error(
        "AG309",
        f"no ref `{name.value}` in `{entity.name.text}`",
        name.span,
        help=did_you_mean(nearest(name.value, [field.name.text for field in refs]))
        or "`nested_under` names a `ref` field of this entity",
    )
    return None


def _filters(entity: Entity, api: ApiEntitySpec, lookup: "_Paths") -> tuple[Filterable, ...]:
    found: dict[tuple[str, ...], set[FilterOp]] = {
        (field.attribute,): set(field.filter) for field in entity.fields if field.filter
    }
    for named in api.filters or ():
        resolved = lookup.leaf(named.name, "filter")
        if resolved is None:
            continue
        path, field = resolved
        possible = {*(possible_filters(field.type) if field.encrypted is None else BLIND_OPS)}
        if field.nullable:
            possible.add(FilterOp.IS_NULL)
        ops = found.setdefault(path, set())
        for word in named.value:
            op = FilterOp(word.value)
            if op in possible:
                ops.add(op)
            else:
                lookup.cannot(
                    "filter",
                    named.name.value,
                    f"`{op.value}` has no meaning for {type_name(field.type)}",
                    word.span,
                )
    return tuple(Filterable(path=path, ops=in_order(ops)) for path, ops in found.items() if ops)


def _sorts(
    entity: Entity, api: ApiEntitySpec, lookup: "_Paths", work: Workspace
) -> tuple[tuple[str, ...], ...]:
    found: dict[tuple[str, ...], None] = {
        sort_path(field, work): None for field in entity.fields if field.sort
    }
    for name in api.sort or ():
        resolved = lookup.leaf(name, "sort")
        if resolved is None:
            continue
        path, field = resolved
        if not is_sortable(field.type):
            why = f"a {type_name(field.type)} has no order"
            lookup.cannot("sort", name.value, why, name.span)
            continue
        found[path] = None
    return tuple(found)


def _search(entity: Entity, api: ApiEntitySpec, work: Workspace) -> tuple[str, ...]:
    flagged = tuple(field.attribute for field in entity.fields if field.search)
    if api.search is None:
        return flagged
    if not api.search.value:
        return ()
    if flagged:
        return flagged
    texts = tuple(
        field.attribute
        for field in entity.fields
        if field.reads
        and field.computed is None
        and field.pii is None
        and field.encrypted is None
        and isinstance(type_ := plain_type(field.type), Scalar)
        and type_.kind in TEXTUAL
    )
    if not texts:
        work.found.error(
            "AG601",
            f"search is impossible for `{entity.name.text}`: it has no text to look in",
            api.search.span,
            help="remove `search`",
        )
    return texts


def _is_beyond_sql(field: Field) -> bool:
    computed = field.computed
    return computed is not None and not field.stored and computed.sql is SqlSupport.NONE


class _Paths:
    """Paths from one entity over refs, many, value objects and children."""

    def __init__(self, entity: Entity, entities: dict[str, Entity], work: Workspace) -> None:
        self._entity = entity
        self._entities = entities
        self._work = work

    def leaf(self, name: Located[str], verb: str) -> tuple[tuple[str, ...], Field] | None:
        """Return the path and its last field; AG309 for unknown names, AG603 for unfit ones."""
        fields: tuple[Field, ...] = self._entity.fields
        title = self._entity.name.text
        path: list[str] = []
        parts = name.value.split(".")
        owner = self._entity.qname
        for position, part in enumerate(parts):
            field = _named(part, fields)
            if field is None:
                if not self._work.is_poisoned(owner, part.removesuffix("_id")):
                    self._unknown(part, title, fields, name)
                return None
            is_last = position == len(parts) - 1
            if not field.reads:
                self.cannot(verb, name.value, f"`{part}` is never shown", name.span)
                return None
            if is_last:
                if isinstance(field.type, ObjectRef):
                    why = "name one of its parts"
                    self.cannot(verb, name.value, why, name.span)
                    return None
                secret = unfit_for(field, verb)
                if secret:
                    self.cannot(verb, name.value, secret, name.span, is_secret=True)
                    return None
                if _is_beyond_sql(field):
                    why = "the database cannot work it out"
                    self.cannot(verb, name.value, why, name.span)
                    return None
                return (*path, field.attribute), field
            path.append(field.name.text)
            if isinstance(field.type, ManyOf) and verb == "sort":
                why = f"`{part}` has many values"
                self.cannot(verb, name.value, why, name.span)
                return None
            inner = self._inside(field)
            if inner is None:
                self.cannot(verb, name.value, f"`{part}` has no parts", name.span)
                return None
            owner, title, fields = inner
        return None

    def _inside(self, field: Field) -> tuple[str, str, tuple[Field, ...]] | None:
        """Return qualified name, name and fields of what a field leads to."""
        match field.type:
            case RefTo(target=target) | ManyOf(target=target):
                entity = self._entities.get(target)
                if entity is not None:
                    return target, entity.name.text, entity.fields
            case ObjectRef(target=target):
                declared = self._work.types.get(target)
                if isinstance(declared, ObjectType) and declared.store is ObjectStore.COLUMNS:
                    return target, declared.name.text, declared.fields
        return None

    def expansion(self, name: Located[str]) -> tuple[str, ...] | None:
        """Return a path of refs, many, children and inverses, as written."""
        holder: Entity | Child = self._entity
        parts = name.value.split(".")
        for position, part in enumerate(parts):
            target = self._step(holder, part)
            if target is None:
                if not self._work.is_poisoned(holder.qname, part):
                    self._unknown_step(holder, part, name)
                return None
            is_child = isinstance(target, Child)
            if is_child and position == len(parts) - 1:
                self._work.found.error(
                    "AG309",
                    f"`{name.value}` is part of `{self._entity.name.text}` and always there",
                    name.span,
                    help=f"expand what it refers to, such as `{name.value}.<ref>`",
                )
                return None
            holder = target
        return tuple(parts)

    def _step(self, holder: Entity | Child, part: str) -> Entity | Child | None:
        for child in holder.children:
            if child.attribute == part:
                return child
        for field in holder.fields:
            if field.name.text == part and isinstance(field.type, RefTo | ManyOf) and field.reads:
                return self._entities.get(field.type.target)
        if isinstance(holder, Entity):
            for inverse in holder.inverses:
                if inverse.attribute == part:
                    return self._entities.get(inverse.source)
        return None

    def _unknown_step(self, holder: Entity | Child, part: str, name: Located[str]) -> None:
        known = [child.attribute for child in holder.children]
        known += [f.name.text for f in holder.fields if isinstance(f.type, RefTo | ManyOf)]
        title = holder.name.text if isinstance(holder, Entity) else holder.class_name.text
        self._work.found.error(
            "AG309",
            f"nothing to expand named `{part}` in `{title}`",
            name.span,
            help=did_you_mean(nearest(part, known)) or "`expand` follows refs, many and inverses",
        )

    def _unknown(
        self, part: str, title: str, fields: tuple[Field, ...], name: Located[str]
    ) -> None:
        known = [field.name.text for field in fields]
        self._work.found.error(
            "AG309",
            f"no field `{part}` in `{title}`",
            name.span,
            help=did_you_mean(nearest(part, known)) or "a path follows refs: `customer.name`",
        )

    def cannot(
        self, verb: str, name: str, why: str, span: Span, *, is_secret: bool = False
    ) -> None:
        """Report AG603; AG705 for a sort by what is encrypted."""
        help = "remove it from the list"
        if is_secret and verb == "filter":
            help = "`encrypted: {blind_index: true}` allows `eq`"
        code = "AG705" if is_secret and verb == "sort" else "AG603"
        self._work.found.error(code, f"cannot {verb} by `{name}`: {why}", span, help=help)


def _named(part: str, fields: tuple[Field, ...]) -> Field | None:
    for field in fields:
        if part in (field.name.text, field.attribute):
            return field
    return None
