"""Our clients against servers made from the vendors' own descriptions (Stoplight Prism), and every misbehaviour on every service at every place."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml

from benchmarks.proofs.tables import REAL_DATA, table
from pmo_lib.connectors.polite import Limits, Service
from pmo_lib.connectors.tokens import Token
from pmo_lib.errors import ServiceFault
from tests.connectors.behaviours import ALL, BEHAVIOURS
from tests.connectors.conftest import Bench
from tests.connectors.contract import ASANA, JIRA, faults
from tests.connectors.serving import Reply, Request
from tests.connectors.test_contract import busy, without_nulls
from tests.connectors.trying import PLACES, check

TITLE = "Contract: our clients of Jira and Asana against the vendors' descriptions, and every fault at every place"
OPTIONS: dict[str, Any] = {"kinds": 400}
PRISM = "@stoplight/prism-cli@5"
BASES = {JIRA: "", ASANA: "/api/1.0"}  # Asana's paths are told from its base on
RULE = """\
Prism is made from the whole description (dynamic answers: each is invented anew from the schema) and refuses a request that the description does not allow
(`--errors`). What is asked is what our clients asked of our own servers in several pulls (`busy` in `tests/connectors/test_contract.py`), every request with
other parameters once; it goes through the client itself. Answers are held to the description by openapi-core too, nulls left out: Prism invents null for a
choice (`icon` of an Asana project) that may be null and does not list it, which openapi-core does not take. Jira's agile interface is in no description of
this form, and left out."""


def prove(kinds: int = 400) -> str:
    """Both parts."""
    parts = [f"## Prism\n\n{RULE}\n\n{_against_prism(kinds)}", f"## Faults\n\n{_faults()}"]
    return "\n\n".join(parts)


def _against_prism(kinds: int) -> str:
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for name, source in ((JIRA, "jira-cloud"), (ASANA, "asana")):
            asked = _asked(source, Path(folder))[:kinds]
            with _prism(name, Path(folder)) as address:
                lines += _answered(name, source, address, asked)
    refused = sum(line[3] for line in lines)
    asked, wrong = (sum(line[column] for line in lines) for column in (2, 4))
    head = f"{asked} requests of {len(lines)} kinds: {refused} refused by Prism or by our client; openapi-core finds {wrong or 'no'} faults in the answers."
    return head + "\n\n" + table(["service", "request", "asked", "refused", "faults in answers", "first"], lines, text=("service", "request", "first"))


def _asked(source: str, folder: Path) -> list[Request]:
    """Every request of several pulls from our own server that differs from those before it."""
    with ExitStack() as stack:
        made = Bench(source, folder / source, stack)
        busy(source, made)
        found = [request for request, reply in made.served.asked if "/agile/" not in request.path and reply.status == 200]
    return list({(request.method, request.path, *sorted(request.query.items()), request.body): request for request in found}.values())


def _answered(name: str, source: str, address: str, asked: list[Request]) -> list[list[Any]]:
    counts: dict[str, Counter[str]] = {}
    first: dict[str, str] = {}
    user = "ana@acme.example" if source == "jira-cloud" else None
    with Service(address, Token("a-token", user), private=("127.0.0.1",), limits=Limits(tries=1)) as service:
        for request in asked:
            kind = f"{request.method} {'/'.join('…' if part.isdecimal() and len(part) > 1 else part for part in request.path.split('/'))}"
            seen = counts.setdefault(kind, Counter())
            seen["asked"] += 1
            try:
                path = request.path.lstrip("/")
                answer = service.get(path, request.query) if request.method == "GET" else service.post(path, request.content)
            except ServiceFault as fault:
                seen["refused"] += 1
                first.setdefault(kind, str(fault))
                continue
            wrong = faults(name, REAL_DATA, request, Reply(without_nulls(answer.said)))
            seen["faults"] += len(wrong)
            if wrong:
                first.setdefault(kind, wrong[0][-120:])
    return [[source, kind, seen["asked"], seen["refused"], seen["faults"], first.get(kind, "")] for kind, seen in counts.items()]


@contextmanager
def _prism(name: str, folder: Path) -> Iterator[str]:
    """A server made from a description."""
    text = (REAL_DATA / name).read_bytes()
    described = json.loads(text) if name.endswith(".json") else yaml.load(text, Loader=yaml.CSafeLoader)
    described["paths"] = {BASES[name] + path: what for path, what in described["paths"].items()}
    described["servers"] = [{"url": "http://127.0.0.1"}]
    file = folder / f"{Path(name).stem}.json"
    file.write_text(json.dumps(described, default=str))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [_executable(), "mock", "-d", "--errors", "-h", "127.0.0.1", "-p", str(port), str(file)]
    with (folder / f"{port}.log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _executable() -> str:
    """Prism: the one that PRISM names or that is installed, else fetched with npm into the user's cache."""
    if found := os.environ.get("PRISM") or shutil.which("prism"):
        return found
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pmo-workbench" / "prism"
    made = home / "node_modules" / ".bin" / "prism"
    if not made.exists():
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--prefix", str(home), PRISM], check=True, capture_output=True)
    return str(made)


def _wait_for(port: int, process: subprocess.Popen[bytes], seconds: float = 180) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.5)
    raise RuntimeError("Prism did not start")


def _faults() -> str:
    """A row a behaviour: at how many of its places it came out as it must."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for behaviour in BEHAVIOURS:
            row: list[Any] = [behaviour.name, f"ends: … {behaviour.fault} …" if behaviour.fault else "complete"]
            lines.append([*row, *(_places(behaviour, source, Path(folder)) if source in behaviour.on else "–" for source in ALL)])
    cells = [cell for line in lines for cell in line[2:] if cell != "–"]
    right = sum(int(cell.split("/")[0]) for cell in cells)
    head = f"{len(lines)} behaviours, each at the first, a middle and the last page of the listing: {right} of {3 * len(cells)} came out as they must."
    return f"{head}\n\n" + table(["behaviour", "the pull", *ALL], lines, text=("behaviour", "the pull", *ALL))


def _places(behaviour: Any, source: str, folder: Path) -> str:
    right = 0
    for place, at in PLACES.items():
        with ExitStack() as stack:
            stack.enter_context(patch("os.fsync"))  # no power fails here, and the disk is what takes the time
            boards = {} if source == "asana" else {"agile": False}
            made = Bench(source, folder / f"{BEHAVIOURS.index(behaviour)}-{source}-{place}", stack, **boards)
            try:
                check(made, behaviour, at)
                right += 1
            except Exception as error:  # noqa: BLE001  whatever goes wrong is what the page is for
                print(f"{behaviour.name} on {source} at the {place} page: {type(error).__name__}: {error}")
    return f"{right}/{len(PLACES)}"
