"""Run inside a generated project: what its application costs before the first request.

    python …/probe.py PACKAGE PATH

Prints one line of JSON. The path is asked for first; it is answered without a database, with 422.
Nothing of the benchmarks is imported, so that only the project counts.
"""

import asyncio
import importlib
import json
import resource
import sys
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

type Scope = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Scope]]
type App = Callable[[Scope, Receive, Callable[[Scope], Awaitable[None]]], Awaitable[None]]


def main(package: str, path: str) -> None:
    """Import and build the application, ask it for something, then for its document, twice."""
    began = time.process_time()
    module = importlib.import_module(f"{package}.main")
    app = module.create_app()
    built = time.process_time()
    asyncio.run(_get(app, path, status=422))
    asked = time.process_time()
    memory = _memory_mib()
    size = asyncio.run(_get(app, "/openapi.json"))
    first = time.process_time()
    asyncio.run(_get(app, "/openapi.json"))
    second = time.process_time()
    measured = {
        "start_s": built - began,
        "request_s": asked - built,
        "first_s": first - asked,
        "again_s": second - first,
        "document_bytes": size,
        "memory_mib": memory,
        "documented_mib": _memory_mib(),
    }
    print(json.dumps(measured))


def _memory_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# The messages of ASGI are dictionaries of anything, hence Any.
async def _get(app: App, target: str, *, status: int = 200) -> int:
    """Return how long the body of an answer is.

    Raises:
        RuntimeError: The answer has another status.
    """
    path, _, query = target.partition("?")
    size = 0

    async def receive() -> Scope:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Scope) -> None:
        nonlocal size
        if message.get("status", status) != status:
            raise RuntimeError(f"{target} is answered with {message['status']}")
        size += len(message.get("body", b""))

    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", b"localhost")],
        "server": ("localhost", 80),
        "client": ("127.0.0.1", 1),
    }
    await app(scope, receive, send)
    return size


if __name__ == "__main__":
    main(*sys.argv[1:])
