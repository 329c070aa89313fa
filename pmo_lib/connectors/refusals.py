"""What a refusal of Jira means for who runs the pull, in one sentence with Jira's own words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pmo_lib.connectors.orders import CLOUD, Order
from pmo_lib.connectors.polite import Refused
from pmo_lib.connectors.tokens import KEYRING
from pmo_lib.errors import ServiceFault


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
    sentence = {
        400: f"does not take the query {what}{words}; correct jql in pmo.toml" if "project =" in what else f"does not take the request for {what}{words}",
        401: f"does not accept the token (HTTP 401{words}); make a new one and set it as PMO_JIRA_TOKEN or with keyring set {KEYRING} {order.host}"
        + (f", and check that user in pmo.toml, {order.user}, is the e-mail address of its owner" if order.source == CLOUD else ""),
        403: f"does not let this token see {what} (HTTP 403{words}); ask its administrator for the permission Browse projects",
        404: f"has no Jira at this address (HTTP 404{words}); check site in pmo.toml"
        if what == "its user"
        else f"does not show {what} to this token (HTTP 404{words}); check its key, and the permission Browse projects",
    }.get(fault.status, f"refuses {what} (HTTP {fault.status}{words})")
    return ServiceFault(f"{fault.address} {sentence}", status=fault.status)
