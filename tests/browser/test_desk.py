"""The desk keeps a portfolio only as long as it still holds."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from markupsafe import Markup
from pmo_dashboards.safe import html
from pmo_dashboards.state import Office

from benchmarks import busy_board
from pmo_lib import make_plan, office
from pmo_lib.project import Project
from pmo_lib.store import init_workspace


def test_a_portfolio_is_made_anew_after_every_write(tmp_path: Path) -> None:
    with init_workspace(tmp_path / "ws") as workspace:
        desk = Office(workspace)
        assert desk.portfolio().is_empty()
        workspace.add(make_plan({"A": 5, "B": (3, "A")}, name="WORKS", data_date="2026-01-05"))
        seen = desk.portfolio()
        assert seen["finish"].to_list() == [None]
        assert desk.portfolio() is seen
        office.certify(workspace, "WORKS")
        assert desk.portfolio()["finish"].null_count() == 0
        assert desk.portfolio(datetime(2025, 1, 1)).is_empty()
        seen = desk.portfolio()
        (workspace.folder / "standards.toml").write_text("")
        assert desk.portfolio() is not seen


def test_the_first_board_is_measured_before_anybody_asks(tmp_path: Path) -> None:
    with init_workspace(tmp_path / "ws") as workspace:
        desk = Office(workspace)
        desk.prepare()  # no board: nothing to do
        for key, items in (("FEW", 40), ("MANY", 3_600)):
            made = busy_board.board(items, years=1.0)
            workspace.add(Project(replace(made.info, key=key, name=key), made.tables))
            office.certify(workspace, key)
        desk.prepare()
        known = desk._flows["FEW", None][1]
        assert desk.flow("FEW") is known
        assert list(desk._flows) == [("FEW", None)]
        with ThreadPoolExecutor(2) as both:
            one, other = both.map(desk.flow, ["MANY", "MANY"])
        assert one is other  # measured once


@pytest.mark.parametrize(
    ("template", "values"),
    [("<a>{}</a>{}", ("<", Markup("<b>"))), ("{}", (None,)), ("{}{}", (1.5, datetime(2026, 1, 1))), ("{{{}}}", ("<",)), ("{:>5}", ("<",))],
)
def test_templates_put_together_directly_are_what_formatting_gives(template: str, values: tuple[object, ...]) -> None:
    assert html(template, *values) == Markup(template).format(*values)
