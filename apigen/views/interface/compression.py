"""What interface/api/compression.py and the routers of resources are given of compression."""

from apigen.ir.system import Compression, Resource, System
from apigen.python import layout
from apigen.python.imports import ImportSet
from apigen.python.literals import tuple_of
from apigen.values import dataclass
from apigen.views.infrastructure.persistence import has_readers

_ENCODERS = {
    "zstd": ("interface.zstd_encoder", "ZstdEncoder"),
    "br": ("interface.brotli_encoder", "BrotliEncoder"),
    "gzip": ("interface.gzip_encoder", "GzipEncoder"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CompressionModule:
    """interface/api/compression.py."""

    imports: tuple[str, ...]
    encoders: tuple[str, ...]
    """Sources, the best first."""
    has_dictionary: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CompressionTests:
    """tests/e2e/test_compression.py."""

    package: str
    codings: str
    """Source of a tuple."""


def is_compressed(system: System) -> bool:
    """Tell whether any answer of the project's API is compressed."""
    return system.has_compression and any(
        has_readers(context)
        or any(command.route is not None for command in context.commands)
        or any(query.route is not None for query in context.queries)
        for context in system.contexts
    )


def compression_module(system: System) -> CompressionModule:
    """Return the view of interface/api/compression.py."""
    imports = ImportSet(
        f"{system.app.package}.interface.api.compression", defined=("answer_compression",)
    )
    imports.use(layout.support(system, "core.compression_settings", "CompressionSettings"))
    imports.use(layout.support(system, "interface.compression", "Compression"))
    chosen = system.api.compression
    has_dictionary = chosen is not None and chosen.dictionary
    if has_dictionary:
        module = "interface.compression_dictionary"
        imports.use(layout.support(system, module, "CompressionDictionary"))
    encoders = tuple(
        f"{imports.use(layout.support(system, *_ENCODERS[name]))}(level=settings.{name}_level)"
        for name in (chosen.algorithms if chosen is not None else ())
    )
    return CompressionModule(
        imports=imports.render(), encoders=encoders, has_dictionary=has_dictionary
    )


def compression_tests(system: System) -> CompressionTests | None:
    """Return what is tested of compression; None where only resources of their own have any."""
    chosen = system.api.compression
    if chosen is None or not is_compressed(system):
        return None
    return CompressionTests(package=system.app.package, codings=repr(chosen.algorithms))


def resource_marks(system: System, resource: Resource, imports: ImportSet) -> tuple[str, ...]:
    """Return what marks requests of a resource that is compressed otherwise; none where it is not.

    Each is an entry of a dictionary.
    """
    if resource.compression == system.api.compression:
        return ()
    mark = imports.use(layout.support(system, "interface.compression", "COMPRESSION"))
    return (f"{mark}: {_source(system, resource.compression, imports)}",)


def _source(system: System, chosen: Compression | None, imports: ImportSet) -> str:
    if chosen is None:
        return imports.use(layout.support(system, "interface.compression", "UNCOMPRESSED"))
    levels = dict(chosen.levels)
    encoders = []
    for name in chosen.algorithms:
        encoder = imports.use(layout.support(system, *_ENCODERS[name]))
        encoders.append(f"{encoder}(level={levels[name]})" if name in levels else f"{encoder}()")
    threshold = ""
    if chosen.threshold_bytes != Compression().threshold_bytes:
        threshold = f", threshold_bytes={chosen.threshold_bytes}"
    kind = imports.use(layout.support(system, "interface.compression", "Compression"))
    return f"{kind}(encoders={tuple_of(encoders)}{threshold})"
