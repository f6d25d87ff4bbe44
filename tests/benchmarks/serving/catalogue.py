"""Which servers there are, in the order of the table."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One way to serve the products."""

    letter: str
    title: str
    module: str
    """What uvicorn imports, in `servers`; for a generated project its preset."""
    is_generated: bool = False


SERVERS = (
    Server(letter="a", title="by hand: FastAPI, async ORM", module="by_hand"),
    Server(letter="b", title="FastCRUD", module="fast_crud"),
    Server(letter="c", title="Litestar + advanced-alchemy", module="litestar_alchemy"),
    Server(letter="d", title="Django Ninja", module="django_ninja"),
    Server(letter="e", title="FastAPI, raw driver, orjson", module="raw_fastapi"),
    Server(letter="f", title="bare ASGI, raw driver", module="bare_asgi"),
    Server(letter="g", title="apigen, minimal", module="minimal", is_generated=True),
    Server(letter="h", title="apigen, standard", module="standard", is_generated=True),
)

BASELINE = "a"
"""What ratios are of."""
