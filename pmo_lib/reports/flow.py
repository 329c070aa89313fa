"""The flow report: when the rest of a board will be done, how work flows over it, what is old, and whether the board can be believed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from pmo_lib.office import BoardFlow
from pmo_lib.plots import flow_state, flow_times, flow_words, words
from pmo_lib.reports import evidence, figures, sentences
from pmo_lib.reports.document import Card, Cell, Column, Document, Facts, Figure, Head, Kpi, Section, Table, Text, dated
from pmo_lib.reports.figures.sheet import width_of
from pmo_lib.reports.pieces import MOST, left_out
from pmo_lib.reports.quality import table_of_checks

LOOKS = {
    "usual": Cell("Usual", glyph="on_track"),
    "late": Cell("Older than 85 %", glyph="at_risk"),
    "very late": Cell("Older than 95 %", strong=True, glyph="off_track"),
}


def build(known: BoardFlow) -> Document:
    """The report of a board's flow; it computes nothing."""
    return Document(head(known), {name: Section(name, label, cards(known)) for name, (label, cards) in SECTIONS.items()})


def name_of(known: BoardFlow) -> str:
    """What the organisation calls the board: the project list comes before the source."""
    return (known.listing or {}).get("name") or known.info.name


def head(known: BoardFlow) -> Head:
    """The answer, and its figures."""
    listing, record = known.listing or {}, known.provenance
    line = [sentences.short(text) for text in (listing.get("portfolio"), listing.get("programme"), name_of(known), "Flow") if text]
    lead = flow_words.ended(known.cycles) if not known.left else _refused(known, "forecast")
    if known.when is not None:
        lead = flow_words.standing(known.target) + flow_words.window(known.when)
    foot = [record["source"], f"data date {record['data date']}"], [f"{name} {record[name]}" for name in ("snapshot", "window", "version") if name in record]
    return Head(
        key=known.info.key,
        report="flow",
        title=flow_words.page(sentences.short(name_of(known)), known.left, known.when),
        lead=lead,
        line=line,
        dated=dated(known.info.data_date),
        kpis=kpis(known),
        notes=[],
        foot=[" · ".join(side) for side in foot],
    )


def _refused(known: BoardFlow, part: str) -> str:
    return sentences.sentence(words.reason(known.refusals.get(part, "nothing is finished yet")))


def kpis(known: BoardFlow) -> list[Kpi]:
    """The figures of the strip, the finish of the rest first."""
    half, day = flow_words.when(known.when, 0.5), flow_words.when(known.when)
    levels = dict(known.service.select("confidence", "days").iter_rows()) if known.service is not None else {}
    lately = known.weeks.tail(flow_words.RECENT)
    mean = {name: float(lately[name].mean() or 0) if lately[name].count() else None for name in ("started", "finished")}  # type: ignore[arg-type]
    oldest = f"oldest {words.days(known.ages['age'][0])}{words.SPACE}d" if known.ages.height else "nothing is begun"
    return [
        Kpi(f"Last of {words.count(known.left, 'item')}, P85", words.day(day), f"P50 {words.day(half)}") if known.left else Kpi("Left", "none", "all are done"),
        _chance(known),
        *_status(known),
        Kpi("Cycle time, 85 %", f"{words.days(levels[0.85])}{words.SPACE}d" if levels else words.NONE, f"half in {words.days(levels.get(0.5))}{words.SPACE}d"),
        Kpi(
            "Finished a week",
            words.number(mean["finished"], 1),
            f"begun {words.number(mean['started'], 1)}" if mean["started"] is not None else "no start is told",
        ),
        Kpi("In progress", words.number(known.ages.height), oldest),
    ]


def _chance(known: BoardFlow) -> Kpi:
    if known.target is None:
        return Kpi("Left", words.number(known.left), f"{words.number(known.waiting)} not begun")
    kind = words.TARGETS.get(known.target["kind"], "")
    return Kpi(f"Chance of {words.day(known.target['date'])}", words.chance(known.target["chance"]), kind)


