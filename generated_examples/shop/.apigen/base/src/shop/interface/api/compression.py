# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""How answers are compressed."""

from shop.support.core.compression_settings import CompressionSettings
from shop.support.interface.brotli_encoder import BrotliEncoder
from shop.support.interface.compression import Compression
from shop.support.interface.gzip_encoder import GzipEncoder
from shop.support.interface.zstd_encoder import ZstdEncoder


def answer_compression(settings: CompressionSettings) -> Compression | None:
    """Return how answers are compressed, the best coding first; None where they are not."""
    if not settings.enabled:
        return None
    return Compression(
        encoders=(
            ZstdEncoder(level=settings.zstd_level),
            BrotliEncoder(level=settings.br_level),
            GzipEncoder(level=settings.gzip_level),
        ),
        threshold_bytes=settings.threshold_bytes,
    )
