"""The sentences that open a page or a report: the answer first, made from the tables and never from opinion.

*Probably* means the P80; each sentence holds without its page.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from pmo_lib.plots import measures, words

LINE = 80  # characters of a chart's title


def portfolio(health: pl.DataFrame) -> str:
    """How many projects are off track, and how many of those say otherwise. `health` is `tables.portfolio_results.Health`."""
    known = health.filter(pl.col("computed") != "no_data")
    if health.is_empty():
        return "No project yet"
    if known.is_empty():
        return (
            "The one project listed has no status yet"
            if health.height == 1
            else words.capitalised(f"{_projects(health.height)} are listed, and none has a status yet")
        )
    off = known.filter(pl.col("computed") == "off_track")
    if off.is_empty():
        return _without_trouble(known)
    missing = off["chance"].null_count() == 0 and off["chance"].max() < 0.5  # type: ignore[operator]
    what = "will probably miss " + ("its target" if off.height == 1 else "their targets") if missing else "is off track" if off.height == 1 else "are off track"
    quiet = off.filter(pl.col("declared") == "on_track").height
    weighed = health.filter((pl.col("computed") != "no_data") | pl.col("chance").is_not_null()).height  # some have a chance and, it being assumed, no status
    who = "The project" if weighed == 1 else f"{words.capitalised(words.spelled(off.height))} of {_projects(weighed)}"
    return f"{who} {what}{_reported(quiet, off.height)}"


def _projects(count: int) -> str:
    return f"{words.spelled(count)} project{'' if count == 1 else 's'}"


def _reported(quiet: int, off: int) -> str:
    if quiet == 0:
        return ""
    if off == 1:
        return ", and reports “on track”"
    who = "all" if quiet == off and off > 2 else "both" if quiet == off else f"{words.spelled(quiet)} of the {words.spelled(off)}"
    return f"; {who} report{'s' if quiet == 1 else ''} “on track”"


def _without_trouble(known: pl.DataFrame) -> str:
    risky = known.filter(pl.col("computed") == "at_risk").height
    if risky == 0:
        return (
            "The project is on track"
            if known.height == 1
            else "Both projects are on track"
            if known.height == 2
            else f"All {_projects(known.height)} are on track"
        )
    if known.height == 1:
        return "The project is at risk"
    return f"{words.capitalised(words.spelled(risky))} of {_projects(known.height)} {'is' if risky == 1 else 'are'} at risk, and none is off track"


def project(name: str, p80: datetime | None, target: datetime | None, *, planned: datetime | None = None) -> str:
    """When the project will probably finish, against its target."""
    if p80 is None:
        return f"{name} is planned to finish on {words.long_day(planned)}; there is no forecast" if planned else f"{name} has no forecast"
    when = f"{name} will probably finish on {words.long_day(p80)}"
    if target is None:
        return f"{when}; it has no target"
    late = words.days_between(target, p80)
    if abs(late) < 1:
        return f"{when}, on its target"
    return f"{when}, {words.span(late)} {'after' if late > 0 else 'before'} its target"


def cut(title: str) -> str:
    """A chart's title, shortened to one line."""
    return title if len(title) <= LINE else title[: LINE - 1].rstrip(" ,;") + "…"


def gantt(rows: pl.DataFrame) -> str:
    """What holds the critical path. `rows` is `plots.gantt_rows`."""
    first = rows.filter("longest_path" if rows["longest_path"].any() else "critical").filter(~pl.col("finished"))
    names = (
        first.filter(pl.col("early_start") < pl.col("early_finish"))
        .sort("criticality", "early_finish", descending=[True, False], nulls_last=True, maintain_order=True)["name"]
        .to_list()
    )
    if not names:
        return "The critical path" if rows.filter(~pl.col("finished")).height else "All work is done"
    if len(names) == 1:
        return _about(names[0], "alone is left on the critical path")
    pair = f"{names[0]} and {names[1]} lead the critical path"
    return pair if len(pair) <= LINE else _about(names[0], "leads the critical path")


def _about(name: str, what: str) -> str:
    """What is said of a thing, on one line: its name is cut, the finding never."""
    return f"{words.shortened(name, LINE - len(what) - 1)} {what}"


def finish(chance: float | None, target: datetime | None) -> str:
    """The chance of the target, in a sentence."""
    if target is None or chance is None:
        return "When the project will finish"
    if chance >= 0.995:
        return f"The target of {words.day(target)} is all but certain"
    if chance < 0.005:
        return f"The target of {words.day(target)} is out of reach"
    return f"The target of {words.day(target)} has a chance of {words.chance(chance)}"


def what_if(difference: pl.DataFrame, what: str) -> str:
    """What a change would do to the P80, with its own error. `difference` is `tables.risk_results.Difference`; `what` is the change, as in "Without R7"."""
    found = difference.filter(pl.col("p") == 80)
    if found.is_empty():
        return what
    size = moved(difference)
    if not size:
        return cut(f"{what} the P80 would not move beyond the sampling error")
    return cut(f"{what} the P80 would be {size[1:]} {'later' if size[0] == '+' else 'earlier'}")