def _status(known: BoardFlow) -> list[Kpi]:
    """What the chance makes of it; nothing where there is no target to hold it against."""
    found = known.status
    if found is None or known.target is None:
        return []
    declared = "none declared" if found.declared == "no_data" else f"declared {words.status(found.declared).lower()}"
    shape = "watermelon" if found.watermelon else found.computed
    return [Kpi("Computed status", words.status(found.computed), f"{declared}: watermelon" if found.watermelon else declared, glyph=shape)]


def rest(known: BoardFlow) -> list[Card]:
    """When the rest is done: the burn-up, and the date by confidence."""
    if known.when is None or known.fan is None:
        return [Card("There is no forecast", [Text("Nothing is left." if not known.left else _refused(known, "forecast"))])]
    title, total = flow_words.rest(known.left, known.when), int(known.past["done"][-1]) + known.left
    rows = [
        [Cell(f"P{row['confidence'] * 100:.0f}"), Cell(words.day(row["date"]), strong=True), Cell(f"{row['periods']:,}"), Cell(words.chance(row["chance"]))]
        for row in known.when.iter_rows(named=True)
    ]
    columns = [Column("Confidence"), Column("Done by", "right", 1.6), Column("Weeks", "right"), Column("Chance", "right")]
    first = known.when.row(0, named=True)
    drawn = f"Drawn from {words.count(first['sampled'], 'week')} in which {words.count(first['counted'], 'item was', 'items were')} finished."
    subtitle = "Items done; ahead the chance of at least so many: line 85 %, thin line 50 %, bands 15 to 85 % and 5 to 95 %"
    chart = Figure(figures.burn_up(known.past, known.fan, total=total, width=width_of(8)), title)
    return [Card(title, [chart], subtitle, 8), Card("The date by confidence", [Table(columns, rows), Text(drawn, note=True)], None, 4)]


def _flowing(known: BoardFlow) -> list[Card]:
    title = flow_words.progress(known.ages, known.working)
    shown = flow_state.lately(known.state, known.done)
    left_out_ = f", since {words.day(shown['day'][0])}; what was done before is left out" if shown.height < known.state.height else ""
    state = Figure(figures.cumulative_flow(shown, started=known.started, done=known.done, width=width_of(6)), title)
    found = [Card(title, [state], f"Items that had come to each column, by day{left_out_}", 6)]
    found += arrived(known)
    if known.service is None:
        return [*found, Card("There are no cycle times", [Text(_refused(known, "service"))], None, 6), *_groups(known)]
    heading = flow_words.expectation(known.service)
    chart = Figure(figures.cycle_times(known.cycles, known.service, width=width_of(6)), heading)
    return [*found, Card(heading, [chart], "Calendar days from start to finish, by day of finish; lines: 50, 85 and 95 %", 6), oldest(known), *_groups(known)]


def arrived(known: BoardFlow) -> list[Card]:
    """Arrivals against departures, where a week is over."""
    if known.weeks.is_empty():
        return []
    heading = flow_words.balance(known.weeks)
    return [Card(heading, [Figure(figures.throughput(known.weeks, width=width_of(6)), heading)], flow_words.weekly(known.weeks), 6)]


def oldest(known: BoardFlow, width: int = 6) -> Card:
    """The oldest work in progress, each item held against the past of its column."""
    placed = flow_times.placed(known.ages, known.pace, known.working)
    looks = {mark.item: mark.look for mark in placed}
    rows = [
        [
            Cell(sentences.short(f"{row['item']} {row['name']}", 64)),
            Cell(row["column"]),
            Cell(f"{words.days(row['age'])}{words.SPACE}d"),
            LOOKS[looks.get(row["item"], "usual")],
        ]
        for row in known.ages.head(8).iter_rows(named=True)
    ]
    columns = [Column("Item", share=3.2), Column("Column", share=1.1), Column("Age", "right", 0.6), Column("Against its column’s past", share=1.6)]
    return Card(
        flow_words.old([mark.look for mark in placed]), [Table(columns, rows), *left_out(known.ages.height, "item", 8)], "Oldest work in progress", width
    )


