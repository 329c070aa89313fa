"""What a refusal of Asana means for who runs the pull, in one sentence with Asana's own words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pmo_lib.connectors.orders import Order
from pmo_lib.connectors.polite import Refused
from pmo_lib.connectors.tokens import KEYRING
from pmo_lib.errors import ServiceFault


@contextmanager
def refused(order: Order, what: str) -> Iterator[None]:
    """Turns a refusal within into its sentence; `what` was asked for."""
    try:
        yield
    except Refused as fault:
        raise said_of(fault, order, what) from None


def said_of(fault: Refused, order: Order, what: str) -> ServiceFault:
    """The sentence for a refusal."""
    words = f": {fault.said}" if fault.said else ""
    sentence = {
        400: f"does not take the request for {what} (HTTP 400{words}); check its number in pmo.toml",
        401: f"does not accept the token (HTTP 401{words}); make a new one and set it as PMO_ASANA_TOKEN or with keyring set {KEYRING} {order.host}",
        402: f"offers {what} in a paid plan only (HTTP 402{words}); name the projects in pmo.toml instead",
        403: f"does not let this token see {what} (HTTP 403{words}); ask to be made a member",
        404: f"has no Asana at this address (HTTP 404{words}); check site in pmo.toml"
        if what == "its user"
        else f"does not show {what} to this token (HTTP 404{words}); check its number, and that the token's owner is a member",
    }.get(fault.status, f"refuses {what} (HTTP {fault.status}{words})")
    return ServiceFault(f"{fault.address} {sentence}", status=fault.status)
