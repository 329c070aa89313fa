"""Plots as data: what each element holds, not how it looks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from types import ModuleType
from typing import Any

import numpy as np
import polars as pl
import pytest

from pmo_lib import make_plan, plots
from pmo_lib import risk as pmo_risk
from pmo_lib.plots import driving, risk, schedule_rows
from pmo_lib.plots.theme import DARK


def parts(overlay: Any) -> dict[str, Any]:
    return {element.label: element for element in overlay.values() if element.label}


@pytest.fixture(scope="module")
def rows(sample: ModuleType) -> pl.DataFrame:
    known = sample.assessment()
    return plots.gantt_rows(known.dates, known.plan.tables, known.forecast.activities, data_date=sample.DATA_DATE)


def test_finish_distribution(sample: ModuleType) -> None:
    forecast = sample.forecast()
    found = parts(plots.finish_distribution(forecast, target=sample.at("29 Jan 2027"), chance=0.15))
    chance = found["curve"].dimension_values("chance")
    assert (chance[0], chance[-1]) == (0.01, 0.99)
    assert (np.diff(chance) > 0).all()
    p80 = forecast.percentiles.filter(pl.col("p") == 80)["finish"][0]
    marked = dict(zip(found["percentiles"].dimension_values("chance"), found["percentiles"].dimension_values("finish"), strict=True))
    assert marked[0.8] == np.datetime64(p80)
    assert found["P80"].dimension_values(2)[0] == "P80  12 Mar 2027"
    assert found["target text"].dimension_values(2)[0] == "Target 29 Jan: 15\u00a0%"
    low, high = found["band"].dimension_values("low"), found["band"].dimension_values("high")
    assert (low <= chance + 1e-9).all()
    assert (high >= chance - 1e-9).all()
    heights = found["histogram"].dimension_values("height")
    assert heights.max() == pytest.approx(risk.BARS)


def test_a_simulation_is_drawn_as_it_is() -> None:
    plan = make_plan({"A": 5, "B": (3, "A")}, start="2026-01-05")
    sim = pmo_risk.simulate(plan, iterations=200)
    curve = parts(plots.finish_distribution(sim))["curve"]
    assert curve.dimension_values("finish")[[9, 79]].tolist() == pmo_risk.percentiles(sim, (10, 80))["finish"].to_numpy().tolist()


def test_a_target_far_away_does_not_squeeze_the_curve(sample: ModuleType) -> None:
    found = parts(plots.finish_distribution(sample.forecast(), target=datetime(2040, 1, 1)))
    assert "target" not in found


def test_a_finish_without_doubt_can_be_drawn(sample: ModuleType, rendered: Callable[[Any], Any]) -> None:
    when = sample.at("1 Mar 2027")
    flat = sample.forecast().percentiles.with_columns(pl.lit(when).cast(pl.Datetime("us")).alias(name) for name in ("finish", "finish_low", "finish_high"))

    class Certain:
        percentiles = flat
        histogram = pl.DataFrame({"start": [when], "finish": [when], "share": [1.0]})

    rendered(plots.finish_distribution(Certain(), target=when))


def test_drivers_most_important_first(sample: ModuleType) -> None:
    sensitivity = sample.forecast().sensitivity
    found = parts(plots.drivers(sensitivity.sample(fraction=1, shuffle=True, seed=1), most=3))
    assert list(found["drivers"].dimension_values("value")) == [7.4, 4.6, 3.9]
    assert list(found["values"].dimension_values(2)) == ["7.4\u00a0wd", "4.6\u00a0wd", "3.9\u00a0wd"]


def test_drivers_fall_back_to_what_was_computed(sample: ModuleType) -> None:
    sensitivity = sample.forecast().sensitivity.with_columns(contribution_p80=pl.lit(None, pl.Float64))
    assert driving.measured_by(sensitivity) == "ssi"
    assert parts(plots.tornado(sensitivity))["values"].dimension_values(2)[0] == "0.60"


def test_earned_value_stops_where_it_is_not_known(sample: ModuleType) -> None:
    found = parts(plots.earned_value(sample.earned(), currency="GBP"))
    assert len(found["pv"]) == 11
    assert len(found["ev"]) == len(found["ac"]) == 9


def test_p80_trend(rendered: Callable[[Any], Any]) -> None:
    dates = [datetime(2026, month, 28) for month in range(6, 12)]
    frame = pl.DataFrame(
        {"date": dates, **{name: [when + timedelta(days=200 + size) for when in dates] for name, size in (("p10", 0), ("p50", 20), ("p80", 40), ("p90", 50))}}
    )
    found = parts(plots.p80_trend(frame.reverse()))
    assert list(np.diff(found["p80"].dimension_values("finish")) > 0) == [True] * 5
    assert found["p80 text"].dimension_values(2)[0] == "P80 26 Jul 2027"
    rendered(plots.p80_trend(frame.with_columns(target=pl.lit(datetime(2027, 6, 1)))))


def test_gantt_rows_are_split_at_the_status_date(rows: pl.DataFrame, sample: ModuleType) -> None:
    by = {row["activity"]: row for row in rows.iter_rows(named=True)}
    assert by["A1110"]["split"] == sample.DATA_DATE
    assert by["A1040"]["split"] == by["A1040"]["early_finish"]  # done
    assert by["A1510"]["split"] == by["A1510"]["early_start"]  # not begun
    assert rows["heading"].drop_nulls().to_list() == ["Pumps", "Civil works", "Electrical and outfall", "Commissioning and handover"]
    assert rows["row"].is_unique().all()
    assert rows["row"].is_sorted()


def test_gantt_draws_done_to_come_and_critical(rows: pl.DataFrame, sample: ModuleType, rendered: Callable[[Any], Any]) -> None:
    overlay = plots.gantt(rows, sample.plan().tables["relationships"], data_date=sample.DATA_DATE, target=sample.at("29 Jan 2027"), theme=DARK)
    found = parts(overlay)
    bars = found["bars"].dframe()
    names = {bar: set(bars.loc[bars["bar"] == bar, "activity"]) for bar in ("done", "critical", "to come", "baseline")}
    assert names["done"] == {"A1040", "A1060", "A1110", "A1200", "A1310", "A1400"}
    assert names["critical"] == {"A1110", "A1120", "A1220", "A1500", "A1510"}
    assert names["to come"] == {"A1200", "A1310", "A1330", "A1400", "A1450"}
    assert "A1600" in names["baseline"]
    assert bars.loc[(bars["bar"] == "done") & (bars["activity"] == "A1110"), "finish"].to_list() == [sample.DATA_DATE]
    marks = found["marks"].dframe()
    assert marks["mark"].value_counts().to_dict() == {"p80": 11, "p90": 11, "whisker": 11, "p10": 10, "target": 1}
    assert list(found["milestones"].dimension_values("milestone")) == ["planned", "to come"]
    assert {"status date", "notches"} <= set(found)
    assert "link" in set(found["beneath"].dimension_values("mark"))
    rendered(overlay)


def test_gantt_keeps_to_its_rows_and_to_the_drivers(sample: ModuleType) -> None:
    known = sample.assessment()
    few = plots.gantt_rows(known.dates, known.plan.tables, known.forecast.activities, data_date=sample.DATA_DATE, most=6)
    assert few.height == 6
    open_rows = few.filter(~pl.col("finished"))
    assert open_rows["critical"].all()
    assert "A1600" in open_rows["activity"]  # the handover, where the project ends


def test_gantt_names_the_year_where_a_day_alone_would_be_read_wrongly(sample: ModuleType) -> None:
    known = sample.assessment()
    rows = plots.gantt_rows(known.dates, known.plan.tables, known.forecast.activities, data_date=sample.DATA_DATE)
    assert not schedule_rows.spans_years(rows)
    years = rows.with_columns(p80=pl.when(pl.col("activity") == "A1600").then(pl.col("p80").dt.offset_by("1y")).otherwise("p80"))
    assert schedule_rows.spans_years(years)
    assert schedule_rows.finish_text(years.filter(pl.col("activity") == "A1600").row(0, named=True), years=True) == "12 Mar 2028"


def test_gantt_without_forecast_baseline_or_status_date(sample: ModuleType, rendered: Callable[[Any], Any]) -> None:
    known = sample.assessment()
    tables = {"activities": known.plan.tables["activities"]}
    rows = schedule_rows.gantt_rows(known.dates, tables)
    assert rows["p80"].null_count() == rows.height
    assert rows["heading"].null_count() == rows.height
    assert rows["row"].min() == 1  # the first line is free for the names of the dates
    rendered(plots.gantt(rows))


def test_gantt_of_finished_work(sample: ModuleType, rendered: Callable[[Any], Any]) -> None:
    known = sample.assessment()
    ended = pl.col("activity").is_in(["A1040", "A1060"])
    rows = plots.gantt_rows(known.dates.filter(ended), known.plan.tables, data_date=sample.DATA_DATE)
    assert rows.height == 2
    rendered(plots.gantt(rows, data_date=sample.DATA_DATE))


def test_waterfall_begins_where_the_group_before_ended(sample: ModuleType) -> None:
    """Nine days later, five more, two won back: twelve in all."""
    found = parts(plots.waterfall(sample.comparison().attribution))
    bars = found["falls"]
    spans = list(zip(bars.dimension_values("from"), bars.dimension_values("to"), bars.dimension_values("days"), strict=True))
    assert spans == [(0, 9, 9), (9, 14, 5), (12, 14, -2), (0, 12, 12)]
    assert list(bars.dimension_values("group")) == ["progress", "durations", "logic", "total"]
    assert list(found["values"].dimension_values(2)) == ["+9", "+5", "−2", "+12"]


def test_the_theme_is_on_the_figure(sample: ModuleType, rendered: Callable[[Any], Any]) -> None:
    figure = rendered(plots.drivers(sample.forecast().sensitivity, theme=DARK))
    assert figure.background_fill_color == DARK.surface
    assert figure.toolbar_location is None
    assert figure.yaxis[0].major_label_text_font.startswith("Inter")
