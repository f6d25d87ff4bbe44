"""Everything a template may use beside its view: a short list, so that templates stay dumb.

Jinja's own globals, tests and remaining filters are removed from the environment; whatever needs
more than these belongs in `apigen.views`.
"""

ALLOWED_FILTERS = frozenset({"indent", "join"})
"""Layout only: nothing that decides, and nothing that spells (that is `apigen.python`)."""

ALLOWED_TESTS: frozenset[str] = frozenset()
