"""Connections to one host: its addresses are checked at the moment of connecting, and a deadline holds for every byte of an answer.

A name that pointed to a public address when it was looked up may point into the own network at the next look-up (DNS rebinding), so what is checked is
the very address that is then connected to. Private, loopback, link-local and reserved addresses are refused, unless the host is allowed by its name.
"""

from __future__ import annotations

import ipaddress
import math
import socket
import ssl
import time
from collections.abc import Collection, Iterable
from typing import Any

import httpcore
import httpx

IDLE = 30.0  # [s] after which an unused connection is closed
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class PrivateAddress(httpx.ConnectError):
    """The host's name leads to an address that is not of the public internet."""


class Deadline(httpx.ReadTimeout):
    """The whole answer took longer than it may."""


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to addresses that pass; every stream ends at `deadline` [s of the monotonic clock]."""

    def __init__(self, allowed: Collection[str] = ()) -> None:
        self._allowed = frozenset(name.casefold() for name in allowed)
        self._plain = httpcore.SyncBackend()
        self.deadline = math.inf

    def left(self, timeout: float | None) -> float:
        """Seconds that the next step may take."""
        rest = self.deadline - time.monotonic()
        if rest <= 0:
            raise Deadline("the answer took too long")
        return rest if timeout is None else min(timeout, rest)

    def connect_tcp(
        self, host: str, port: int, timeout: float | None = None, local_address: str | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        fault: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._addresses(host, port):
            try:
                return _Timed(self._plain.connect_tcp(address, port, self.left(timeout), local_address, socket_options), self)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                fault = error
        raise fault

    def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"{host} is not known: {error}") from error
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if host.casefold() not in self._allowed and not all(map(is_public, addresses)):
            raise PrivateAddress(host)
        return addresses


class _Timed(httpcore.NetworkStream):
    """A stream that cannot be dripped beyond the deadline, not in its head either."""

    def __init__(self, stream: httpcore.NetworkStream, backend: GuardedBackend) -> None:
        self._stream, self._backend = stream, backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._backend.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._backend.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None) -> httpcore.NetworkStream:
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, self._backend.left(timeout)), self._backend)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class GuardedTransport(httpx.HTTPTransport):
    """httpx over one guarded connection; no proxy and no setting of the environment decides where it leads."""

    def __init__(self, backend: GuardedBackend, context: ssl.SSLContext) -> None:
        super().__init__(verify=context, trust_env=False)
        # httpx offers no way to say how addresses are found; its pool is the one place for that
        self._pool = httpcore.ConnectionPool(ssl_context=context, network_backend=backend, max_connections=1, keepalive_expiry=IDLE, http1=True, http2=False)


def is_public(address: str) -> bool:
    """Whether the address belongs to the public internet, also where IPv6 wraps an IPv4 address."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if found in NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast
