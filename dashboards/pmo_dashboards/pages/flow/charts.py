"""The page's pictures: burn-up, cumulative flow, throughput, cycle times, ages; each with its figures as a table."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import polars as pl

from pmo_dashboards import later, parts
from pmo_dashboards.state import Selection
from pmo_lib import plots
from pmo_lib.office import BoardFlow
from pmo_lib.plots import flow_state, flow_times, flow_words, words

TALL, USUAL = 400, 260  # [pixels]
SPRINTS = 12  # closed sprints that the title is about
LISTED = 12  # rows of a folded table


def _why(known: BoardFlow, part: str, otherwise: str) -> str:
    return parts.sentence(words.reason(known.refusals.get(part, otherwise)))


def burn_up_card(known: BoardFlow, chosen: Selection) -> Any:
    """When the rest is done."""
    if not known.left:
        return parts.absent("All items are done", "Nothing is left to forecast.", flow_words.ended(known.cycles))
    fan, when = known.fan, known.when
    if fan is None or when is None:
        return parts.absent("When the rest will be done", "There is no forecast.", _why(known, "forecast", "nothing is finished yet"))
    heading, total = flow_words.rest(known.left, when), int(known.past["done"][-1]) + known.left
    line = "Items done; ahead the chance of at least so many: line 85 %, thin line 50 %, bands 15 to 85 % and 5 to 95 %"
    rows = [(words.day(row["date"]), *(f"{row[name]:,}" for name in ("p95", "p85", "p50"))) for row in fan.head(LISTED + 1).iter_rows(named=True)]
    folded = parts.as_table([("By", False), ("95 %", True), ("85 %", True), ("50 %", True)], rows, "Items done by date and confidence")
    chart = later.picture(lambda tokens: plots.burn_up(known.past, fan, total=total, theme=tokens, height=TALL), chosen, f"Burn-up: {heading}", TALL)
    return parts.card(heading, line, chart, folded)


def state_card(known: BoardFlow, chosen: Selection) -> Any:
    """Cumulative flow."""
    heading = flow_words.progress(known.ages, known.working)
    shown = flow_state.lately(known.state, known.done)
    left_out = shown.height < known.state.height
    line = "Items that had come to each column, by day; the height of a band is the work in it" + (
        f". Since {words.day(shown['day'][0])}, what was done before left out" if left_out else ""
    )
    names = shown.columns[1:]
    weekly = shown.with_columns(pl.col(name) - pl.col(after) for name, after in pairwise(names)).reverse().gather_every(7).head(LISTED)
    rows = [(words.day(row["day"]), *(f"{row[name]:,}" for name in names)) for row in weekly.iter_rows(named=True)]
    folded = parts.as_table([("Day", False), *((name, True) for name in names)], rows, "Items in each column, week by week")

    def draw(tokens: Any) -> Any:
        return plots.cumulative_flow(shown, started=known.started, done=known.done, theme=tokens, height=USUAL)

    return parts.card(heading, line, later.picture(draw, chosen, f"Cumulative flow: {heading}", USUAL), folded)


def throughput_card(known: BoardFlow, chosen: Selection) -> Any:
    """What is begun against what is finished, by week."""
    if known.weeks.is_empty():
        return parts.absent("What is begun and what is finished", "No week is over yet.", "Come back when one is.")
    heading, weeks = flow_words.balance(known.weeks), known.weeks
    rows = [
        (words.day(row["period"]), *(words.number(row[name]) for name in ("created", "started", "finished", "dropped", "in_progress")))
        for row in weeks.reverse().head(LISTED).iter_rows(named=True)
    ]
    headers = [("Week from", False), ("Created", True), ("Begun", True), ("Finished", True), ("Dropped", True), ("In progress", True)]
    chart = later.picture(lambda tokens: plots.throughput(weeks, theme=tokens, height=USUAL), chosen, f"Throughput by week: {heading}", USUAL)
    line = flow_words.weekly(weeks) + (f". The latest {flow_state.WEEKS} weeks" if weeks.height > flow_state.WEEKS else "")
    return parts.card(heading, line, chart, parts.as_table(headers, rows, "Items by week"))


def cycle_card(known: BoardFlow, chosen: Selection) -> Any:
    """How long items took."""
    service = known.service
    if service is None:
        return parts.absent("How long items took", "There are no cycle times.", _why(known, "service", "nothing is finished yet"))
    heading = flow_words.expectation(service)
    count = flow_times.finished(known.cycles).height
    cells = "; the darker a cell, the more items" if count > flow_times.MANY else ""
    line = f"Calendar days from start to finish, by day of finish; {words.count(count, 'item')}{cells}. Lines: 50, 85 and 95 %"
    rows = [(words.share(row["confidence"]), f"{words.days(row['days'])}{words.SPACE}d", f"{row['items']:,}") for row in service.iter_rows(named=True)]
    folded = parts.as_table([("Share of the items", False), ("Done within", True), ("Items", True)], rows, "Cycle times by share")
    chart = later.picture(lambda tokens: plots.cycle_times(known.cycles, service, theme=tokens, height=USUAL), chosen, f"Cycle times: {heading}", USUAL)
    return parts.card(heading, line, chart, folded)


def sprints_card(known: BoardFlow, chosen: Selection) -> list[Any]:
    """What sprints took on and finished; no card for a board without them."""
    held = known.sprints.drop_nulls("committed").with_columns(committed=pl.col("committed") + pl.col("added")) if known.sprints is not None else None
    if held is None or held.is_empty():
        return []
    ended = held.filter(pl.col("state").cast(pl.String) == "closed").tail(SPRINTS)
    heading = flow_words.kept(ended) if ended.height else "The first sprint is running"
    rows = [
        (row["name"], words.day(row["start"]), *(f"{row[name]:,}" for name in ("committed", "added", "completed", "carried_over", "removed")))
        for row in held.reverse().head(LISTED).iter_rows(named=True)
    ]
    headers = [("Sprint", False), ("From", False), *((name, True) for name in ("Taken on", "of it added", "Finished", "Carried over", "Removed"))]
    chart = later.picture(lambda tokens: plots.commitment(held, theme=tokens), chosen, f"Sprints: {heading}", 200)
    line = "Items; grey: taken on at the start or added later, ink: finished. Latest sprint last"
    return [parts.card(heading, line, chart, parts.as_table(headers, rows, "Sprints"))]


def ageing_card(known: BoardFlow, chosen: Selection) -> Any:
    """How old the work in progress is."""
    placed = flow_times.placed(known.ages, known.pace, known.working)
    heading = flow_words.old([mark.look for mark in placed])
    if known.ages.is_empty():
        return parts.absent(heading, "No item is started and unfinished.", "Begun work shows here with its age.")
    line = "Days since the start; steps: 50, 85, 95 % of finished items had left the column. Triangle: above 85 %; diamond: above 95 %"
    rows = [(row["column"], words.share(row["confidence"]), f"{words.days(row['days'])}{words.SPACE}d") for row in known.pace.iter_rows(named=True)]
    folded = parts.as_table(
        [("Column", False), ("Share of the items", False), ("Left it within", True)], rows, "How old finished items were when they left each column"
    )

    def draw(tokens: Any) -> Any:
        return plots.ageing(known.ages, known.pace, known.working, theme=tokens, height=USUAL)

    return parts.card(heading, line, later.picture(draw, chosen, f"Age of work in progress: {heading}", USUAL), folded)
