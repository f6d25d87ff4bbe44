"""The `compression` key, of the API and of a resource."""

from typing import ClassVar

from apigen.spec.block import Block, key
from apigen.spec.combined import BlockOf, ByKind, ListOf
from apigen.spec.located import Located
from apigen.spec.quantity import Size
from apigen.spec.shape import Flag, Whole, Word
from apigen.values import dataclass

ALGORITHMS = ("zstd", "br", "gzip")


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelsSpec(Block):
    """How hard each algorithm tries."""

    TITLE: ClassVar[str] = "`levels`"

    zstd: Located[int] | None = key(Whole(low=1, high=22))
    br: Located[int] | None = key(Whole(low=0, high=11))
    gzip: Located[int] | None = key(Whole(low=1, high=9))


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceCompressionSpec(Block):
    """How answers of one resource are compressed."""

    TITLE: ClassVar[str] = "`compression` of a resource"

    algorithms: tuple[Located[str], ...] | None = key(ListOf(Word(*ALGORITHMS), lift=True))
    levels: LevelsSpec | None = key(BlockOf(lambda: LevelsSpec, example="{ zstd: 12 }"))
    threshold: Located[int] | None = key(Size())


@dataclass(frozen=True, slots=True, kw_only=True)
class CompressionSpec(ResourceCompressionSpec):
    """How answers are compressed."""

    TITLE: ClassVar[str] = "`compression`"

    dictionary: Located[bool] | None = key(Flag())


COMPRESSION = ByKind[Located[bool] | tuple[Located[str], ...] | CompressionSpec](
    expected="true, false, a list of zstd, br and gzip, or a mapping",
    example="[zstd, br, gzip]",
    truth=Flag(),
    scalar=ListOf(Word(*ALGORITHMS), lift=True),
    sequence=ListOf(Word(*ALGORITHMS)),
    mapping=BlockOf(lambda: CompressionSpec),
)
RESOURCE_COMPRESSION = ByKind[Located[bool] | tuple[Located[str], ...] | ResourceCompressionSpec](
    expected="true, false, a list of zstd, br and gzip, or a mapping",
    example="false",
    truth=Flag(),
    scalar=ListOf(Word(*ALGORITHMS), lift=True),
    sequence=ListOf(Word(*ALGORITHMS)),
    mapping=BlockOf(lambda: ResourceCompressionSpec),
)
