"""The slots of the header of a function or a class."""

import ast
import re

from apigen.merge.python.items import Nodes, parameters
from apigen.merge.python.slot import Slot, argument_groups, closing, listed_slot, open_bracket
from apigen.merge.python.source import Source

_KEYWORDS = re.compile(r"(?:async[\s\\]+)?(?:def|class)[\s\\]+")


def _type_parameters(
    source: Source, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, after: int
) -> Slot | None:
    start = after + 1
    end = closing(source, start, source.start(node.body[0]))
    groups: list[tuple[tuple[str, ...], Nodes]] = [
        (("type", "".join(source.norm(source.start(each), source.end(each)))), (each,))
        for each in node.type_params
    ]
    return None if end is None else listed_slot(source, "types", start, end, groups)


def _name_slot(source: Source, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Slot:
    found = _KEYWORDS.match(source.text, source.start(node))
    assert found is not None
    return Slot(source=source, name="name", start=found.end(), end=found.end() + len(node.name))


def _name_and_types(
    source: Source, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
) -> list[Slot]:
    """Give the name and the type parameters, nothing when these can not be placed."""
    name = _name_slot(source, node)
    if not node.type_params:
        return [name]
    types = _type_parameters(source, node, name.end)
    return [] if types is None else [name, types]


def function_slots(
    source: Source, node: ast.FunctionDef | ast.AsyncFunctionDef
) -> tuple[Slot, ...]:
    """Give name, type parameters, parameters and what it returns."""
    found = _name_and_types(source, node)
    if not found:
        return ()
    after = found[-1].end + (1 if node.type_params else 0)
    stop = source.start(node.body[0])
    opening = open_bracket(source, after, stop, "(")
    end = None if opening is None else closing(source, opening, stop)
    if opening is None or end is None:
        return ()
    listed = parameters(source, node.args, opening, end)
    if listed is None:
        return ()
    found.append(
        Slot(source=source, name="parameters", start=opening - 1, end=end + 1, items=listed)
    )
    if node.returns:
        found.append(
            Slot(
                source=source,
                name="returns",
                start=source.start(node.returns),
                end=source.end(node.returns),
                node=node.returns,
                prefix=" -> ",
                optional=True,
            )
        )
    return tuple(found)


def class_slots(source: Source, node: ast.ClassDef) -> tuple[Slot, ...]:
    """Give name, type parameters and bases."""
    found = _name_and_types(source, node)
    if not found:
        return ()
    after = found[-1].end + (1 if node.type_params else 0)
    groups = argument_groups(source, node.bases, node.keywords)
    if source.text[after] == "(":
        end = closing(source, after + 1, source.start(node.body[0]))
        listed = None if end is None else listed_slot(source, "bases", after + 1, end, groups)
        if listed is None or end is None:
            return ()
        found.append(
            Slot(
                source=source,
                name="bases",
                start=after,
                end=end + 1,
                items=listed.items,
                optional=True,
            )
        )
    return tuple(found)
