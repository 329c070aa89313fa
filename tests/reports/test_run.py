"""Reports of a real workspace, by the notebook: what is written where, and what happens where one cannot be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat
import papermill
import pytest

import pmo_lib as pmo
from pmo_lib import reports
from pmo_lib.errors import InvalidInput, NotFound, PMOError
from pmo_lib.reports.kernel import ThisInterpreter
from pmo_lib.reports.page import parts
from pmo_lib.reports.run import safe_name
from pmo_lib.shipped import shipped
from pmo_lib.store import Workspace, init_workspace

HOSTILE = "../../etc =cmd"


@dataclass(frozen=True)
class Run:
    error: str
    told: list[tuple[int, int, str]]


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A planned project with a forecast, and one under a key that is no file name."""
    made = init_workspace(tmp_path_factory.mktemp("reports") / "workspace")
    plan = pmo.make_plan({"A": 5, "B": (3, "A"), "C": (4, "A SS+2d; B FF")}, start="2026-01-05", calendar="mon-fri")
    made.add(plan, key="HAND")
    pmo.office.forecast(made, "HAND", iterations=200, seed=1)
    made.add(replace(plan, info=replace(plan.info, name="<script>alert(1)</script>")), key=HOSTILE)
    yield made
    made.close()


@pytest.fixture(scope="module")
def run(ws: Workspace) -> Run:
    """All reports in one run, one of them of a project that there is not."""
    told: list[tuple[int, int, str]] = []
    with pytest.raises(PMOError) as raised:
        reports.report_all(ws, ["ABSENT", "HAND", HOSTILE], progress=lambda *step: told.append(step))
    return Run(str(raised.value), told)


@pytest.fixture(scope="module")
def written(ws: Workspace, run: Run) -> dict[str, list[Path]]:
    folders = {key: ws.folder.resolve() / "reports" / safe_name(key) / "undated" for key in ("HAND", HOSTILE)}
    return {key: [folder / f"status.{kind}" for kind in ("ipynb", "html", "pdf")] for key, folder in folders.items()}


def test_three_files_under_the_project_and_its_status_date(written: dict[str, list[Path]]) -> None:
    assert sorted(path.name for path in written["HAND"][0].parent.iterdir()) == ["status.html", "status.ipynb", "status.pdf"]  # nothing half-written is left
    assert written["HAND"][2].read_bytes().startswith(b"%PDF-")


def test_a_key_is_no_path(ws: Workspace, written: dict[str, list[Path]]) -> None:
    assert all(path.resolve().is_relative_to(ws.folder.resolve() / "reports") for path in written[HOSTILE])
    assert safe_name("NORTH.GATE-2_a") == "NORTH.GATE-2_a"
    assert safe_name("a/b") != safe_name("a_b")
    assert safe_name("..") not in ("", ".", "..")


def test_the_notebook_ran_with_the_declared_parameters(ws: Workspace, written: dict[str, list[Path]]) -> None:
    notebook = nbformat.read(written["HAND"][0], as_version=4)
    given = notebook.metadata["papermill"]["parameters"]
    declared = papermill.inspect_notebook(str(shipped("notebooks/reports/status.ipynb")))
    assert set(given) == set(declared)
    assert all(parameter["help"] and parameter["inferred_type_name"] != "None" for parameter in declared.values())
    assert given["key"] == "HAND"
    assert notebook.metadata["papermill"]["input_path"] == "status.ipynb"
    assert not [output for cell in notebook.cells for output in cell.get("outputs", []) if output.output_type in ("error", "stream")]


def test_the_report_shows_the_kept_forecast(written: dict[str, list[Path]]) -> None:
    head = parts(nbformat.read(written["HAND"][0], as_version=4))[0]
    assert "will probably finish on" in head["title"]
    assert any("200 iterations" in text for text in head["foot"])
    assert head["notes"][0].startswith("Indicative")


def test_hostile_names_are_text(written: dict[str, list[Path]]) -> None:
    html = written[HOSTILE][1].read_text(encoding="utf-8")
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_one_failure_does_not_stop_the_others(run: Run) -> None:
    assert run.error.startswith("1 of 3 reports could not be written: ABSENT: ")
    assert "no project ABSENT" in run.error
    assert run.told == [(1, 3, "ABSENT"), (2, 3, "HAND"), (3, 3, HOSTILE)]


def test_an_absent_project_reads_as_not_found(ws: Workspace, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no project ABSENT"):
        reports.report(ws, "ABSENT", out=tmp_path)
    assert not list(tmp_path.iterdir())


def test_unknown_names_are_refused_before_anything_runs(ws: Workspace) -> None:
    with pytest.raises(InvalidInput, match="no report 'weekly'"):
        reports.report(ws, "HAND", report="weekly")
    with pytest.raises(InvalidInput, match="no report format 'docx'"):
        reports.report(ws, "HAND", formats=("docx",))


def test_the_kernel_is_this_interpreter_whatever_is_installed() -> None:
    assert ThisInterpreter().get_kernel_spec("python3").argv[0] == sys.executable


def test_tutorials_run(tmp_path: Path) -> None:
    """One after another on one kernel, each in a namespace of its own: a kernel for each would load the charts and the compiled passes anew."""
    notebooks = sorted(shipped("notebooks/tutorials").glob("*.ipynb"))
    assert len(notebooks) > 1
    every = nbformat.v4.new_notebook()
    for notebook in notebooks:
        cells = nbformat.read(notebook, as_version=4).cells
        every.cells += [nbformat.v4.new_code_cell(f"%reset -f\n# {notebook.name}"), *({**cell, "id": f"{notebook.stem[:2]}-{cell.id}"} for cell in cells)]
    nbformat.write(nbformat.from_dict(every), tmp_path / "tutorials.ipynb")
    nbval = ["-o", "addopts=", "--nbval-lax", "--nbval-current-env", "--nbval-cell-timeout=300"]  # our own options leave the plugin out
    command = [sys.executable, "-m", "pytest", *nbval, "-q", "-p", "no:cacheprovider", str(tmp_path / "tutorials.ipynb")]
    run = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "PYTEST_ADDOPTS": ""})
    assert run.returncode == 0, run.stdout[-3000:]


@pytest.mark.parametrize("notebook", sorted(shipped("notebooks").rglob("*.ipynb")), ids=lambda path: path.stem)
def test_notebooks_are_kept_without_output(notebook: Path) -> None:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in cells)


@pytest.mark.parametrize("notebook", sorted(shipped("notebooks/tutorials").glob("*.ipynb")), ids=lambda path: path.stem)
def test_charts_of_tutorials_need_no_other_machine_and_have_titles(notebook: Path) -> None:
    """Without `inline` the scripts are fetched, and where there is no way out the place of each chart stays blank."""
    code = ["".join(cell["source"]) for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    assert [text for text in code if "hv.extension" in text and "inline=True" not in text] == []
    drawn = [line for text in code for line in text.splitlines() if line.startswith("pmo.plots.")]
    assert drawn
    assert all(".opts(title=" in line for line in drawn)
