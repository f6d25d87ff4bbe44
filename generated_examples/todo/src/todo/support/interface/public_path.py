"""What a request says about its answer, beside what the answer itself says.

The path that a client knows: it differs from the one that is routed where versions of the API are
chosen by a header or a parameter, and where the whole API is below a path of its own. And headers
that its answer gets, whoever makes the answer.
"""

from collections.abc import Iterable

from starlette.requests import Request
from starlette.types import Scope

PUBLIC_PATH = "public_path"
RESPONSE_HEADERS = "response_headers"
"""Keys of a request's state; the second holds pairs of bytes."""


def public_path(request: Request) -> str:
    """Return the path as the client has sent it."""
    path: str = request.scope.get("state", {}).get(PUBLIC_PATH, request.scope["path"])
    return path


def split_path(scope: Scope) -> tuple[str, str]:
    """Return what is before the paths of the API, as a proxy has it, and the path below."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    # Servers may leave it out of the path.
    if root and path.startswith(root) and path[len(root) : len(root) + 1] == "/":
        return root, path[len(root) :]
    return "", path


def add_headers(request: Request, headers: Iterable[tuple[str, str]]) -> None:
    """Have headers added to the answer of a request, be it a problem."""
    state = request.scope.setdefault("state", {})
    state.setdefault(RESPONSE_HEADERS, []).extend(
        (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
    )


def added_headers(request: Request) -> dict[str, str]:
    """Return the headers that the answer gets; their names are in lower case."""
    added: Iterable[tuple[bytes, bytes]] = request.scope["state"].get(RESPONSE_HEADERS, ())
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in added}
