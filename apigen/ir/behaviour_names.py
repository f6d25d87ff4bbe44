"""What the classes of commands, queries and events are called; the same wherever they are met.

Not yet identifiers of Python: that is `apigen.python.identifiers`.
"""

from apigen.ir.behaviour import Command, Event, Query
from apigen.ir.names import Name


def command_class(command: Command) -> str:
    """Return `PlaceOrder` for `Order.place`, `AddOrderLine` for `Order.add_line`.

    The name of the owner comes after the first word; a command of a context has its own name.
    """
    if command.owner is None:
        return command.name.pascal
    verb = Name.of(command.name.snake.partition("_")[0]).pascal
    owner = Name.of(command.owner.rpartition(".")[2]).pascal
    return verb + owner + command.name.pascal.removeprefix(verb)


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
