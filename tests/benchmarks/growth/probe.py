"""Run inside a generated project: what its application costs before the first request.

    python …/probe.py PACKAGE

Prints one line of JSON. Nothing of the benchmarks is imported, so that only the project counts.
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


def main(package: str) -> None:
    """Import and build the application, then ask it for its document, twice."""
    began = time.process_time()
    module = importlib.import_module(f"{package}.main")
    app = module.create_app()
    built = time.process_time()
    size = asyncio.run(_get(app, "/openapi.json"))
    first = time.process_time()
    asyncio.run(_get(app, "/openapi.json"))
    second = time.process_time()
    measured = {
        "start_s": built - began,
        "first_s": first - built,
        "again_s": second - first,
        "document_bytes": size,
        "memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(measured))


# The messages of ASGI are dictionaries of anything, hence Any.
async def _get(app: App, path: str) -> int:
    """Return how long the body of an answer is.

    Raises:
        RuntimeError: The answer is not 200.
    """
    size = 0

    async def receive() -> Scope:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Scope) -> None:
        nonlocal size
        if message.get("status", 200) != 200:
            raise RuntimeError(f"{path} is answered with {message['status']}")
        size += len(message.get("body", b""))

    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"localhost")],
        "server": ("localhost", 80),
        "client": ("127.0.0.1", 1),
    }
    await app(scope, receive, send)
    return size


if __name__ == "__main__":
    main(sys.argv[1])
