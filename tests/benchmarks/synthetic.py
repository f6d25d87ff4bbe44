"""Write a spec of any size: the same number, the same text.

Every entity has ten fields of the usual types and two relations, one to an entity before it and
one, optional, to any entity of its context, itself and later ones included. Contexts hold 25.
"""

from collections.abc import Iterator

LARGEST = 1000
_PER_CONTEXT = 25

_FIRST = [
    "Open",
    "Prime",
    "Local",
    "Urgent",
    "Annual",
    "Basic",
    "Central",
    "Digital",
    "Early",
    "Final",
    "Global",
    "Hidden",
    "Inner",
    "Joint",
    "Known",
    "Later",
    "Major",
    "Narrow",
    "Outer",
    "Plain",
    "Quick",
    "Rapid",
    "Silent",
    "Total",
    "Upper",
]
_SECOND = [
    "Order",
    "Product",
    "Customer",
    "Invoice",
    "Payment",
    "Shipment",
    "Category",
    "Supplier",
    "Contract",
    "Project",
    "Ticket",
    "Account",
    "Address",
    "Branch",
    "Campaign",
    "Delivery",
    "Employee",
    "Facility",
    "Goal",
    "Holiday",
    "Incident",
    "Journey",
    "Key",
    "Lesson",
    "Meeting",
    "Note",
    "Offer",
    "Policy",
    "Quote",
    "Report",
    "Schedule",
    "Task",
    "Unit",
    "Vehicle",
    "Warehouse",
    "Zone",
    "Budget",
    "Course",
    "Device",
    "Event",
]

_FIELDS = (
    "title: str(1..120) search sort",
    "code: str(3..20) unique",
    "description: text?",
    "quantity: int(0..100000) = 0",
    "price: decimal(0..) = 0",
    "is_active: bool = true",
    "starts_on: date?",
    "happened_at: datetime?",
    "contact: email?",
    "stage: enum(draft|open|closed) = draft",
)


def names(count: int) -> tuple[str, ...]:
    """Return `count` distinct entity names.

    Raises:
        ValueError: `count` is not within 1 and `LARGEST`.
    """
    if not 1 <= count <= LARGEST:
        message = f"can not name {count} entities, only 1 to {LARGEST}"
        raise ValueError(message)
    every = [first + second for first in _FIRST for second in _SECOND]
    return tuple(every[:count])


def spec(count: int) -> str:
    """Return a spec of `count` entities."""
    return "\n".join((*_head(), *_contexts(names(count)))) + "\n"


def with_field(text: str, name: str) -> str:
    """Return the spec with one more field in its first entity.

    Raises:
        ValueError: the text is no synthetic spec.
    """
    before, found, after = text.partition("description: text?\n")
    if not found:
        message = "this is no synthetic spec"
        raise ValueError(message)
    indent = before.rpartition("\n")[2]
    return f"{before}{found}{indent}{name}: text?\n{after}"


def _head() -> Iterator[str]:
    yield "apigen: 1"
    yield "app: synthetic"


def _contexts(entities: tuple[str, ...]) -> Iterator[str]:
    if len(entities) <= _PER_CONTEXT:
        yield "entities:"
        yield from _entities(entities, indent="  ")
        return
    yield "contexts:"
    for start in range(0, len(entities), _PER_CONTEXT):
        yield f"  part{start // _PER_CONTEXT + 1}:"
        yield "    entities:"
        yield from _entities(entities[start : start + _PER_CONTEXT], indent="      ")


def _entities(entities: tuple[str, ...], *, indent: str) -> Iterator[str]:
    for index, name in enumerate(entities):
        before = entities[index // 2]
        anywhere = entities[(index * 7 + 3) % len(entities)]
        optional = "?" if before == name else ""
        yield f"{indent}{name}:"
        yield f"{indent}  fields:"
        for field in _FIELDS:
            yield f"{indent}    {field}"
        yield f"{indent}    belongs_to: ref({before}){optional} inverse={_inverse(name)}"
        yield f"{indent}    related: ref({anywhere})? on_delete=set_null"


def _inverse(name: str) -> str:
    small = "".join(f"_{char.lower()}" if char.isupper() else char for char in name).strip("_")
    return f"{small}_members"