def moved(difference: pl.DataFrame, p: float = 80) -> str:
    """How far a change moves a percentile, with its own error, as in "−23 wd ± 1 wd"; empty where that is within the error."""
    found = difference.filter(pl.col("p") == p)
    if found.is_empty():
        return ""
    days, low, high = found.select("working_days", "low", "high").row(0)
    half = (high - low) / 2
    if abs(days) <= half or abs(days) < 0.05:
        return ""
    digits = 0 if half >= 0.5 else 1
    sign = "+" if days > 0 else words.MINUS
    return f"{sign}{words.number(abs(days), digits)}{words.SPACE}wd ±{words.SPACE}{words.number(max(half, 10.0**-digits), digits)}{words.SPACE}wd"


def contributions(table: pl.DataFrame) -> str:
    """Which risks move the P80 most. `table` is `tables.risk_results.Contributions`."""
    sure = (pl.col("kind").cast(pl.String) != "activity") & (pl.col("contribution") > 1.96 * pl.col("error"))
    names = table.filter(sure).sort("contribution", descending=True)["name"].to_list()
    if not names:
        return "No risk moves the P80 beyond the sampling error"
    if len(names) > 1 and len(both := f"{names[0]} and {names[1]} add most to the P80") <= 72:
        return both
    return f"{names[0]} adds most to the P80" if len(names[0]) <= 52 else "A few risks carry the doubt"


def drivers(sensitivity: pl.DataFrame, measure: str) -> str:
    """Which activities the finish hangs on most. `measure` is the column that ranks them."""
    ranked = sensitivity.filter(pl.col(measure).fill_null(0) > 0).sort(measure, descending=True)["name"].to_list()
    if not ranked:
        return "No single activity stands out"
    if len(ranked) > 1 and len(both := f"{ranked[0]} and {ranked[1]} matter most") <= 56:
        return both
    return f"{ranked[0]} matters most" if len(ranked[0]) <= 44 else "A few activities carry the doubt"


def targets(table: pl.DataFrame) -> str:
    """How the key dates stand. `table` is `tables.risk_results.Targets`."""
    known = table.drop_nulls("chance")
    if known.is_empty():
        return "Key dates"
    held, doubtful = known.filter(pl.col("chance") >= 0.8).height, known.filter(pl.col("chance") < 0.5).height
    if doubtful == known.height:
        return "No date has a better than even chance" if known.height > 1 else "Its one date has a worse than even chance"
    if held == known.height:
        return "Every date will probably hold" if held > 1 else "Its one date will probably hold"
    return f"{words.capitalised(words.spelled(held))} of {words.spelled(known.height)} dates will probably hold"


def earned_value(figures: dict[str, float | None]) -> str:
    """Work and cost against plan, in a sentence."""
    spi, cpi = figures.get("spi"), figures.get("cpi")
    work = (
        None
        if spi is None
        else "Work is on plan"
        if abs(spi - 1) < 0.005
        else f"Work is {abs(1 - spi) * 100:.0f}{words.SPACE}% {'behind' if spi < 1 else 'ahead of'} plan"
    )
    if cpi is None:
        return work or "Earned value"
    cost = "costs as planned" if abs(cpi - 1) < 0.005 else f"costs {'more' if cpi < 1 else 'less'} than planned"
    return f"{work} and {cost}" if work else words.capitalised(f"work {cost}")


def checks(table: pl.DataFrame) -> str:
    """How many of the DCMA's points hold. `table` is `tables.schedule_results.Checks`."""
    passed, made = measures.points(table)
    return f"{passed} of {words.count(made, 'DCMA point')} passed" if made else "No DCMA point could be measured"


def checks_trend(table: pl.DataFrame) -> str:
    """Which of the DCMA's points turned since the snapshot before. `table` is `tables.schedule_results.CheckTrend`."""
    rows = table.filter(pl.col("group").cast(pl.String) == "dcma")
    snapshots = rows["snapshot"].unique(maintain_order=True).to_list()
    if len(snapshots) < 2:
        return "Schedule quality over time"
    before, now = (rows.filter(pl.col("snapshot") == one).select("check", "title", "passed").drop_nulls() for one in snapshots[-2:])
    both = now.join(before, on="check", suffix="_before", maintain_order="left")
    worse = both.filter(~pl.col("passed") & pl.col("passed_before"))["title"].to_list()
    better = both.filter(pl.col("passed") & ~pl.col("passed_before"))["title"].to_list()
    if not worse and not better:
        return "No point turned since the last snapshot"
    told = [f"{_turned(titles)} {what}" for titles, what in ((worse, "failed"), (better, "recovered")) if titles]
    return cut(words.capitalised(", ".join(told)) + " since the last snapshot")


def _turned(titles: list[str]) -> str:
    """One is named, several are counted."""
    return titles[0] if len(titles) == 1 else words.spelled(len(titles))


def moves(health: pl.DataFrame) -> str:
    """How the P80 dates moved since the snapshots before. `health` is `tables.portfolio_results.Health`."""
    moved = health.drop_nulls("p80_change")
    if moved.is_empty():
        return "No project has an earlier snapshot to compare with"
    later, earlier = moved.filter(pl.col("p80_change") >= 1).height, moved.filter(pl.col("p80_change") <= -1).height
    return f"{words.capitalised(words.spelled(later))} of {_projects(moved.height)} moved later since the last snapshot, {words.spelled(earlier)} earlier"


def finish_of(row: dict[str, Any]) -> str:
    """One project's forecast, for a chart's label: "P80 12 Mar 2027, chance of the target 15 %"."""
    if row["p80"] is None:
        return "no forecast"
    chance = f", chance of the target {words.chance(row['chance'])}" if row["chance"] is not None else ""
    return f"P80 {words.day(row['p80'])}{chance}"
