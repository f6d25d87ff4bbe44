"""How answers are compressed, in general and by resource."""

from apigen.diagnostics.collector import Collector
from apigen.ir.system import Compression
from apigen.spec.compression import CompressionSpec, ResourceCompressionSpec
from apigen.spec.located import Located

type Written = Located[bool] | tuple[Located[str], ...] | ResourceCompressionSpec | None


def compression(spec: Written, default: Compression | None, found: Collector) -> Compression | None:
    """Return how answers are compressed; what is not said is as in `default`.

    Args:
        spec: What is written; nothing where nothing is.
        default: How it is where nothing is written; None: not at all.
        found: Takes AG607 for a level of an algorithm that is not offered, and for two of one.
    """
    usual = default or Compression()
    match spec:
        case None:
            return default
        case Located(value=is_on):
            return usual if is_on else None
        case tuple():
            return _of(usual, algorithms=_distinct(spec, found) or usual.algorithms)
        case _:
            pass
    algorithms = _distinct(spec.algorithms or (), found) or usual.algorithms
    levels = dict(usual.levels)
    for name in ("zstd", "br", "gzip"):
        level: Located[int] | None = getattr(spec.levels, name, None)
        if level is None:
            continue
        if name not in algorithms:
            found.error(
                "AG607",
                f"`{name}` has a level, and is not offered",
                level.span,
                help=f"add it: `algorithms: [{', '.join((*algorithms, name))}]`, or leave it out",
            )
        levels[name] = level.value
    dictionary = usual.dictionary
    if isinstance(spec, CompressionSpec) and spec.dictionary is not None:
        dictionary = spec.dictionary.value
        if dictionary and "zstd" not in algorithms:
            found.error(
                "AG607",
                "a dictionary is for `zstd`, which is not offered",
                spec.dictionary.span,
                help=f"add it: `algorithms: [zstd, {', '.join(algorithms)}]`",
            )
    return Compression(
        algorithms=algorithms,
        levels=tuple((name, levels[name]) for name in algorithms if name in levels),
        threshold_bytes=spec.threshold.value
        if spec.threshold is not None
        else usual.threshold_bytes,
        dictionary=dictionary,
    )


def _of(usual: Compression, *, algorithms: tuple[str, ...]) -> Compression:
    levels = dict(usual.levels)
    return Compression(
        algorithms=algorithms,
        levels=tuple((name, levels[name]) for name in algorithms if name in levels),
        threshold_bytes=usual.threshold_bytes,
        dictionary=usual.dictionary,
    )


def _distinct(words: tuple[Located[str], ...], found: Collector) -> tuple[str, ...]:
    names: list[str] = []
    for word in words:
        if word.value in names:
            found.error("AG607", f"`{word.value}` is offered twice", word.span)
        else:
            names.append(word.value)
    return tuple(names)
