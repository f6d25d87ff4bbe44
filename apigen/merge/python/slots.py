"""The parts of a statement or an expression that are merged on their own.

A slot is a span with a name; what stands between slots is glue. Two versions of a node with the
same slots and the same glue differ only within slots.
"""

import ast
from collections.abc import Iterable

from apigen.merge.python.header_slots import class_slots, function_slots
from apigen.merge.python.items import Element, Nodes
from apigen.merge.python.slot import Slot, argument_groups, listed_slot, open_bracket, words
from apigen.merge.python.source import Located, Source


def _located(node: ast.AST) -> Iterable[Located]:
    for child in ast.iter_child_nodes(node):
        if hasattr(child, "lineno"):
            yield child  # type: ignore[misc] # what has a line is Located
        else:
            yield from _located(child)


def slots(source: Source, node: ast.AST) -> tuple[Slot, ...]:
    """Give the slots of a node in the order of the text; none for a leaf."""

    def part(name: str, child: Located | None, prefix: str = "") -> list[Slot]:
        if child is None:
            return []
        return [
            Slot(
                source=source,
                name=name,
                start=source.start(child),
                end=source.end(child),
                node=child,
                prefix=prefix,
                optional=bool(prefix),
            )
        ]

    def some(found: Slot | None) -> list[Slot]:
        return [found] if found else []

    match node:
        case ast.Call():
            function = part("function", node.func)
            opening = open_bracket(source, function[0].end, source.end(node), "(")
            if opening is None:
                return ()
            groups = argument_groups(source, node.args, node.keywords)
            listed = some(listed_slot(source, "arguments", opening, source.end(node) - 1, groups))
            return tuple(function + listed) if listed else ()
        case ast.List() | ast.Set() | ast.Tuple():
            start, end = source.start(node), source.end(node)
            bracketed = source.text[start] in "([{" and not (
                isinstance(node, ast.Tuple) and node.elts and source.start(node.elts[0]) == start
            )
            groups = [(("item", *words(source, each)), (each,)) for each in node.elts]
            return tuple(
                some(
                    listed_slot(
                        source,
                        "items",
                        start + bracketed,
                        end - bracketed,
                        groups,
                        is_bracketed=bracketed,
                        keeps_comma=isinstance(node, ast.Tuple),
                    )
                )
            )
        case ast.Dict():
            groups = [
                (("key", *words(source, key)), (key, value))
                if key
                else (("unpacked", *words(source, value)), (value,))
                for key, value in zip(node.keys, node.values, strict=True)
            ]
            return tuple(
                some(
                    listed_slot(
                        source, "items", source.start(node) + 1, source.end(node) - 1, groups
                    )
                )
            )
        case ast.AnnAssign():
            return (
                *part("target", node.target),
                *part("annotation", node.annotation),
                *part("value", node.value, " = "),
            )
        case ast.Return():
            return tuple(part("value", node.value, " "))
        case ast.Import() | ast.ImportFrom():
            return tuple(some(_names(source, node)))
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return function_slots(source, node)
        case ast.ClassDef():
            return class_slots(source, node)
        case ast.If() | ast.While():
            return tuple(part("test", node.test))
        case ast.For() | ast.AsyncFor():
            return (*part("target", node.target), *part("iter", node.iter))
        case ast.With() | ast.AsyncWith():
            located = [each for item in node.items for each in _located(item)]
        case ast.ExceptHandler():
            return tuple(part("type", node.type, " "))
        case ast.match_case():
            return (*part("pattern", node.pattern), *part("guard", node.guard, " if "))
        case ast.Constant() | ast.Name() | ast.JoinedStr() | ast.Lambda() | ast.Match():
            return ()
        case _:
            located = list(_located(node))
    located.sort(key=source.start)
    return tuple(each for index, child in enumerate(located) for each in part(str(index), child))


def _names(source: Source, node: ast.Import | ast.ImportFrom) -> Slot | None:
    groups: list[tuple[tuple[str, ...], Nodes]] = [
        (("name", alias.name, alias.asname or ""), (alias,)) for alias in node.names
    ]
    start, end = source.start(node.names[0]), source.end(node.names[-1])
    opening = open_bracket(source, source.start(node), start, "(")
    if opening is None:
        return listed_slot(source, "names", start, end, groups, is_bracketed=False)
    return listed_slot(source, "names", opening, source.end(node) - 1, groups)


def element_slots(element: Element) -> tuple[Slot, ...]:
    """Give the slots of an element of a list: name, annotation and default; key and value."""
    source = element.source

    def part(name: str, node: Located | None, prefix: str = "") -> list[Slot]:
        if node is None:
            return []
        start, end = source.start(node), source.end(node)
        return [
            Slot(
                source=source,
                name=name,
                start=start,
                end=end,
                node=node,
                prefix=prefix,
                optional=bool(prefix),
            )
        ]

    if element.key[0] == "parameter" and element.nodes:
        argument = element.nodes[0]
        assert isinstance(argument, ast.arg)
        start = source.start(argument)
        default = element.nodes[1] if len(element.nodes) > 1 else None
        return (
            Slot(source=source, name="name", start=start, end=start + len(argument.arg)),
            *part("annotation", argument.annotation, ": "),
            *part("default", default, " = " if argument.annotation else "="),
        )
    return tuple(
        each for index, node in enumerate(element.nodes) for each in part(str(index), node)
    )
