# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The composition root: the place to replace parts of the wiring by your own."""

from shop.core.settings import Settings
from shop.wiring import Wiring, wire


def bootstrap(settings: Settings) -> Wiring:
    """Put the project together; `container.override` exchanges how a part is made."""
    container = wire(settings)
    return container.resolve(Wiring)
