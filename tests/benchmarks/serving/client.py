"""One request at a time, for checking answers and for finding out what load may ask for."""

import json
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request."""

    method: str = "GET"
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def raw(self) -> bytes:
        """Return the bytes of the request as HTTP/1.1 has them."""
        lines = [f"{self.method} {self.path} HTTP/1.1", f"Host: {HOST}"]
        lines += [f"{name}: {value}" for name, value in self.headers]
        if self.body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(self.body)}"]
        return "\r\n".join(lines).encode("ascii") + b"\r\n\r\n" + self.body


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    # Whatever the document holds, hence Any.
    def json(self) -> Any:
        """Decode the body.

        Raises:
            ValueError: It is not JSON.
        """
        return json.loads(self.body)


class Client:
    """Sends calls to one server on this machine."""

    def __init__(self, port: int) -> None:
        """Talk to the server at `port`; nothing is connected yet."""
        self._port = port

    def send(self, call: Call) -> Answer:
        """Send one request on a connection of its own.

        Raises:
            OSError: The server does not answer.
        """
        connection = HTTPConnection(HOST, self._port, timeout=30)
        headers = dict(call.headers)
        if call.body:
            headers["Content-Type"] = "application/json"
        try:
            connection.request(call.method, call.path, body=call.body or None, headers=headers)
            response = connection.getresponse()
            return Answer(
                status=response.status,
                headers={name.lower(): value for name, value in response.getheaders()},
                body=response.read(),
            )
        finally:
            connection.close()

    def get(self, path: str) -> Answer:
        """Read one path."""
        return self.send(Call(path=path))
