"""Visits to a served page in a real Chromium, timed from the start of the navigation to the rows of the table."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


def visits(url: str, count: int) -> list[float]:
    """Seconds of each of `count` visits in one browser, the first with nothing in its cache."""
    from playwright.sync_api import sync_playwright

    seconds = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        for _ in range(count):
            page = context.new_page()
            begin = time.perf_counter()
            page.goto(url, wait_until="commit")
            page.wait_for_selector(ROW, timeout=120_000)
            seconds.append(time.perf_counter() - begin)
            page.close()
        browser.close()
    return seconds
