"""The drawings that `apigen graph` writes: entities, layers, lifecycles, as Mermaid and as SVG."""

from apigen.graph.entities import entity_diagram
from apigen.graph.entity_drawing import draw_entities
from apigen.graph.layer_drawing import draw_layers
from apigen.graph.layers import layering
from apigen.graph.lifecycles import lifecycles
from apigen.graph.mermaid import class_diagram, flowchart, state_diagram
from apigen.graph.state_drawing import draw_lifecycles
from apigen.ir.system import System


def entity_svg(system: System) -> str:
    """Return the entities, children and value objects of `system` and how they relate, as SVG."""
    return draw_entities(entity_diagram(system))


def entity_mermaid(system: System) -> str:
    """Return the same as a Mermaid class diagram."""
    return class_diagram(entity_diagram(system))


def layer_svg(system: System) -> str:
    """Return the layers of the project, and what they hold of each context, as SVG."""
    return draw_layers(layering(system))


def layer_mermaid(system: System) -> str:
    """Return the same as a Mermaid flowchart."""
    return flowchart(layering(system))


def state_svg(system: System) -> str:
    """Return the states of every entity with a lifecycle, and what moves it, as SVG."""
    return draw_lifecycles(lifecycles(system))


def state_mermaid(system: System) -> str:
    """Return the same as a Mermaid state diagram."""
    return state_diagram(lifecycles(system))
