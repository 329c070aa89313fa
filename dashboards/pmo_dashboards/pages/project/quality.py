"""Schedule quality: each check against its threshold, who offends, and how it moved from snapshot to snapshot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from pmo_dashboards import later, parts
from pmo_dashboards.checked import Row, check_table, opened, ordered, result
from pmo_dashboards.pages.project.answers import why
from pmo_dashboards.safe import Markup, html, join
from pmo_dashboards.state import Selection
from pmo_lib import plots
from pmo_lib.office import Assessment
from pmo_lib.plots import headlines, measures, words
from pmo_lib.plots.quality import LINE


def checks_card(known: Assessment) -> Any:
    """The DCMA's points, failures first; further checks and GAO's practices folded beneath."""
    if known.checks is None:
        return parts.words_card(
            "Schedule quality", parts.state("No schedule check could be made.", parts.sentence(why(known, "checks", "the plan has no network")))
        )
    groups = known.checks.with_columns(pl.col("group").cast(pl.String)).partition_by("group", as_dict=True)
    rows = {str(name): ordered(frame) for (name,), frame in groups.items()}
    further = [*rows.get("structure", []), *rows.get("progress", [])]
    body = [
        check_table(rows.get("dcma", []), known.checks_trend, "The DCMA’s points"),
        _folded("further check", further, check_table(further, known.checks_trend, "Further checks")) if further else Markup(""),
        _folded("best practice", rows["gao"], _practices(rows["gao"], measures.titles(known.checks.iter_rows(named=True)))) if "gao" in rows else Markup(""),
    ]
    line = "DCMA-EA PAM 200.1, failures first; thresholds are the organisation’s standards. A check opens to say what it counts and who offends."
    return parts.words_card(headlines.checks(known.checks), join(body), line)


def trend_card(known: Assessment, chosen: Selection) -> Any:
    """Every point at every status date."""
    trend = known.checks_trend
    if trend is None or trend["snapshot"].n_unique() < 2:
        told = "There is one snapshot, so nothing has moved yet." if trend is not None and trend.height else "There are no snapshots to follow."
        return parts.absent("Schedule quality over time", told, "The next import shows what became of each check.")
    heading = headlines.checks_trend(trend)
    height = trend.filter(pl.col("group").cast(pl.String) == "dcma")["check"].n_unique() * LINE + 28
    chart = later.picture(lambda tokens: plots.quality_trend(trend, theme=tokens), chosen, f"Schedule quality by status date: {heading}", height)
    return parts.card(heading, "By status date. Circle: passed; diamond: failed; ring: not available", chart)


def _folded(noun: str, rows: Sequence[Row], body: Markup) -> Markup:
    failed = sum(row["passed"] is False for row in rows)
    told = f"{words.capitalised(words.count(len(rows), noun))}, {words.spelled(failed) if failed else 'none'} failed"
    return html('<details class="more"><summary>{}</summary>{}</details>', told, body)


def _practices(rows: Sequence[Row], called: Mapping[str, str]) -> Markup:
    numbered = sorted(rows, key=lambda row: int(row["reference"].split()[-1]))
    cells = [(("w", opened(row, called)), result(row), measures.counted(row) or ("q", words.NONE), measures.COVERAGE[row["coverage"]]) for row in numbered]
    headers = [("Practice", False), ("Result", False), ("Checks passed", True), ("How far a file tells", False)]
    return parts.table(headers, cells, "GAO’s best practices", stacked=True)
