"""Where a generated project keeps what: the module and the name of each class, by IR element.

The one place that knows paths of generated modules; every layer's view asks here for what it
imports from another layer.
"""

from collections.abc import Mapping

from apigen.ir.behaviour import Command, Event, Query, Task
from apigen.ir.behaviour_names import (
    command_class,
    event_class,
    payload_class,
    query_class,
    task_class,
)
from apigen.ir.element import Element
from apigen.ir.names import Name
from apigen.ir.system import (
    Child,
    Context,
    CustomRule,
    Entity,
    EnumType,
    ScalarType,
    System,
    UnionVariant,
)
from apigen.python.identifiers import spell_class, spell_module
from apigen.python.imports import Symbol


def context_of(qname: str) -> str:
    """Return the context of a qualified name."""
    return qname.partition(".")[0]


def domain(system: System, context: str, module: str) -> str:
    """Return `shop.domain.orders.aggregates`."""
    return f"{system.app.package}.domain.{spell_module(context)}.{module}"


def application(system: System, context: str, module: str) -> str:
    """Return `shop.application.orders.dtos`."""
    return f"{system.app.package}.application.{spell_module(context)}.{module}"


def persistence(system: System, context: str) -> str:
    """Return `shop.infrastructure.persistence.orders`."""
    return f"{system.app.package}.infrastructure.persistence.{spell_module(context)}"


def locales(system: System) -> Symbol:
    """Return the locales of the project."""
    return Symbol(module=f"{system.app.package}.shared.localization", name="LOCALES")


def support(system: System, module: str, name: str) -> Symbol:
    """Return a name of the vendored support package; `module` is `domain.entity`."""
    return Symbol(module=f"{system.app.package}.support.{module}", name=name)


def entity_class(system: System, qname: str) -> Symbol:
    """Return the class of an aggregate root or of a child."""
    if qname in system.entities:
        name, module = system.entities[qname].name, "aggregates"
    else:
        name, module = system.children[qname].class_name, "entities"
    return Symbol(module=domain(system, context_of(qname), module), name=spell_class(name.pascal))


def owner(system: System, qname: str) -> Entity | Child:
    """Return the entity or child of that qualified name."""
    return system.entities[qname] if qname in system.entities else system.children[qname]


def id_type(system: System, qname: str) -> Symbol:
    """Return the identifier type of an entity or child: `OrderId`."""
    return Symbol(
        module=domain(system, context_of(qname), "value_objects"),
        name=owner(system, qname).identity.type_name,
    )


def value_type(system: System, qname: str) -> Symbol:
    """Return the class, NewType or union of a declared or inline type."""
    return Symbol(
        module=domain(system, context_of(qname), "value_objects"),
        name=spell_class(system.types[qname].name.pascal),
    )


def variant_class(system: System, union: str, variant: UnionVariant) -> Symbol:
    """Return the class of one variant of a union: `PaymentCard`."""
    base = value_type(system, union)
    return Symbol(module=base.module, name=base.name + Name.of(variant.tag).pascal)


def scalar_check(system: System, scalar: ScalarType) -> Symbol:
    """Return the function that checks a value of a named scalar: `check_sku`."""
    return Symbol(
        module=domain(system, context_of(scalar.qname), "value_objects"),
        name=f"check_{scalar.name.snake}",
    )


def repository(system: System, entity: Entity) -> Symbol:
    """Return the repository protocol of an aggregate."""
    return Symbol(
        module=domain(system, entity.context, "repositories"),
        name=f"{entity.name.pascal}Repository",
    )


def unit_of_work(system: System, context: str) -> Symbol:
    """Return the unit-of-work protocol of a context: `ShopUnitOfWork`."""
    return Symbol(
        module=domain(system, context, "repositories"),
        name=f"{Name.of(context).pascal}UnitOfWork",
    )


def dto(system: System, qname: str, suffix: str) -> Symbol:
    """Return a DTO class: `OrderCreate`, `OrderLineRead`, `MoneyDto`, by its suffix."""
    if qname in system.types:
        name = system.types[qname].name
    elif qname in system.entities:
        name = system.entities[qname].name
    else:
        name = system.children[qname].class_name
    return Symbol(
        module=application(system, context_of(qname), "dtos"),
        name=f"{name.pascal}{suffix}{_dto_endings(system, suffix).get(qname, '')}",
    )


