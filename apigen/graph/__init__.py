"""Draw a system: its entities, their lifecycles, and the layers of the project made from it."""

from apigen.graph.diagrams import (
    entity_mermaid,
    entity_svg,
    layer_mermaid,
    layer_svg,
    state_mermaid,
    state_svg,
)

__all__ = [
    "entity_mermaid",
    "entity_svg",
    "layer_mermaid",
    "layer_svg",
    "state_mermaid",
    "state_svg",
]
