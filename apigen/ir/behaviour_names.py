"""What the classes of commands, queries, events, tasks are called; the same wherever they are met.

Not yet identifiers of Python: that is `apigen.python.identifiers`.
"""

from apigen.ir.behaviour import Command, Event, Query, Task
from apigen.ir.names import Name


def command_class(command: Command) -> str:
    """Return `PlaceOrder` for `Order.place`, `AddOrderLine` for `Order.add_line`.

    The name of the owner comes after the first word; a command of a context has its own name.
    """
    owner = command.owner.rpartition(".")[2] if command.owner is not None else None
    return class_of_command(command.name.text, owner)


def class_of_command(name: str, owner: str | None) -> str:
    """Return the class of a command of this name, of an entity or of a context."""
    spelt = Name.of(name)
    if owner is None:
        return spelt.pascal
    verb = Name.of(spelt.snake.partition("_")[0]).pascal
    return verb + Name.of(owner).pascal + spelt.pascal.removeprefix(verb)


def query_class(query: Query, *, source: Name) -> str:
    """Return `WaitingOrders` for `Order.waiting`; `source` is the name of what it reads.

    A query of a context has its own name.
    """
    return query.name.pascal if query.owner is None else query.name.pascal + source.plural_pascal


def payload_class(event: Event) -> str:
    """Return `OrderPlaced`."""
    return event.name.pascal


def event_class(event: Event) -> str:
    """Return `OrderPlacedEvent`."""
    return f"{event.name.pascal}Event"


def task_class(task: Task) -> str:
    """Return `ExpireCartsTask`."""
    return f"{task.name.pascal}Task"
