"""What the template of `application/<context>/handlers.py` is given: services and readers."""

from apigen.ir.system import Context, Entity, System
from apigen.python import layout
from apigen.python.identifiers import spell
from apigen.python.imports import ImportSet
from apigen.python.literals import docstring, text, tuple_of
from apigen.values import dataclass
from apigen.views.application.commands import commands_of
from apigen.views.application.dtos import has_service
from apigen.views.application.files import (
    FileService,
    deletes_rows,
    file_fields,
    file_service_attribute,
    file_services,
)
from apigen.views.application.mappers import (
    create_dtos,
    create_function,
    update_dtos,
    update_function,
)
from apigen.views.application.validators import validators_source
from apigen.views.nouns import noun
from apigen.views.read_entities import queries_of, read_entities, with_projections


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The service of one aggregate that can be changed."""

    attribute: str
    """Its name on the handlers: `orders`."""
    alias: str
    """`OrderService`."""
    hooks: str
    """`ORDER_HOOKS`."""
    arguments: str
    """Type arguments of the service."""
    hook_arguments: str
    settings: tuple[str, ...]
    """Arguments of its constructor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Something that the handlers are made of."""

    name: str
    type: str


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
    has_services: bool
    services: tuple[Service, ...]
    files: tuple[FileService, ...]
    has_readers: bool
    readers_class: str
    readers_doc: str
    readers: tuple[Reader, ...]
    buses: tuple[Given, ...]
    parameters: tuple[Given, ...]
    """Of the function that puts them together."""
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
    services = tuple(_service(system, entity, unit, access, imports) for entity in served)
    files = file_services(system, context, unit, access, imports)
    readers = tuple(
        Reader(
            attribute=f"{entity.name.snake}_reader",
            source=spell(entity.name.plural_snake),
            id=imports.use(layout.id_type(system, entity.qname)),
        )
        for entity in read
    )
    buses = tuple(
        Given(name=name, type=imports.use(layout.support(system, "application.buses", bus)))
        for name, bus, is_there in (
            ("commands", "CommandBus", commands_of(context)),
            ("queries", "QueryBus", queries_of(context)),
        )
        if is_there
    )
    parameters = [*buses]
    if services:
        callable_ = imports.add("collections.abc", "Callable")
        parameters.append(Given(name="unit_of_work", type=f"{callable_}[[], {unit}]"))
    if access:
        parameters.append(Given(name="access", type=access))
    if readers:
        parameters.append(Given(name="readers", type=readers_class))
    if files:
        storage = imports.use(layout.support(system, "application.files", "StorageBackend"))
        parameters.append(Given(name="storage", type=storage))
    name = noun(context.name)
    return HandlerModule(
        doc=docstring(f"What can be done in {name}: everything the interface may call."),
        imports=imports.render(),
        has_services=bool(services),
        services=services,
        files=files,
        has_readers=bool(readers),
        readers_class=readers_class,
        readers_doc=docstring(
            f"The read side of {name}, provided by the infrastructure.", indent=4
        ),
        readers=readers,
        buses=buses,
        parameters=tuple(parameters),
        handlers_class=handlers_class,
        handlers_doc=docstring(f"What the interface may call in {name}.", indent=4),
        function=function,
        function_doc=docstring(f"Put the handlers of {name} together.", indent=4),
    )


def _service(system: System, entity: Entity, unit: str, access: str, imports: ImportSet) -> Service:
    root = imports.use(layout.entity_class(system, entity.qname))
    id_type = imports.use(layout.id_type(system, entity.qname))
    create = create_dtos(system, entity, imports)
    update = update_dtos(system, entity, imports)
    attribute = spell(entity.name.plural_snake)
    hooks = f"{entity.name.snake.upper()}_HOOKS"
    settings = [
        f"resource={text(noun(entity.name))}",
        "unit_of_work=unit_of_work",
        f"repository=lambda work: work.{attribute}",
        f"build={imports.use(create_function(system, entity))}",
        f"change={imports.use(update_function(system, entity))}",
        f"hooks={hooks}",
    ]
    validators, removed = validators_source(system, entity, imports), _removed(entity)
    settings += [f"validators={validators}"] if validators else []
    settings += [f"access=access.{attribute}"] if access else []
    settings += [f"removed={removed}"] if removed else []
    return Service(
        attribute=attribute,
        alias=f"{entity.name.pascal}Service",
        hooks=hooks,
        arguments=f"{unit}, {root}, {id_type}, {create}, {update}",
        hook_arguments=f"{root}, {create}, {update}",
        settings=tuple(settings),
    )


def _removed(entity: Entity) -> str:
    if not deletes_rows(entity):
        return ""
    told = [f"{file_service_attribute(entity, field)}.release" for field in file_fields(entity)]
    return tuple_of(told) if told else ""


def handlers_attribute(context: Context) -> str:
    """Return where the handlers of a context are kept: `shop_handlers`."""
    return f"{context.name.snake}_handlers"
