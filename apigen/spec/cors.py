"""The `cors` key, of the API and of a resource."""

from typing import ClassVar

from apigen.spec.block import Block, key
from apigen.spec.combined import ListOf, SwitchOf
from apigen.spec.located import Located
from apigen.spec.quantity import Duration
from apigen.spec.shape import Flag, Text
from apigen.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CorsSpec(Block):
    """Which pages of other origins may call; of `custom` ones a function decides."""

    TITLE: ClassVar[str] = "`cors`"

    origins: tuple[Located[str], ...] | None = key(
        ListOf(Text(example="https://example.org"), lift=True), required=True
    )
    credentials: Located[bool] | None = key(Flag())
    max_age: Located[float] | None = key(Duration())


CORS = SwitchOf(lambda: CorsSpec, example="{ origins: [https://example.org] }")
