"""The `rate_limit` key: of the API, a resource, a command or a query."""

import re
from typing import ClassVar

from apigen.diagnostics.collector import Collector
from apigen.ir.limits import Rate
from apigen.ir.types import Json
from apigen.source.node import Node, ScalarNode
from apigen.spec.block import Block, key
from apigen.spec.combined import BlockOf, ByKind, MapOf
from apigen.spec.located import Located, Named
from apigen.spec.quantity import bad_literal
from apigen.spec.shape import Flag, Place, Shape, Word
from apigen.values import dataclass

_RATE = re.compile(r"([0-9]{1,9})/(s|min|h|d)")
_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86_400}


class RateShape(Shape[Located[Rate]]):
    """`100/s 60/min 10/h 5/d`."""

    expected = "a rate"
    example = "60/min"

    def read(self, node: Node, place: Place, found: Collector) -> Located[Rate] | None:
        """Return the rate; AG607, and any rate, for one that is unreadable or allows nothing."""
        if not isinstance(node, ScalarNode) or node.value is None:
            self.refuse(node, place, found)
            return None
        match = _RATE.fullmatch(node.raw)
        if match is None:
            bad_literal(node, "a rate", "100/s 60/min 10/h 5/d", found)
            return _some_rate(node)
        limit = int(match[1])
        if limit == 0:
            found.error(
                "AG607",
                f"`{node.raw}` allows nothing",
                node.span,
                help="who may not do something at all is said in `access`",
            )
            return _some_rate(node)
        return Located(value=Rate(limit=limit, period_s=_SECONDS[match[2]]), span=node.span)

    def schema(self) -> dict[str, Json]:
        """Describe it."""
        return {"type": "string", "pattern": f"^{_RATE.pattern}$"}


def _some_rate(node: Node) -> Located[Rate]:
    """Return a rate in the place of one that was refused, so that there is one."""
    return Located(value=Rate(limit=1, period_s=1), span=node.span)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimitSpec(Block):
    """How often who may ask."""

    TITLE: ClassVar[str] = "`rate_limit`"

    algorithm: Located[str] | None = key(Word("sliding_window", "token_bucket", "fixed_window"))
    by: Located[str] | None = key(Word("user", "ip", planned=("api_key", "tenant")))
    limits: tuple[Named[Located[Rate]], ...] | None = key(
        MapOf(
            RateShape(),
            what="roles to rates",
            example="{ anonymous: 60/min, authenticated: 600/min }",
        ),
        required=True,
    )


RATE_LIMIT = ByKind[Located[bool] | Located[Rate] | RateLimitSpec](
    expected="a rate, false, or a mapping of algorithm, by and limits",
    example="{ limits: { anonymous: 60/min, authenticated: 600/min } }",
    truth=Flag(),
    scalar=RateShape(),
    mapping=BlockOf(lambda: RateLimitSpec),
)
MESSAGE_RATE_LIMIT = ByKind[Located[Rate] | RateLimitSpec](
    expected="a rate, or a mapping of algorithm, by and limits",
    example="10/min",
    scalar=RateShape(),
    mapping=BlockOf(lambda: RateLimitSpec),
)
