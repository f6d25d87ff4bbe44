"""Call an application within one process, and tell what its answers cost.

Run in a project's folder as a program of its own. Standard input has lines of JSON,
`[what, times, path, headers]`; each is answered with a number: the seconds of CPU that all these
calls took together (`cpu`), or how many instructions of Python bytecode the shortest of them
carried out (`instructions`). Nothing goes over a network and one call follows the other, so that
what is measured is what the application does, on the event loop that servers use.
"""

import asyncio
import importlib
import json
import sys
import time
from types import CodeType
from typing import Any

import uvloop

# Any: ASGI messages are mappings of anything.
type Message = dict[str, Any]


class Caller:
    """Sends requests to an ASGI application."""

    # Any: whatever the factory makes.
    def __init__(self, app: Any) -> None:
        """Call `app`."""
        self._app = app

    async def start(self) -> None:
        """Let the application start, as servers do; it is never told to stop."""
        started = asyncio.Event()

        async def receive() -> Message:
            if started.is_set():
                await asyncio.Event().wait()
            return {"type": "lifespan.startup"}

        async def send(message: Message) -> None:
            assert message["type"] == "lifespan.startup.complete", message
            started.set()

        scope: Message = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
        self._life = asyncio.create_task(self._app(scope, receive, send))
        await started.wait()

    async def call(self, path: str, headers: list[tuple[bytes, bytes]]) -> None:
        """Send one GET, and read its answer."""
        where, _, query = path.partition("?")
        scope: Message = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": where,
            "raw_path": where.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": headers,
            "client": ("127.0.0.1", 50_000),
            "server": ("127.0.0.1", 8000),
            "state": {},
        }
        status = 0

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)

        await self._app(scope, receive, send)
        assert status == 200, (path, status)

    async def cpu_s(self, times: int, path: str, headers: list[tuple[bytes, bytes]]) -> float:
        """Return the CPU of so many calls."""
        before = time.process_time()
        for _ in range(times):
            await self.call(path, headers)
        return time.process_time() - before

    async def instructions(self, times: int, path: str, headers: list[tuple[bytes, bytes]]) -> int:
        """Return the instructions of the call, of so many, that needed least of them.

        All threads are counted.
        """
        count = 0

        def counted(_code: CodeType, _offset: int) -> None:
            nonlocal count
            count += 1

        monitoring = sys.monitoring
        found = []
        monitoring.use_tool_id(monitoring.PROFILER_ID, "caller")
        try:
            event = monitoring.events.INSTRUCTION
            monitoring.register_callback(monitoring.PROFILER_ID, event, counted)
            monitoring.set_events(monitoring.PROFILER_ID, event)
            for _ in range(times):
                count = 0
                await self.call(path, headers)
                found.append(count)
            monitoring.set_events(monitoring.PROFILER_ID, monitoring.events.NO_EVENTS)
        finally:
            monitoring.free_tool_id(monitoring.PROFILER_ID)
        return min(found)


async def serve(target: str) -> None:
    """Answer every line until there is none."""
    module, _, factory = target.partition(":")
    caller = Caller(getattr(importlib.import_module(module), factory)())
    await caller.start()
    # Log lines go where the answers do not.
    answers = sys.stderr
    for line in sys.stdin:
        what, times, path, sent = json.loads(line)
        # What had to be done meanwhile, such as looking for tasks, is nobody's request.
        await asyncio.sleep(0.02)
        headers = [(name.encode(), value.encode()) for name, value in sent.items()]
        measure = {"cpu": caller.cpu_s, "instructions": caller.instructions}[what]
        print(await measure(times, path, headers), file=answers, flush=True)


if __name__ == "__main__":
    uvloop.run(serve(sys.argv[1]))
