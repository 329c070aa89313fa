"""Fixtures for all tests, and the rule that no test is skipped in silence.

The number of tests that ran is held against `tests/recorded.json`; `pytest --record` writes it anew after tests were added.
"""

from __future__ import annotations

import json
import os
import pickle
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

# jsonschema loads it for addresses beyond ASCII, which no schema here asks for, and its grammar takes two seconds to compile in every process
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

ROOT = Path(__file__).parent.parent
RECORDED = Path(__file__).with_name("recorded.json")
REAL_DATA = Path(os.environ.get("PMO_REAL_DATA") or ROOT.parent / "shared" / "data")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
STRICT = bool(os.environ.get("CI"))
WITHOUT_KERNELS = tuple(
    f"tests/{room}" for room in ("connectors", "tables", "readers/test_mpxj", "readers/test_door", "readers/test_jira", "readers/test_mutants")
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record", action="store_true", help="record how many tests ran, for later runs to be held to")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Tally(config), "tally")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest test begins first, and its demo compiles the kernels for all: tests that need none come next, so that nobody compiles them a second time.

    Outside CI a machine without the real files or a browser runs the rest, and says so.
    """
    items.sort(key=lambda item: (not item.nodeid.startswith("tests/test_wheel"), not item.nodeid.startswith(WITHOUT_KERNELS)))
    needs = {"real": (REAL_DATA.is_dir(), f"no real files at {REAL_DATA}; set PMO_REAL_DATA"), "browser": (bool(CHROMIUM), "no Chromium on this machine")}
    for marker, (there, what) in needs.items():
        if not there and not STRICT:
            for item in items:
                if marker in item.keywords:
                    item.add_marker(pytest.mark.skip(reason=what))


class Tally:
    """Counts what ran, by marker, also under xdist (reports reach the controller)."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.ran: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        kinds = ["all", *(marker for marker in ("real", "browser") if marker in report.keywords)]
        if report.skipped:
            self.skipped.update(kinds)
        elif report.when == "call":
            self.ran.update(kinds)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(self.config, "workerinput") or self.config.option.collectonly:
            return
        if self.config.getoption("--record"):
            RECORDED.write_text(json.dumps({kind: self.ran[kind] for kind in ("all", "real", "browser")}) + "\n")
        if faults := self.faults():
            session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED
            self.config.stash[FAULTS] = faults

    def faults(self) -> list[str]:
        faults = [f"{self.skipped[kind]} {kind} tests were skipped; in CI they must run" for kind in ("real", "browser") if STRICT and self.skipped[kind]]
        whole = not self.config.args_source.name.startswith("ARGS") and not self.config.option.keyword and not self.config.option.markexpr
        if whole and RECORDED.exists():
            expected = json.loads(RECORDED.read_text())
            absent = 0 if STRICT else sum(expected[kind] for kind in ("real", "browser") if self.skipped[kind])
            if self.ran["all"] < expected["all"] - absent:
                faults.append(f"{self.ran['all']} tests ran, and {expected['all']} are recorded; restore them or record anew with --record")
        return faults

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for fault in self.config.stash.get(FAULTS, []):
            terminalreporter.write_line(f"ERROR {fault}", red=True)


FAULTS = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real files; a missing folder is an error, never a skip, in CI."""
    assert REAL_DATA.is_dir(), f"no real files at {REAL_DATA}; set PMO_REAL_DATA"
    return REAL_DATA


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the Chromium to drive."""
    assert CHROMIUM, "no Chromium on this machine; on Debian: apt-get install chromium"
    return CHROMIUM


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str, str]]:
    """`pmo` in this very process, as in `command("check", "plan.xer")`: its exit code, what it says, and what it says on stderr."""
    from pmo_lib import cli

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["pmo", *arguments])
        with pytest.raises(SystemExit) as left:
            cli.main()
        told = capsys.readouterr()
        return int(left.value.code or 0), told.out, told.err

    return run


@pytest.fixture(scope="session")
def plans_of(real_data: Path) -> Callable[[str], list[Any]]:
    """Every project of a real file, as the door reads it: read once a process, since a Project is never changed."""
    from pmo_lib.readers import read_all

    return cache(lambda file: read_all(real_data / file))


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[], Any]], Any]:
    """Makes a thing once for all processes of a run: the first that asks makes it, the others wait and take what it made."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def made(name: str, make: Callable[[], Any]) -> Any:
        import fcntl

        path = shared / f"{name}.pickle"
        with (shared / f"{name}.lock").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            if path.exists():
                return pickle.loads(path.read_bytes())
            found = make()
            path.write_bytes(pickle.dumps(found))
            return found

    return made
