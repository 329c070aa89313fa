"""Services of our own to pull from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pmo_lib.connectors.orders import Order
from pmo_lib.connectors.polite import Limits, Service
from pmo_lib.connectors.pulling import Pulled, pull
from pmo_lib.connectors.tokens import Token
from tests.connectors.asana_world import PROJECT, AsanaWorld
from tests.connectors.jira_world import JiraWorld
from tests.connectors.serving import TOKEN, Served, serving

LIMITS = Limits(step=20, answer=30, size=1024**2, tries=2, patience=900)
HASTY = Limits(step=0.25, answer=0.4, size=1024**2, tries=2, patience=900)


class Bench:
    """A world that is served, and a client of it that waits in no time."""

    def __init__(self, source: str, home: Path, stack: ExitStack, **world: Any) -> None:
        self.source, self.home = source, home
        self.world: Any = AsanaWorld(**world) if source == "asana" else JiraWorld(source == "jira-cloud", **world)
        self.served: Served = stack.enter_context(serving(self.world))
        self.project = PROJECT if source == "asana" else "WEB"
        self.user = "ana@acme.example" if source == "jira-cloud" else None
        self.waited: list[float] = []
        self.limits = LIMITS

    def order(self, **more: Any) -> Order:
        return Order(source=self.source, site=self.served.address, projects=((self.project, self.project),), user=self.user, private=("127.0.0.1",), **more)

    def service(self) -> Service:
        return Service(self.served.address, Token(TOKEN, self.user), private=("127.0.0.1",), limits=self.limits, pause=self.waited.append)

    def pull(self, *, full: bool = False, **more: Any) -> Pulled:
        with self.service() as asked:
            return pull(self.order(**more), self.project, asked, self.home, full=full)

    @property
    def folder(self) -> Path:
        return self.home / self.source / self.project


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    """Makes a bench for a service."""
    with ExitStack() as stack:
        yield lambda source, **world: Bench(source, tmp_path / "pulls", stack, **world)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate of localhost that nobody signed."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now - timedelta(days=1), now + timedelta(days=1))
    signed = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False).sign(key, hashes.SHA256())
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    encoding = serialization.Encoding.PEM
    secret = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(secret + signed.public_bytes(encoding))
    return path
