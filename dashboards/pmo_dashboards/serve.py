"""Serve the pages: on this machine only, unless told how others get in safely."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Any

from pmo_dashboards.state import Desk, Office
from pmo_lib.errors import InvalidInput


def serve(
    workspace: Any,
    port: int = 5006,
    address: str = "127.0.0.1",
    show: bool = False,
    *,
    origins: Sequence[str] = (),
    behind_proxy: bool = False,
    cookie_secret: str | None = None,
    threaded: bool = False,
) -> Any:
    """Serve Portfolio, Project and Flow of a workspace until interrupted; with `threaded` in a thread, which is returned as Panel gives it.

    `workspace` is what `open_workspace` gives, or a `Desk`. Port 0 takes a free one.
    Raises `InvalidInput` for an address that others reach, unless a TLS proxy, a cookie secret and the allowed origins are named; and for a port in use.
    """
    guard(address, origins=origins, behind_proxy=behind_proxy, cookie_secret=cookie_secret)
    free(address, port)
    import panel as pn

    allowed = list(origins) or [f"127.0.0.1:{port}", f"localhost:{port}"] if port else ["*"]
    desk: Desk = workspace if _is_desk(workspace) else Office(workspace)
    routes: dict[str, Any] = {name or "/": page for name, page in pages(desk).items()}
    secret: dict[str, Any] = {"cookie_secret": cookie_secret} if cookie_secret else {}
    titles: Any = dict.fromkeys(routes, "")  # each page names itself
    if isinstance(desk, Office) and not threaded:  # whoever serves in a thread may take the workspace away at any time
        threading.Thread(target=desk.prepare, daemon=True).start()
    return pn.serve(
        routes,
        port=port,
        address=address,
        websocket_origin=allowed,
        show=show,
        title=titles,
        autoload=False,
        admin=False,
        verbose=False,  # whoever serves has said where
        session_history=0,
        threaded=threaded,
        xsrf_cookies=True,
        use_xheaders=behind_proxy,
        **secret,
    )


def guard(address: str, *, origins: Sequence[str] = (), behind_proxy: bool = False, cookie_secret: str | None = None) -> None:
    """Refuse an address that other machines reach, unless they get in safely."""
    if _loopback(address):
        return
    missing = [
        name
        for name, given in (("a TLS proxy (behind_proxy)", behind_proxy), ("a cookie secret", cookie_secret), ("the allowed origins", origins))
        if not given
    ]
    if missing:
        raise InvalidInput(f"address {address} is reachable from other machines, which needs {', '.join(missing)}; leave it at 127.0.0.1 or give these")


def free(address: str, port: int) -> None:
    """Refuse a port that another program serves on, or that this user may not have."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server itself: one that has just ended is no hindrance
        try:
            trial.bind((address, port))
        except OSError as error:
            raise InvalidInput(f"port {port} at {address} cannot be had ({error.strerror or error}); name another with --port, as in {port + 1}") from None


def _loopback(address: str) -> bool:
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def pages(workspace: Any) -> dict[str, Callable[[], Any]]:
    """The pages by path, each a function that makes one for a session."""
    import panel as pn

    from pmo_dashboards.pages import flow, portfolio, project

    pn.extension("tabulator", notifications=False, loading_indicator=False)
    desk: Desk = workspace if _is_desk(workspace) else Office(workspace)
    return {
        "": lambda: portfolio.page(desk),
        "project": lambda: project.page(desk),
        "flow": lambda: flow.page(desk),
    }  # Panel calls functions, and shows a partial


def _is_desk(thing: Any) -> bool:
    return all(hasattr(thing, name) for name in ("portfolio", "assess", "status_dates", "boards", "flow"))
