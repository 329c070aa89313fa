"""The office on a small store: what is brought in, certified, forecast and shown is one and the same plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from pmo_lib import make_plan, office
from pmo_lib.errors import NotAvailable, NotFound, NotSchedulable
from pmo_lib.project import Project
from pmo_lib.risk.inputs.estimates import checked
from pmo_lib.store import Workspace, init_workspace
from pmo_lib.tables.portfolio_results import Health, Listing

NETWORK = {"A": 10, "B": (20, "A"), "C": (12, "A SS+2d"), "D": (8, "B; C"), "END": (0, "D")}


def plan(at: str = "2026-01-05", days: float = 20, key: str = "WORKS") -> Project:
    made = make_plan(NETWORK | {"B": (days, "A")}, start="2026-01-05", data_date=at, name=key)
    return replace(made, info=replace(made.info, name=f"The {key.lower()}"))


def estimated(made: Project) -> Project:
    """The plan with a range for everything that has a duration."""
    days = made.tables["activities"].filter(pl.col("duration") > 0).select("activity", likely=pl.col("duration") / 480)
    rows = days.with_columns(
        shape=pl.lit("pert"), low=0.8 * pl.col("likely"), high=1.5 * pl.col("likely"), meaning=pl.lit("minmax"), lam=pl.lit(None, pl.Float64)
    )
    return Project(made.info, {**made.tables, "estimates": checked(rows)})


def listing(**row: object) -> pl.DataFrame:
    blank = dict.fromkeys(Listing.column_names())
    return Listing.validate(pl.DataFrame([blank | {"key": "WORKS", "name": "The works"} | row], schema=Listing.create_empty().schema), cast=True)


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with init_workspace(tmp_path / "ws") as workspace:
        yield workspace


def test_one_story_on_every_surface(ws: Workspace) -> None:
    ws.set_listing(listing(approved_finish=date(2026, 3, 6), declared="on_track", milestones="END", programme="Water"), "list.xlsx", as_of="2026-01-01")
    for at, days in [("2026-01-05", 20), ("2026-01-12", 26)]:
        ws.add(estimated(plan(at, days)), key="WORKS")
        office.certify(ws, "WORKS", as_of=datetime.fromisoformat(at))
        office.forecast(ws, "WORKS", iterations=1000, seed=1, as_of=datetime.fromisoformat(at))
    seen = office.assess(ws, "WORKS")
    assert seen.forecast is not None
    assert seen.previous_forecast is not None
    assert seen.forecast.indicative is None
    assert seen.forecast.targets["kind"].to_list() == ["approved", "milestone"]
    p80 = seen.forecast.percentiles.filter(pl.col("p") == 80)["finish"][0]
    row = office.portfolio(ws).row(0, named=True)
    assert list(row) == Health.column_names()
    assert row["p80"] == p80
    assert row["p80_change"] > 0
    assert row["programme"] == "Water"
    assert (row["computed"], row["watermelon"]) == (seen.status.computed, seen.status.watermelon) == ("off_track", True)
    assert seen.comparison is not None
    assert "B" in seen.comparison.changes.filter(pl.col("change").cast(pl.String) == "duration")["activity"].to_list()
    assert office.assess(ws, "WORKS", as_of=datetime(2026, 1, 6)).previous is None


def test_assumed_ranges_are_never_enough_for_green(ws: Workspace) -> None:
    ws.set_listing(listing(approved_finish=date(2027, 12, 31)), "list.xlsx", as_of="2026-01-01")
    ws.add(plan(), key="WORKS")
    made = office.forecast(ws, "WORKS", iterations=500, seed=1)
    assert made.indicative
    assert made.targets["chance"][0] == 1.0
    seen = office.assess(ws, "WORKS")
    assert seen.status.computed == "no_data"
    assert office.portfolio(ws)["indicative"].to_list() == [True]


def test_a_loop_is_imported_and_shown_and_its_forecast_names_it(ws: Workspace) -> None:
    ws.add(make_plan({"A": (2, "C"), "B": (2, "A"), "C": (2, "B")}, name="KNOT", data_date="2026-01-05"))
    office.certify(ws, "KNOT")
    with pytest.raises(NotSchedulable, match="loop"):
        office.forecast(ws, "KNOT")
    seen = office.assess(ws, "KNOT")
    assert seen.dates is None
    assert "->" in seen.refusals["dates"]
    assert "->" in seen.refusals["forecast"]
    row = office.portfolio(ws).row(0, named=True)
    assert row["computed"] == "no_data"
    assert "loop" in row["note"]


def test_a_started_plan_without_status_date_needs_one(ws: Workspace) -> None:
    begun = {"A": {"actual_start": datetime(2026, 1, 5, 8), "remaining_duration": 2400}}
    ws.add(make_plan(NETWORK, start="2026-01-05", name="WORKS", details=begun))
    with pytest.raises(NotAvailable, match="as-of"):
        office.forecast(ws, "WORKS", iterations=200)
    made = office.forecast(ws, "WORKS", iterations=200, as_of=datetime(2026, 1, 12, 8))
    assert made.deterministic_finish > datetime(2026, 1, 12)


def test_a_listed_project_without_a_plan_is_shown(ws: Workspace) -> None:
    ws.set_listing(listing(), "list.xlsx")
    row = office.portfolio(ws).row(0, named=True)
    assert row["snapshot"] is None
    assert "no plan was submitted" in row["note"]


def test_a_target_given_by_hand_comes_first() -> None:
    aims = office.forecast_plan(plan(), iterations=200, seed=1, target=datetime(2026, 2, 27)).targets
    assert aims["kind"].to_list() == ["given"]


def test_baseline_dates_become_the_target_and_earned_value(ws: Workspace) -> None:
    first = ws.add(plan(), key="WORKS")
    late = {"A": {"actual_start": datetime(2026, 1, 5, 8), "actual_finish": datetime(2026, 1, 16, 17), "remaining_duration": 0, "percent_complete": 1.0}}
    ws.add(make_plan(NETWORK, start="2026-01-05", data_date="2026-01-19", name="WORKS", details=late), key="WORKS")
    office.set_baseline(ws, "WORKS", first.hash)
    seen = office.assess(ws, "WORKS")
    assert seen.info.baseline is not None
    assert "baselines" in seen.plan.tables


@pytest.mark.real
def test_a_folder_is_mapped_to_keys_and_the_missing_are_named(ws: Workspace, real_data: Path, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "airport-november.xer").write_bytes((real_data / "schedules/xer/terminal-building-airport.xer").read_bytes())
    (inbox / "broken.xer").write_bytes(b"ERMHDR\t19.12\n")
    (inbox / "projects.csv").write_text(
        "Key,Project name,Programme,File pattern,Declared status\nTERMINAL,Terminal 2,Airport,airport-*,Green\nRUNWAY,Runway 3,Airport,runway-*,Amber\n"
    )
    submissions, missing = office.bring_in(ws, inbox)
    outcomes = {submission.file: submission.outcome for submission in submissions}
    assert outcomes == {"projects.csv": "project list", "airport-november.xer": "new", "broken.xer": "refused"}
    assert missing == ["RUNWAY"]
    again, _ = office.bring_in(ws, inbox / "airport-november.xer")
    assert [submission.outcome for submission in again] == ["same"]
    row = office.portfolio(ws).filter(pl.col("key") == "TERMINAL").row(0, named=True)
    assert row["agreement"] == 1.0
    assert row["declared"] == "on_track"


def test_the_moment_of_import_is_no_status_date(ws: Workspace) -> None:
    undated = make_plan(NETWORK, start="2026-01-05", name="WORKS")
    assert undated.info.data_date is None
    ws.add(undated)
    office.certify(ws, "WORKS")
    ws.add(plan("2026-01-12", key="DATED"))
    shown = dict(office.portfolio(ws).select("key", pl.col("data_date").dt.date()).iter_rows())
    assert shown == {"WORKS": None, "DATED": date(2026, 1, 12)}


def test_a_baseline_for_a_project_that_is_not_there_writes_nothing(ws: Workspace, tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text("ID,Task,Start,Duration\nA,Dig,2027-01-04,5\n")
    before = sorted(path.name for path in Path(ws.folder).rglob("*") if path.is_file())
    with pytest.raises(NotFound, match="NOPE"):
        office.set_baseline(ws, "NOPE", str(tmp_path / "plan.csv"))
    assert sorted(path.name for path in Path(ws.folder).rglob("*") if path.is_file()) == before
    assert "NOPE" not in ws.portfolio()["key"].to_list()
    with pytest.raises(NotFound):
        ws.project("NOPE")


def test_a_folder_is_searched_for_plans_and_not_for_licences(ws: Workspace, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "plan.csv").write_text("ID,Task,Start,Duration\nA,Dig,2027-01-04,5\n")
    for name in ("LICENSE", "LICENCE.samples.MIT", "README", ".hidden"):
        (inbox / name).write_text("Words.\n")
    (one,), _ = office.bring_in(ws, inbox)
    assert (one.file, one.outcome, one.message.split(",")[0]) == ("plan.csv", "new", "1 activity")


def test_quality_from_snapshot_to_snapshot(ws: Workspace) -> None:
    """What is kept is what was measured; a snapshot checked by an older version is measured anew."""
    loose = make_plan({"A": 10, "B": 20, "END": (0, "B")}, start="2026-01-05", data_date="2026-01-05", name="WORKS")
    for made in (loose, plan("2026-01-12")):
        ws.add(made, key="WORKS")
        office.certify(ws, "WORKS", as_of=made.info.data_date)
    found = office.quality_trend(ws, "WORKS").filter(check="logic")
    assert found["numerator"].to_list() == [2, 1]
    assert found["snapshot"].to_list() == ws.history("WORKS")["snapshot"].to_list()
    assert office.quality_trend(ws, "WORKS", as_of=datetime(2026, 1, 6)).filter(check="logic")["numerator"].to_list() == [2]
    old = ws.history("WORKS")["snapshot"][0]
    kept = ws.result(old, "standing")
    assert kept is not None
    frame = kept.frames["checks"].drop("group", "definition", "rule", "reference", "coverage")
    ws.keep(old, "standing", {**kept.payload, "edition": 1}, {"checks": frame}, version="0.0.1")
    assert office.quality_trend(ws, "WORKS").filter(check="logic")["numerator"].to_list() == [2, 1]
    assert office.assess(ws, "WORKS").checks_trend is not None


def test_a_key_asked_for_holds_for_every_status_date_of_the_plan_and_for_no_other_in_the_file(tmp_path: Path) -> None:
    from pmo_lib.office.bringing_in import _key

    none = Listing.create_empty()
    periods = [plan(at=f"2026-0{month}-05", key="CARD") for month in (1, 2, 3)]
    other = make_plan({"X": 1}, start="2026-01-05", name="Other")
    file, siblings = tmp_path / "card.xlsx", [*periods, other]
    assert {_key(one, file, siblings, none, "WORKS") for one in periods} == {"WORKS"}
    assert _key(other, file, siblings, none, "WORKS") != "WORKS"
