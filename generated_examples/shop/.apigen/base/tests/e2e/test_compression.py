# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Compressed answers."""

from shop.support.testing.contracts.compression import CompressionContract


class TestCompression(CompressionContract):
    """What clients of the API may ask for."""

    codings = ("zstd", "br", "gzip")
