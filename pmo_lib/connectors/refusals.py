"""What a refusal of a service means for who runs the pull, in one sentence with the service's own words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pmo_lib.connectors.orders import ASANA, CLOUD, Order
from pmo_lib.connectors.polite import Refused
from pmo_lib.connectors.tokens import KEYRING
from pmo_lib.errors import ServiceFault

ITSELF = "its user"  # what is asked for first, and is there wherever the service is


@contextmanager
def refused(order: Order, what: str) -> Iterator[None]:
    """Turns a refusal within into its sentence; `what` was asked for: a thing, or a query."""
    try:
        yield
    except Refused as fault:
        raise said_of(fault, order, what) from None


def said_of(fault: Refused, order: Order, what: str) -> ServiceFault:
    """The sentence for a refusal."""
    words = f": {fault.said}" if fault.said else ""
    sentences = _of_asana(order, what, words) if order.source == ASANA else _of_jira(order, what, words)
    return ServiceFault(f"{fault.address} {sentences.get(fault.status, f'refuses {what} (HTTP {fault.status}{words})')}", status=fault.status)


def _of_jira(order: Order, what: str, words: str) -> dict[int, str]:
    owner = f", and check that user in pmo.toml, {order.user}, is the e-mail address of its owner" if order.source == CLOUD else ""
    return {
        400: f"does not take the query {what}{words}; correct jql in pmo.toml" if "project =" in what else f"does not take the request for {what}{words}",
        401: _token("JIRA", order, words) + owner,
        403: f"does not let this token see {what} (HTTP 403{words}); ask its administrator for the permission Browse projects",
        404: _nothing("Jira", what, words, "check its key, and the permission Browse projects"),
    }


def _of_asana(order: Order, what: str, words: str) -> dict[int, str]:
    return {
        400: f"does not take the request for {what} (HTTP 400{words}); check its number in pmo.toml",
        401: _token("ASANA", order, words),
        402: f"offers {what} in a paid plan only (HTTP 402{words}); name the projects in pmo.toml instead",
        403: f"does not let this token see {what} (HTTP 403{words}); ask to be made a member",
        404: _nothing("Asana", what, words, "check its number, and that the token's owner is a member"),
    }


def _token(service: str, order: Order, words: str) -> str:
    return f"does not accept the token (HTTP 401{words}); make a new one and set it as PMO_{service}_TOKEN or with keyring set {KEYRING} {order.host}"


def _nothing(service: str, what: str, words: str, remedy: str) -> str:
    if what == ITSELF:
        return f"has no {service} at this address (HTTP 404{words}); check site in pmo.toml"
    return f"does not show {what} to this token (HTTP 404{words}); {remedy}"
