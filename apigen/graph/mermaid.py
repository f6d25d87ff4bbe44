"""Write diagrams in Mermaid's notation, which Markdown viewers such as GitHub's draw.

Whatever comes from a spec is either an identifier made of ASCII letters and digits here, or
escaped character by character: Mermaid reads `#59;` as a character and never as its syntax.
"""

import re
from itertools import pairwise

from apigen.graph.diagram import Box, BoxKind, Diagram, Edge, EdgeKind, End
from apigen.graph.layers import Layer, Layering
from apigen.graph.lifecycles import Lifecycles, StateChart

_ARROWS = {
    EdgeKind.REF: "-->",
    EdgeKind.MANY: "--",
    EdgeKind.CHILD: "*--",
    EdgeKind.VALUE: "-->",
    EdgeKind.ID: "..>",
}
_HARMLESS = frozenset(" .,_?=-/|[]·…▸")


def escaped(text: str) -> str:
    """Return `text` on one line, safe in a label, a member or a quoted string."""
    return "".join(
        char if (char.isalnum() or char in _HARMLESS) else f"#{ord(char)};"
        for char in " ".join(text.split())
    )


def identifier(text: str, taken: set[str]) -> str:
    """Return an identifier near to `text` that is not in `taken`, and add it there."""
    stem = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_") or "x"
    # A capital keeps clear of Mermaid's own words, which are all written small.
    stem = stem[0].upper() + stem[1:] if stem[0].isalpha() else f"N{stem}"
    found, number = stem, 2
    while found in taken:
        found, number = f"{stem}_{number}", number + 1
    taken.add(found)
    return found


def class_diagram(diagram: Diagram) -> str:
    """Return a class diagram: a namespace a context, a class a box, a relation an edge."""
    taken: set[str] = set()
    names = {box.key: identifier(box.key, taken) for box in diagram.boxes}
    lines = ["classDiagram", "  direction LR"]
    for group in diagram.groups:
        inside = [box for box in diagram.boxes if box.group == group.key]
        lines.append(f"  namespace {identifier(group.title, taken)} {{")
        for box in inside:
            lines += [f"    {line}" for line in _class(box, names[box.key])]
        lines.append("  }")
    lines += [f"  {_relation(edge, names)}" for edge in diagram.edges]
    return "\n".join(lines) + "\n"


def _class(box: Box, name: str) -> list[str]:
    head = f'class {name}["{escaped(box.title)}"]'
    members = [_stereotype(box.kind)] if box.kind is not BoxKind.AGGREGATE else []
    for row in box.rows:
        # Mermaid takes a member with parentheses for a method.
        shown = row.type.replace("(", "[").replace(")", "]")
        members.append(escaped(" ".join(part for part in (shown, row.name, row.mark) if part)))
    if not members:
        return [head]
    return [f"{head} {{", *(f"  {member}" for member in members), "}"]


def _stereotype(kind: BoxKind) -> str:
    return f"<<{kind}>>"


def _relation(edge: Edge, names: dict[str, str]) -> str:
    parts = (
        names[edge.source],
        _counted(edge.source_end),
        _ARROWS[edge.kind],
        _counted(edge.target_end),
        names[edge.target],
        ":",
        escaped(edge.label),
    )
    return " ".join(part for part in parts if part)


def _counted(end: End) -> str:
    return f'"{end}"' if end is not End.NONE else ""


def flowchart(layering: Layering) -> str:
    """Return a flowchart: a subgraph a layer, a node a context in it, arrows downwards."""
    taken: set[str] = set()
    lines = ["flowchart TB"]
    for layer in layering.layers:
        lines.append(f'  subgraph {_floor(layer)}["{escaped(layer.name)}"]')
        contents = [(cell.title, cell.lines) for cell in layer.cells] or [("", (layer.duty,))]
        for heading, inside in contents:
            name = identifier(f"{layer.name}_{heading}", taken)
            words = "<br/>".join(escaped(line) for line in (heading, *inside) if line)
            lines.append(f'    {name}["{words}"]')
        lines.append("  end")
    lines += [
        f"  {_floor(upper)} --> {_floor(lower)}" for upper, lower in pairwise(layering.layers)
    ]
    for layer in layering.layers:
        if layer.support:
            name = identifier(layer.support, taken)
            lines.append(f'  {_floor(layer)} -.-> {name}[("{escaped(layer.support)}")]')
    return "\n".join(lines) + "\n"


def _floor(layer: Layer) -> str:
    return f"Layer_{layer.name}"


def state_diagram(found: Lifecycles) -> str:
    """Return a state diagram: a composite state an entity, an arrow a move."""
    taken: set[str] = set()
    lines = ["stateDiagram-v2"]
    for chart in found.charts:
        lines.append(f'  state "{escaped(chart.title)}" as {identifier(chart.key, taken)} {{')
        lines += [f"    {line}" for line in _chart(chart, taken)]
        lines.append("  }")
    return "\n".join(lines) + "\n"


def _chart(chart: StateChart, taken: set[str]) -> list[str]:
    names = {state.name: identifier(f"{chart.key}_{state.name}", taken) for state in chart.states}
    return [
        *(f'state "{escaped(state.name)}" as {names[state.name]}' for state in chart.states),
        *(f"[*] --> {names[state.name]}" for state in chart.states if state.is_initial),
        *(
            f"{names[one.source]} --> {names[one.target]} : {escaped(one.label)}"
            for one in chart.transitions
        ),
        *(f"{names[state.name]} --> [*]" for state in chart.states if state.is_final),
    ]
