"""Visits to a served page in a real Chromium, timed from the start of the navigation to the rows of the table."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ARGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
ROW = ".tabulator-row"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@contextmanager
def served(workspace: Path) -> Iterator[str]:
    """The address at which `pmo serve` serves the workspace, in a process of its own."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    command = [str(Path(sys.executable).with_name("pmo")), "serve", "--workspace", str(workspace), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/favicon.ico", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    """Until the server answers, with whatever; no page is asked for, so that the first visit is the first."""
    end = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(url, timeout=30).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("pmo serve did not answer")


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit: seconds until each thing was visible, and bytes that the browser received over the page's socket and for its files."""

    seconds: dict[str, float]
    received: int


def visits(url: str, count: int) -> list[float]:
    """Seconds of each of `count` visits until the rows of a table are there."""
    return [one.seconds[ROW] for one in watched(url, count, {ROW: ROW})]


def watched(url: str, count: int, seen: Mapping[str, str]) -> list[Visit]:
    """`count` visits in one browser, the first with nothing in its cache; `seen` names what is waited for, in the order in which it comes, by selector."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        found = [_visit(context, url, seen) for _ in range(count)]
        browser.close()
    return found


def _visit(context: Any, url: str, seen: Mapping[str, str]) -> Visit:
    page, received = context.new_page(), 0

    def count(size: int) -> None:
        nonlocal received
        received += size

    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda event: count(int(event["encodedDataLength"])))
    network.on("Network.webSocketFrameReceived", lambda event: count(len(event["response"]["payloadData"])))
    begin = time.perf_counter()
    page.goto(url, wait_until="commit")
    seconds = {}
    for name, selector in seen.items():
        page.wait_for_selector(selector, timeout=120_000)
        seconds[name] = time.perf_counter() - begin
    page.close()
    return Visit(seconds, received)
