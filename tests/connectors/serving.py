"""A server on this machine that speaks as a service does, remembers what it was asked, and misbehaves where it is told to."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

TOKEN = "s3cret-Token-that-must-not-show"


@dataclass(slots=True)
class Request:
    """What was asked."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    peer: int = 0  # the client's port
    scheme: str = "http"

    @property
    def content(self) -> Any:
        return json.loads(self.body) if self.body else None


@dataclass(slots=True)
class Reply:
    """What is answered. `rough` sends it by hand instead, over the naked socket."""

    said: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    rough: Callable[[socket.socket, bytes, bytes], None] | None = None

    def bytes(self) -> bytes:
        return json.dumps(self.said).encode() if self.body is None else self.body


class World(Protocol):
    """A service's state."""

    clock: timedelta

    def answer(self, request: Request) -> Reply:
        """What it says to a request."""
        ...


Twist = Callable[[Request, Reply], Reply | None]


@dataclass
class Served:
    """A running server: where it is, what it was asked and answered, and what it does otherwise."""

    world: World
    address: str = ""
    asked: list[tuple[Request, Reply]] = field(default_factory=list)
    twist: Twist = lambda request, reply: None

    def paths(self) -> list[str]:
        """Paths in the order in which they were asked."""
        return [request.path for request, _ in self.asked]


@contextmanager
def serving(world: World, certificate: Path | None = None) -> Iterator[Served]:
    """Serves the world on a free port of the loopback interface, over TLS where a certificate (with its key) is given."""
    served = Served(world)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            said = dict(parse_qsl(parts.query)), dict(self.headers.items()), self.rfile.read(length)
            request = Request(self.command, parts.path, *said, self.client_address[1], "https" if certificate else "http")
            reply = world.answer(request)
            reply = served.twist(request, reply) or reply
            served.asked.append((request, reply))
            self._send(reply)

        do_POST = do_GET

        def _send(self, reply: Reply) -> None:
            body = reply.bytes()
            date = format_datetime(datetime.now(UTC) + world.clock, usegmt=True)
            headers = {"Content-Type": "application/json;charset=UTF-8", "Date": date, "Content-Length": str(len(body)), **reply.headers}
            head = f"HTTP/1.1 {reply.status} x\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
            with suppress(OSError):
                if reply.rough:
                    self.close_connection = True
                    reply.rough(self.connection, head.encode(), body)
                else:
                    self.wfile.write(head.encode() + body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that hangs up on a misbehaving server is what is expected of it."""

    server = Server(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    served.address = f"http{'s' if certificate else ''}://{'localhost' if certificate else '127.0.0.1'}:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()


def reset(connection: socket.socket, head: bytes, body: bytes) -> None:
    """Half the body, then the connection is reset."""
    connection.sendall(head + body[: len(body) // 2])
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def hang_up(connection: socket.socket, head: bytes, body: bytes) -> None:
    """No answer at all."""
    connection.shutdown(socket.SHUT_RDWR)


def dripped(connection: socket.socket, head: bytes, body: bytes) -> None:
    """The head at once, the body a byte at a time, each within the limit of one step."""
    connection.sendall(head)
    for byte in body:
        connection.sendall(bytes([byte]))
        time.sleep(0.05)


def dripped_head(connection: socket.socket, head: bytes, body: bytes) -> None:
    """Even the head a byte at a time."""
    dripped(connection, b"", head + body)


def silent(connection: socket.socket, head: bytes, body: bytes) -> None:
    """Nothing, for longer than one step may take."""
    time.sleep(0.6)


def unmeasured(connection: socket.socket, head: bytes, body: bytes) -> None:
    """A body in chunks, whose length nobody said."""
    lines = [line for line in head.split(b"\r\n") if line and not line.startswith(b"Content-Length")]
    connection.sendall(b"\r\n".join([*lines, b"Transfer-Encoding: chunked", b"", b""]))
    for at in range(0, len(body), 65536):
        part = body[at : at + 65536]
        connection.sendall(f"{len(part):x}\r\n".encode() + part + b"\r\n")
    connection.sendall(b"0\r\n\r\n")
