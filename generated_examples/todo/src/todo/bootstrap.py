# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The composition root: the place to replace parts of the wiring by your own."""

from todo.core.settings import Settings
from todo.wiring import Wiring, wire


def bootstrap(settings: Settings) -> Wiring:
    """Put the project together; `dataclasses.replace` exchanges a part."""
    return wire(settings)
