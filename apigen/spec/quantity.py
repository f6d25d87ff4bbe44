"""Shapes of amounts written with a unit: durations, sizes, and settings from the environment."""

import re

from apigen.diagnostics.collector import Collector
from apigen.ir.types import Json
from apigen.source.node import Node, ScalarNode
from apigen.spec.located import Located
from apigen.spec.shape import Place, Shape

_DURATION = re.compile(r"([0-9]{1,9})(ms|s|m|h|d)")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_SIZE = re.compile(r"([0-9]{1,9})(kb|mb|gb|b)")
_BYTES = {"b": 1, "kb": 1024, "mb": 1024**2, "gb": 1024**3}
_ENV = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]{0,99}")


class Duration(Shape[Located[float]]):
    """`500ms 30s 5m 2h 7d`, in seconds."""

    expected = "a duration"
    example = "30s"

    def read(self, node: Node, place: Place, found: Collector) -> Located[float] | None:
        """Return seconds; AG607 for an unreadable duration."""
        if not isinstance(node, ScalarNode) or node.value is None:
            self.refuse(node, place, found)
            return None
        match = _DURATION.fullmatch(node.raw)
        if match is None:
            bad_literal(node, "a duration", "500ms 30s 5m 2h 7d", found)
            return None
        return Located(value=int(match[1]) * _SECONDS[match[2]], span=node.span)

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return {"type": "string", "pattern": f"^{_DURATION.pattern}$"}


class Size(Shape[Located[int]]):
    """`10kb 5mb 1gb`, in bytes."""

    expected = "a size"
    example = "1mb"

    def read(self, node: Node, place: Place, found: Collector) -> Located[int] | None:
        """Return bytes; AG607 for an unreadable size."""
        if not isinstance(node, ScalarNode) or node.value is None:
            self.refuse(node, place, found)
            return None
        match = _SIZE.fullmatch(node.raw)
        if match is None:
            bad_literal(node, "a size", "10kb 5mb 1gb", found)
            return None
        return Located(value=int(match[1]) * _BYTES[match[2]], span=node.span)

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return {"type": "string", "pattern": f"^{_SIZE.pattern}$"}


class Environment(Shape[Located[str]]):
    """`env:NAME`, the name of an environment variable: a secret is never written in a spec."""

    expected = "the name of an environment variable"

    def __init__(self, *, example: str = "env:DATABASE_URL") -> None:
        """Show `example` to whoever writes something else."""
        self.example = example

    def read(self, node: Node, place: Place, found: Collector) -> Located[str] | None:
        """Return the variable's name; AG703 for a literal."""
        if not isinstance(node, ScalarNode) or node.value is None:
            self.refuse(node, place, found)
            return None
        if not _ENV.fullmatch(node.raw):
            found.error(
                "AG703",
                f"`{place.key}` is never written in the spec",
                node.span,
                help=f"name an environment variable: `{place.key}: {self.example}`",
            )
            return None
        return Located(value=node.raw.removeprefix("env:"), span=node.span)

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return {"type": "string", "pattern": f"^{_ENV.pattern}$"}


def bad_literal(node: ScalarNode, kind: str, examples: str, found: Collector) -> None:
    """Report AG607."""
    found.error("AG607", f"`{node.raw}` is not {kind}", node.span, help=f"such as {examples}")
