"""Who gets in, and what a URL may say."""

from __future__ import annotations

import socket
from datetime import datetime

import pytest
from pmo_dashboards.pages.portfolio import filtered
from pmo_dashboards.safe import html, join, pane
from pmo_dashboards.serve import free, guard
from pmo_dashboards.state import Selection

from pmo_lib.errors import InvalidInput


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "localhost"])
def test_this_machine_is_served(address: str) -> None:
    guard(address)


@pytest.mark.parametrize("address", ["0.0.0.0", "192.168.1.5", "::", "pmo.example.org"])
def test_other_machines_need_a_proxy_a_secret_and_origins(address: str) -> None:
    with pytest.raises(InvalidInput, match=r"TLS proxy.*cookie secret.*origins"):
        guard(address)
    with pytest.raises(InvalidInput, match="cookie secret"):
        guard(address, behind_proxy=True, origins=["pmo.example.org"])
    guard(address, behind_proxy=True, origins=["pmo.example.org"], cookie_secret="a long secret")


def test_a_port_in_use_is_named_with_the_way_out() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(InvalidInput, match=f"port {port} at 127.0.0.1 cannot be had .*--port"):
            free("127.0.0.1", port)
    free("127.0.0.1", 0)


def test_a_selection_is_what_its_url_says() -> None:
    chosen = Selection()
    chosen.read("?key=A%26B&programme=Water&theme=dark&unknown=1&as_of=2026-11-30")
    assert (chosen.key, chosen.programme, chosen.dark) == ("A&B", "Water", True)
    assert chosen.query() == "?key=A%26B&programme=Water&as_of=2026-11-30&theme=dark"
    assert chosen.query(key="", theme="", programme="") == "?as_of=2026-11-30"
    assert chosen.instant == datetime(2026, 11, 30, 23, 59)
    chosen.read("")
    assert chosen.query() == ""
    chosen.read("?as_of=yesterday&key=" + "x" * 5000)
    assert chosen.instant is None
    assert len(chosen.key) == 200


def test_filters() -> None:
    import sample

    health = sample.health()
    for search, keys in [
        ("?programme=Treatment", ["NORTHGATE", "SALTMARSH"]),
        ("?status=watermelon", ["NORTHGATE", "BILLING"]),
        ("?status=no_data", ["WEIR"]),
        ("?find=KESTREL", ["KESTREL"]),
        ("?find=(", []),
        ("?status=nonsense&programme=Digital&find=app", ["APP"]),
    ]:
        chosen = Selection()
        chosen.read(search)
        assert filtered(health, chosen)["key"].to_list() == keys, search


def test_text_is_escaped_and_bare_strings_are_refused() -> None:
    assert html("<b>{}</b>{}", "<script>", html("<i>{}</i>", "&")) == "<b>&lt;script&gt;</b><i>&amp;</i>"
    assert join(["<", html("<br>")]) == "&lt;<br>"
    with pytest.raises(TypeError, match=r"safe\.html"):
        pane("<b>text</b>")  # type: ignore[arg-type]


def test_the_tab_has_the_name_that_the_page_has() -> None:
    from types import SimpleNamespace
    from typing import Any, cast

    from pmo_dashboards.pages import project

    known = cast("Any", SimpleNamespace(listing={"name": "Leakage Sensor Network"}, info=SimpleNamespace(name="leakage-2026-11")))
    assert project._tab(known) == project.name_of(known) == "Leakage Sensor Network"
    known.listing = None
    assert project._tab(known) == "leakage-2026-11"
    assert project._tab(InvalidInput("no such project")) == "Project"
