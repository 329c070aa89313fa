"""The page's tables: when the rest is done, what is counted, the oldest work."""

from __future__ import annotations

from typing import Any

import polars as pl

from pmo_dashboards import marks, parts
from pmo_dashboards.checked import check_table, ordered
from pmo_dashboards.safe import html, join
from pmo_lib.office import BoardFlow
from pmo_lib.plots import flow_times, flow_words, words

OLDEST = 10  # items in progress that are listed
GLYPHS = {"usual": "on_track", "late": "at_risk", "very late": "off_track"}
SAID = {"usual": "usual", "late": "older than 85 %", "very late": "older than 95 %"}


def when_card(known: BoardFlow) -> Any:
    """The date at each confidence, with the window it was drawn from."""
    if known.when is None or not known.left:
        return parts.words_card("When the rest will be done", parts.state(parts.sentence(words.reason(known.refusals.get("forecast", "nothing is left")))))
    rows = [
        (f"P{row['confidence'] * 100:.0f}", words.day(row["date"]), f"{row['periods']:,}", words.chance(row["chance"]))
        for row in known.when.iter_rows(named=True)
    ]
    body = parts.table([("Confidence", False), ("Done by", True), ("Weeks", True), ("Chance", True)], rows, "When the rest is done, by confidence")
    first = known.when.row(0, named=True)
    drawn = f"{words.count(first['items'], 'item')}, drawn from {words.count(first['sampled'], 'past week')} with {words.number(first['counted'])} finished"
    return parts.words_card("The date by confidence", body, drawn)


def counted_card(known: BoardFlow) -> Any:
    """Which items are counted, and which are not."""
    counted, others = (known.levels.filter(pl.col("counted") == one) for one in (True, False))
    rows = [
        (row["type"], str(row["level"]), "counted" if row["counted"] else ("q", "not counted"), f"{row['items']:,}")
        for row in pl.concat([counted, others]).head(8).iter_rows(named=True)
    ]
    body = parts.table([("Type", False), ("Level", False), ("", False), ("Items", True)], rows, "Items by level and type")
    rest = parts.rest(known.levels.height, 8)
    guess = ", a guess from the board that [flow] in the settings can put right" if known.levels["guessed"].any() else ""
    line = f"One level is counted: {known.rules.level}{guess}. Work begins in “{known.started}” and is done in “{known.done}”"
    heading = f"{words.count(int(counted['items'].sum()), 'item')} of {words.number(int(known.levels['items'].sum()))} are counted"
    return parts.words_card(heading, html("{}{}", body, rest), line)


def checks_card(known: BoardFlow) -> Any:
    """Whether the board tells the truth about the work, failures first."""
    if known.checks is None:
        return parts.words_card("Board quality", parts.state("No check of the board could be made.", parts.sentence(words.reason(known.refusals["checks"]))))
    line = "Failures first; thresholds are the organisation’s standards. A check opens to say what it counts and which items offend"
    rows = ordered(known.checks)
    made, rest = ([row for row in rows if (row["value"] is None) == missing] for missing in (False, True))
    body = check_table(made, None, "Checks of the board")
    named = join([html("<li>{}: {}</li>", row["title"], row["reason"]) for row in rest])
    folded = html('<details class="more"><summary>{}</summary><ul>{}</ul></details>', f"{words.count(len(rest), 'check')} not available", named) if rest else ""
    return parts.words_card(flow_words.checks(known.checks), html("{}{}", body, folded), line)


def oldest_card(known: BoardFlow) -> Any:
    """The oldest items in progress, each held against the past of its column."""
    looks = {mark.item: mark.look for mark in flow_times.placed(known.ages, known.pace, known.working)}
    rows = [
        (
            ("w", html('{} <span class="s">{}</span>', row["name"], row["item"])),
            row["type"],
            ("o", row["column"]),
            f"{words.days(row['age'])}{words.SPACE}d",
            f"{words.days(row['in_column'])}{words.SPACE}d",
            html('<span class="st">{}{}</span>', marks.glyph(GLYPHS[looks.get(row["item"], "usual")]), SAID[looks.get(row["item"], "usual")]),
        )
        for row in known.ages.head(OLDEST).iter_rows(named=True)
    ]
    headers = [("Item", False), ("Type", False), ("Column", False), ("Age", True), ("In column", True), ("Against its column’s past", False)]
    body = parts.table(headers, rows, "The oldest items in progress")
    oldest = known.ages.row(0, named=True)
    heading = f"The oldest item has been in progress for {words.span(oldest['age'])}"
    return parts.words_card(
        heading,
        html("{}{}", body, parts.rest(known.ages.height, OLDEST)),
        "Oldest first",
    )
