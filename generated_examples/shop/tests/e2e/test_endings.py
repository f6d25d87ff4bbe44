# Written by apigen from apigen.yaml. Edit freely: regenerate merges.
"""Until when the API is served as it is."""

from shop.support.testing.contracts.endings import EndingsContract


class TestEndings(EndingsContract):
    """Versions and operations that end."""