def _dto_endings(system: System, suffix: str) -> Mapping[str, str]:
    by_suffix = {"Read": system.read_endings, "Expanded": system.resource_endings}
    return by_suffix.get(suffix, system.input_endings)


def variant_dto(system: System, union: str, variant: UnionVariant, suffix: str = "Dto") -> Symbol:
    """Return the DTO of one variant of a union: `PaymentCardDto`."""
    return Symbol(
        module=application(system, context_of(union), "dtos"),
        name=f"{system.types[union].name.pascal}{Name.of(variant.tag).pascal}{suffix}"
        f"{_dto_endings(system, suffix).get(union, '')}",
    )


def from_dto(system: System, qname: str) -> Symbol:
    """Return the function that makes a value object or union of its DTO: `money_from_dto`."""
    return Symbol(
        module=application(system, context_of(qname), "mappers"),
        name=f"{system.types[qname].name.snake}_from_dto"
        f"{_snake(system.input_endings, system.types[qname])}",
    )


def query(system: System, entity: Entity) -> Symbol:
    """Return the `ResourceQuery` constant of an entity: `ORDERS`."""
    return Symbol(
        module=application(system, entity.context, "queries"),
        name=f"{entity.name.plural_snake}{_snake(system.resource_endings, entity)}".upper(),
    )


def read_mapper(system: System, entity: Entity) -> Symbol:
    """Return the mapper of an aggregate to its read DTO: `ORDER_READ`."""
    return Symbol(
        module=application(system, entity.context, "mappers"),
        name=f"{entity.name.snake}_read{_snake(system.read_endings, entity)}".upper(),
    )


def from_create(system: System, owner: Entity | Child) -> Symbol:
    """Return the function that makes an aggregate or child of its DTO: `order_from_create`."""
    return _mapping(system, owner, "{}_from_create")


def apply_update(system: System, entity: Entity) -> Symbol:
    """Return the function that applies a DTO to an aggregate: `apply_order_update`."""
    return _mapping(system, entity, "apply_{}_update")


def change_child(system: System, child: Child) -> Symbol:
    """Return the function that applies a DTO to a child: `change_order_line`."""
    return _mapping(system, child, "change_{}")


def _mapping(system: System, owner: Entity | Child, form: str) -> Symbol:
    name = owner.name if isinstance(owner, Entity) else owner.class_name
    return Symbol(
        module=application(system, context_of(owner.qname), "mappers"),
        name=form.format(name.snake) + _snake(system.input_endings, owner),
    )


def _snake(endings: Mapping[str, str], element: Element) -> str:
    """Return what names end in that are not in capitals: `_v1`, or nothing."""
    ending = endings.get(element.qname, "")
    return f"_{Name.of(ending).snake}" if ending else ""


def handlers(system: System, context: str, suffix: str = "Handlers") -> Symbol:
    """Return `ShopHandlers`, or `ShopReaders`, of a context."""
    return Symbol(
        module=application(system, context, "handlers"),
        name=f"{Name.of(context).pascal}{suffix}",
    )


def access(system: System, context: str) -> Symbol:
    """Return the class that has what writes of a context are checked with: `ShopAccess`."""
    return Symbol(
        module=application(system, context, "access"), name=f"{Name.of(context).pascal}Access"
    )


def access_constant(system: System, context: str) -> Symbol:
    """Return the one instance of `access`: `SHOP_CHECKS`."""
    return Symbol(
        module=application(system, context, "access"),
        name=f"{Name.of(context).snake.upper()}_CHECKS",
    )


def access_control(system: System, entity: Entity) -> Symbol:
    """Return the permissions on an entity: `ORDER_ACCESS`."""
    return Symbol(
        module=application(system, entity.context, "access"),
        name=f"{entity.name.snake.upper()}_ACCESS",
    )


def context_access_control(system: System, context: str) -> Symbol:
    """Return the permissions on what no entity of a context owns: `SHOP_OPERATIONS_ACCESS`."""
    return Symbol(
        module=application(system, context, "access"),
        name=f"{Name.of(context).snake.upper()}_OPERATIONS_ACCESS",
    )


