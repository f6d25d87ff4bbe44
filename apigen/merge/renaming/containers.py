"""What lists, mappings and the like give: their elements, and what their methods return."""

from dataclasses import replace

from apigen.merge.renaming.classes import Type, Types

SEQUENCES = frozenset(
    {
        "list",
        "set",
        "frozenset",
        "tuple",
        "deque",
        "Sequence",
        "MutableSequence",
        "Collection",
        "Iterable",
        "Iterator",
        "Set",
        "AbstractSet",
        "MutableSet",
        "AsyncIterable",
        "AsyncIterator",
        "Generator",
        "AsyncGenerator",
    }
)
MAPPINGS = frozenset({"dict", "defaultdict", "OrderedDict", "Mapping", "MutableMapping"})


def of_mapping(owner: Type, name: str) -> Types:
    """Return what a method of a mapping is; `made`: calling it gives an instance of the rest."""
    if owner.kind != "instance" or owner.name not in MAPPINGS or len(owner.args) != 2:
        return ()
    match name:
        case "values":
            return (Type(kind="made", name="list", args=(owner.args[1],)),)
        case "items":
            pair = Type(kind="instance", name="tuple", args=owner.args)
            return (Type(kind="made", name="list", args=((pair,),)),)
        case "get" | "pop" | "setdefault":
            return tuple(replace(one, kind="made") for one in owner.args[1])
        case _:
            return ()


def item(owner: Type, index: int) -> Types:
    """Return what unpacking gives at an index."""
    if owner.name == "tuple" and index < len(owner.args):
        return owner.args[index]
    return first(owner)


def first(owner: Type) -> Types:
    """Return what iterating gives."""
    return owner.args[0] if owner.args and owner.name in SEQUENCES | MAPPINGS else ()
