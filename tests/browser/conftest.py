"""A served sample and a real Chromium."""

from __future__ import annotations

import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

import polars as pl
import pytest
import sample
import sample_board

from pmo_lib.errors import NotAvailable, NotFound
from pmo_lib.office import Assessment, BoardFlow, WhatIf
from pmo_lib.office.board_flow import board_flow_of

ARGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


class Sample:
    """A desk that answers from the hand-made portfolio."""

    def __init__(self, copies: int = 1) -> None:
        self.copies = copies

    def portfolio(self, as_of: datetime | None = None) -> pl.DataFrame:
        health = sample.health(self.copies)
        return health.head(0) if as_of is not None and as_of.year < 2026 else health

    def assess(self, key: str, as_of: datetime | None = None) -> Assessment:
        known = {
            "NORTHGATE": sample.assessment,
            "APP": sample.bare,
            "METERS": lambda: sample.assessment("ranges are assumed by the rule 'assumed'; nobody estimated them"),
        }
        if key not in known:
            raise NotFound(f"no project {key} in this workspace; pmo projects lists them")
        return known[key]()

    def what_if(self, key: str, as_of: datetime | None, without: tuple[str, ...], spread: float) -> WhatIf:
        raise NotAvailable("the hand-made portfolio cannot be simulated; open a workspace")

    def status_dates(self) -> list[date]:
        return [date(2026, 10, 31), date(2026, 11, 30)]

    def boards(self, as_of: datetime | None = None) -> dict[str, str]:
        return {} if as_of is not None and as_of.year < 2026 else {"HARBOUR": "Harbour app", "QUAY": "Quay <b>side</b>"}

    def flow(self, key: str, as_of: datetime | None = None) -> BoardFlow:
        if key == "NORTHGATE":
            return board_flow_of(sample.assessment().plan)
        if key not in self.boards(as_of):
            raise NotFound(f"no project {key} in this workspace; pmo projects lists them")
        made = _flow()
        return replace(made, info=replace(made.info, key=key, name=self.boards()[key]))


@cache
def _flow() -> BoardFlow:
    return board_flow_of(sample_board.board())


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(url: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(url, timeout=30).close()
            return
        except OSError:
            assert time.monotonic() < end, f"{url} does not answer"
            time.sleep(0.1)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of the served sample."""
    from pmo_dashboards.serve import serve

    port = free_port()
    thread = serve(Sample(), port=port, threaded=True)
    wait_for(f"http://127.0.0.1:{port}/")
    yield f"http://127.0.0.1:{port}"
    thread.stop()
    assert isinstance(thread, threading.Thread)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=ARGS)
        yield running
        running.close()


class Visit:
    """A page with what it complained of and what it asked of other machines."""

    def __init__(self, page: Any, base: str) -> None:
        self.page, self.base = page, base
        self.complaints: list[str] = []
        self.outside: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._asked)
        page.on("websocket", self._asked)

    def _asked(self, request: Any) -> None:
        host = self.base.removeprefix("http")
        if not request.url.startswith((f"http{host}", f"ws{host}", "data:", "blob:")):
            self.outside.append(request.url)

    def open(self, path: str) -> Any:
        self.page.goto(self.base + path)
        self.page.wait_for_selector("h1", timeout=30_000)
        return self.page

    def clean(self) -> None:
        assert self.complaints == []
        assert self.outside == []


@pytest.fixture(scope="session")
def context(browser: Any) -> Iterator[Any]:
    """One context for all visits: the pages' scripts are fetched and compiled once."""
    shared = browser.new_context(viewport=DESK)
    yield shared
    shared.close()


DESK = {"width": 1440, "height": 900}


@pytest.fixture
def visit(server: str, context: Any) -> Iterator[Visit]:
    """A page of its own, for a test that changes what it sees."""
    page = context.new_page()
    yield Visit(page, server)
    page.close()


@pytest.fixture(scope="session")
def opened(server: str, context: Any) -> Iterator[Callable[[str], Visit]]:
    """Pages that tests only look at, each opened once: what is done to one (its width, what is unfolded) is undone for the next."""
    visits: dict[str, Visit] = {}

    def at(path: str) -> Visit:
        if path not in visits:
            visits[path] = Visit(context.new_page(), server)
            visits[path].open(path)
        visits[path].page.bring_to_front()
        visits[path].page.set_viewport_size(DESK)
        return visits[path]

    yield at
    for visit in visits.values():
        visit.page.close()