GROUPED = ("team", "epic", "type", "service")  # by what the report groups, the first two that the board has


def _groups(known: BoardFlow) -> list[Card]:
    """How each team, epic, type or class of service flows."""
    found = []
    for by in [by for by in GROUPED if by in known.groups][:2]:
        table = known.groups[by]
        rows = [_group(row) for row in table.head(MOST).iter_rows(named=True)]
        said = "class of service" if by == "service" else by
        columns = [Column(words.capitalised(said), share=2.4), *(Column(name, "right") for name in ("Items", "Left", "A week", f"85{words.SPACE}% within"))]
        title = flow_words.groups(table.drop("group").rename({"name": "group"}), said)
        found.append(Card(title, [Table(columns, rows), *left_out(table.height, "group", MOST)], f"By {said}; finished a week, cycle time in calendar days", 6))
    return found


def _group(row: dict[str, Any]) -> list[Cell]:
    within = Cell(words.NONE, quiet=True) if row["p85"] is None else Cell(f"{words.days(row['p85'])}{words.SPACE}d", strong=True)
    name = Cell("none is named", quiet=True) if row["group"] is None else Cell(sentences.short(row["name"], 40))
    return [name, Cell(words.number(row["items"])), Cell(words.number(row["left"])), Cell(words.number(row["weekly"], 1)), within]


def quality(known: BoardFlow) -> list[Card]:
    """Whether the board can be believed."""
    if known.checks is None:
        return [Card("The board could not be checked", [Text(_refused(known, "checks"))])]
    order = {True: 1, False: 0, None: 2}
    rows = sorted(known.checks.to_dicts(), key=lambda row: order[row["passed"]])
    return [Card(flow_words.checks(known.checks), [table_of_checks(rows)], "Thresholds from the organisation's standards; the first items that offend")]


def sprints(known: BoardFlow, width: int = 12, most: int = MOST) -> list[Card]:
    """What the latest sprints took on and finished; nothing for a board without them."""
    held = known.sprints.drop_nulls("committed") if known.sprints is not None else None
    if held is None or held.is_empty():
        return []
    names = ("committed", "added", "completed", "carried_over", "removed")
    rows = [[Cell(row["name"]), Cell(words.day(row["start"])), *(Cell(f"{row[name]:,}") for name in names)] for row in held.reverse().head(most).to_dicts()]
    columns = [Column("Sprint", share=1.6), Column("From", "right", 1.4), *(Column(words.capitalised(name.replace("_", " ")), "right") for name in names)]
    ended = held.filter(pl.col("state").cast(pl.String) == "closed").tail(MOST).with_columns(committed=pl.col("committed") + pl.col("added"))
    title = flow_words.kept(ended) if ended.height else "The first sprint is running"
    return [Card(title, [Table(columns, rows)], "Items; latest sprint first", width)]


def provenance(known: BoardFlow) -> list[Card]:
    """What was found odd, and what the figures rest on."""
    counted = known.levels.filter("counted")
    told = f"Counted: {words.count(int(counted['items'].sum()), 'item')} of the level {known.rules.level}, from “{known.started}” to “{known.done}”."
    pairs = [(words.capitalised(name), value) for name, value in known.provenance.items()]
    return [
        *evidence.findings(known),
        Card("Every figure can be traced", [Text(told), Facts(pairs)], "The same snapshot, rules and version give the same figures"),
    ]


# name: what it is called in the report, and who makes its cards
SECTIONS: dict[str, tuple[str, Callable[[BoardFlow], list[Card]]]] = {
    "rest": ("When the rest will be done", rest),
    "flow": ("How work flows", _flowing),
    "quality": ("Board quality", quality),
    "sprints": ("Sprints", sprints),
    "provenance": ("Findings and provenance", provenance),
}
