# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""The service as a whole."""

from shop.support.testing.contracts.service import ServiceContract


class TestService(ServiceContract):
    """Health, documentation, unknown routes."""

    readers = (
        "/docs",
        "/redoc",
    )
