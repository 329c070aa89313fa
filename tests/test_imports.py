"""What an import costs, held by what it loads: a list of modules does not depend on the machine as seconds do."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {"numba", "panel", "holoviews", "bokeh", "papermill", "scipy.stats", "matplotlib", "sqlalchemy", "jpype", "dataframely", "hvplot", "datashader"}


def loaded(code: str) -> set[str]:
    """Modules in memory after running `code` in a fresh interpreter."""
    told = subprocess.run([sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"], capture_output=True, text=True, check=True)
    return set(told.stdout.split())


def test_the_face_loads_nothing_heavy() -> None:
    assert loaded("import pmo_lib") & HEAVY == set()


def test_the_command_shows_its_help_without_the_engines() -> None:
    after = loaded("from pmo_lib.cli import app")
    assert after & (HEAVY | {"polars", "pandas", "numpy", "pyarrow"}) == set()


def test_the_portfolio_is_listed_without_the_engines() -> None:
    assert loaded("import pmo_lib.office.overview, pmo_lib.store") & {"numba", "scipy"} == set()


DRAWING = {"panel", "holoviews", "bokeh", "matplotlib", "papermill", "scipy.stats", "hvplot", "datashader"}
BELOW_THE_PLOTS = ["schedule", "risk", "evm", "flow", "portfolio", "readers", "store", "office"]
WITH_VERBS = ["schedule", "risk", "evm", "flow", "portfolio", "store", "office", "reports"]
EACH_ALONE = """
import importlib, json, pathlib, sys, types

def anew(name):  # as in a fresh interpreter, but for what comes from elsewhere
    for known in [known for known in sys.modules if known.split(".")[0] == "pmo_lib"]:
        del sys.modules[known]
    return importlib.import_module(name)

drawn, replaced = {}, {}
for room in sys.argv[1].split():
    before = set(sys.modules)
    face = anew(f"pmo_lib.{room}")
    for name in face.__all__:
        getattr(face, name)
    drawn[room] = sorted(set(sys.modules) - before)
for room in sys.argv[2].split():
    folder = pathlib.Path(anew("pmo_lib").__file__).parent / room
    for file in sorted(folder.rglob("*.py")):
        if not file.stem.startswith("__") and "migrations" not in file.parts:  # those run under alembic alone
            importlib.import_module(".".join(["pmo_lib", room, *file.relative_to(folder).with_suffix("").parts]))
    face = importlib.import_module(f"pmo_lib.{room}")
    replaced[room] = [name for name in face.__all__ if isinstance(getattr(face, name), types.ModuleType)]
print(json.dumps([drawn, replaced]))
"""


@pytest.fixture(scope="module")
def each_alone() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """By room what its whole face loads from elsewhere that no room before it did, and the verbs whose place a module took. One process for all."""
    command = [sys.executable, "-c", EACH_ALONE, " ".join(BELOW_THE_PLOTS), " ".join(WITH_VERBS)]
    drawn, replaced = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return drawn, replaced


@pytest.mark.parametrize("room", BELOW_THE_PLOTS)
def test_no_room_below_the_plots_draws(room: str, each_alone: tuple[dict[str, list[str]], dict[str, list[str]]]) -> None:
    assert DRAWING & set(each_alone[0][room]) == set()


@pytest.mark.parametrize("room", WITH_VERBS)
def test_a_verb_stays_a_verb_whichever_module_was_imported_first(room: str, each_alone: tuple[dict[str, list[str]], dict[str, list[str]]]) -> None:
    """A module that shares its verb's name must not take the verb's place in the room's face."""
    assert each_alone[1][room] == []


def test_the_face_offers_what_it_names() -> None:
    import pmo_lib

    for name in pmo_lib.__all__:
        assert getattr(pmo_lib, name) is not None
