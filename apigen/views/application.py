"""What the template of `application/<context>/handlers.py` is given: services and readers."""

from apigen.ir.system import Context, Entity, System
from apigen.python import layout
from apigen.python.identifiers import spell
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring, text
from apigen.values import dataclass
from apigen.views.commands import commands_of
from apigen.views.domain import noun
from apigen.views.dtos import has_service
from apigen.views.mappers import create_dtos, create_function, update_dtos, update_function
from apigen.views.read_entities import queries_of, read_entities, with_projections


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The service of one aggregate that can be changed."""

    attribute: str
    """Its name on the handlers: `orders`."""
    repository: str
    """Its repository's name on the unit of work."""
    alias: str
    """`OrderService`."""
    hooks: str
    """`ORDER_HOOKS`."""
    arguments: str
    """Type arguments of the service."""
    hook_arguments: str
    resource: str
    build: str
    change: str
    validators: str
    """Source of a tuple of the functions that check it beside itself; empty without any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """The reader of one resource."""

    attribute: str
    """Its name on the handlers: `order_reader`."""
    source: str
    """Its name on the readers: `orders`."""
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerModule:
    """handlers.py of a context."""

    doc: str
    imports: tuple[str, ...]
    unit_of_work: str
    access: str
    """Class that has the permissions of the context; empty when nothing is asked."""
    has_services: bool
    services: tuple[Service, ...]
    has_readers: bool
    readers_class: str
    readers_doc: str
    readers: tuple[Reader, ...]
    has_commands: bool
    has_queries: bool
    handlers_class: str
    handlers_doc: str
    function: str
    function_doc: str


def handler_module(system: System, context: Context) -> HandlerModule:
    """Return the view of handlers.py; only for a context with entities."""
    snake = context.name.snake
    system = with_projections(system)
    module = layout.application(system, snake, "handlers")
    served = [entity for entity in context.entities if has_service(entity)]
    read = read_entities(system, context)
    readers_class = layout.handlers(system, snake, "Readers").name
    handlers_class = layout.handlers(system, snake).name
    function = f"{snake}_handlers"
    defined = [readers_class, handlers_class, function]
    defined += [f"{entity.name.pascal}Service" for entity in served]
    imports = ImportSet(module, defined)
    imports.add("dataclasses", "dataclass")
    if read:
        imports.use(layout.support(system, "application.queries", "ResourceReader"))
    unit = ""
    if served:
        imports.add("collections.abc", "Callable")
        imports.use(layout.support(system, "application.service", "GenericService"))
        imports.use(layout.support(system, "application.service", "ServiceHooks"))
        unit = imports.use(layout.unit_of_work(system, snake))
    access = ""
    if system.security is not None and (served or commands_of(context)):
        access = imports.use(layout.access(system, snake))
    services = tuple(_service(system, entity, unit, imports) for entity in served)
    readers = tuple(
        Reader(
            attribute=f"{entity.name.snake}_reader",
            source=spell(entity.name.plural_snake),
            id=imports.use(layout.id_type(system, entity.qname)),
        )
        for entity in read
    )
    has_commands = bool(commands_of(context))
    if has_commands:
        imports.use(layout.support(system, "application.buses", "CommandBus"))
    has_queries = bool(queries_of(context))
    if has_queries:
        imports.use(layout.support(system, "application.buses", "QueryBus"))
    name = noun(context.name)
    return HandlerModule(
        doc=docstring(f"What can be done in {name}: everything the interface may call."),
        imports=imports.render(),
        unit_of_work=unit,
        access=access,
        has_services=bool(services),
        services=services,
        has_readers=bool(readers),
        readers_class=readers_class,
        readers_doc=docstring(
            f"The read side of {name}, provided by the infrastructure.", indent=4
        ),
        readers=readers,
        has_commands=has_commands,
        has_queries=has_queries,
        handlers_class=handlers_class,
        handlers_doc=docstring(f"What the interface may call in {name}.", indent=4),
        function=function,
        function_doc=docstring(f"Put the handlers of {name} together.", indent=4),
    )


def _service(system: System, entity: Entity, unit: str, imports: ImportSet) -> Service:
    root = imports.use(layout.entity_class(system, entity.qname))
    id_type = imports.use(layout.id_type(system, entity.qname))
    create = create_dtos(system, entity, imports)
    update = update_dtos(system, entity, imports)
    return Service(
        attribute=spell(entity.name.plural_snake),
        repository=spell(entity.name.plural_snake),
        alias=f"{entity.name.pascal}Service",
        hooks=f"{entity.name.snake.upper()}_HOOKS",
        arguments=f"{unit}, {root}, {id_type}, {create}, {update}",
        hook_arguments=f"{root}, {create}, {update}",
        resource=text(noun(entity.name)),
        build=imports.use(create_function(system, entity)),
        change=imports.use(update_function(system, entity)),
        validators=validators_source(system, entity, imports),
    )


def validators_source(system: System, entity: Entity, imports: ImportSet) -> str:
    """Return source of the hand-written rules of an aggregate; empty without any."""
    found: list[str] = []
    for rule in entity.custom_invariants:
        symbol = layout.custom_rule(system, entity, rule)
        package, _, module = symbol.module.rpartition(".")
        found.append(f"{imports.add(package, module)}.{symbol.name}")
    return f"({', '.join(found)},)" if found else ""