def row_access(system: System, context: str) -> str:
    """Return the module of the row rules of a context."""
    return f"{persistence(system, context)}.access"


def row_rules(system: System, entity: Entity) -> Symbol:
    """Return the row rules of an entity: `ORDER_ROWS`."""
    return Symbol(
        module=row_access(system, entity.context), name=f"{entity.name.snake.upper()}_ROWS"
    )


def reading(system: System, entity: Entity) -> Symbol:
    """Return who may read which rows of an entity: `ORDER_READING`."""
    return Symbol(
        module=row_access(system, entity.context), name=f"{entity.name.snake.upper()}_READING"
    )


def operations_reading(system: System, context: str) -> Symbol:
    """Return who may ask the queries that no entity of a context owns."""
    return Symbol(
        module=row_access(system, context),
        name=f"{Name.of(context).snake.upper()}_OPERATIONS_READING",
    )


def query_message(system: System, query: Query) -> Symbol:
    """Return the class of a query: `WaitingOrders`."""
    return Symbol(
        module=application(system, query.context, "queries"),
        name=query_class(query, source=_source_name(system, query)),
    )


def query_snake(system: System, query: Query) -> str:
    """Return the name of a query's functions, which is its operation id too: `waiting_orders`."""
    return Name.of(query_message(system, query).name).snake


def custom_question(system: System, query: Query) -> Symbol:
    """Return the hand-written function that answers a query."""
    module = f"{persistence(system, query.context)}.custom.{query_snake(system, query)}"
    return Symbol(module=module, name="answer")


def _source_name(system: System, query: Query) -> Name:
    if query.source in system.entities:
        return system.entities[query.source].name
    return next(
        one.projection.name
        for context in system.contexts
        for one in context.projections
        if one.projection.qname == query.source
    )


def command(system: System, command: Command) -> Symbol:
    """Return the class of a command: `PlaceOrder`."""
    return Symbol(
        module=application(system, command.context, "commands"), name=command_class(command)
    )


def command_input(system: System, command: Command) -> Symbol:
    """Return the DTO of what a client sends with a command: `AddOrderLineInput`."""
    return Symbol(
        module=application(system, command.context, "dtos"),
        name=f"{command_class(command)}Input{system.input_endings.get(command.qname, '')}",
    )


def command_from_input(system: System, command: Command) -> Symbol:
    """Return the function that makes a command of its DTO: `add_order_line_from_input`.

    It takes the key of the owner as `id` (not of factories and commands of a context), the DTO as
    `data` (not of commands without input), and `expected_version` (as the key).
    """
    return Symbol(
        module=application(system, command.context, "mappers"),
        name=f"{Name.of(command_class(command)).snake}_from_input"
        f"{_snake(system.input_endings, command)}",
    )


def custom_handler(system: System, command: Command) -> Symbol:
    """Return the hand-written function that carries a command out."""
    module = Name.of(command_class(command)).snake
    return Symbol(module=application(system, command.context, f"custom.{module}"), name="handle")


def task(system: System, task: Task) -> Symbol:
    """Return the class of a task: `ExpireCartsTask`."""
    return Symbol(module=application(system, task.context, "tasks"), name=task_class(task))


def custom_task(system: System, task: Task) -> Symbol:
    """Return the hand-written function that carries a task out."""
    module = application(system, task.context, f"custom.{task.name.snake}")
    return Symbol(module=module, name="handle")


def custom_rule(system: System, entity: Entity, rule: CustomRule) -> Symbol:
    """Return the hand-written function that checks an invariant of an aggregate."""
    module = f"{entity.name.snake}_{rule.code}"
    return Symbol(module=domain(system, entity.context, f"custom.{module}"), name="check")


def event(system: System, event: Event) -> Symbol:
    """Return the class of an event: `OrderPlacedEvent`."""
    return Symbol(module=domain(system, event.context, "events"), name=event_class(event))


def payload(system: System, event: Event) -> Symbol:
    """Return the class of what an event tells: `OrderPlaced`."""
    return Symbol(module=domain(system, event.context, "events"), name=payload_class(event))


def enums(context: Context) -> tuple[EnumType, ...]:
    """Return the enumerations of a context, declared and inline."""
    return tuple(type_ for type_ in context.types if isinstance(type_, EnumType))
