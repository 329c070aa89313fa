"""The KPI strip: the rest, cycle time, throughput, work in progress, arrivals, efficiency."""

from __future__ import annotations

from pmo_dashboards.parts import Figure
from pmo_dashboards.safe import html
from pmo_lib.office import BoardFlow
from pmo_lib.plots import flow_words, words


def figures(known: BoardFlow) -> list[Figure]:
    """The KPI strip."""
    return [_rest(known), _cycle(known), _finished(known), _going(known), _begun(known), _efficiency(known)]


def _missing(label: str, why: str) -> Figure:
    return Figure(label, "not available", html('<span title="{0}">{0}</span>', why), why, missing=True)


def _why(known: BoardFlow, part: str) -> str:
    return words.reason(known.refusals.get(part, "nothing is finished yet"))


def _rest(known: BoardFlow) -> Figure:
    label = f"Last of {words.count(known.left, 'item')}, P85"
    day, half = flow_words.when(known.when), flow_words.when(known.when, 0.5)
    if not known.left:
        return Figure("Left", "none", "all items are done", missing=True)
    if day is None or half is None:
        return _missing(label, _why(known, "forecast"))
    return Figure(
        label,
        words.day(day),
        html("P50 <b>{}</b>; {} not begun", words.day(half, year=False), words.number(known.waiting)),
        "The day by which 85 % of the forecasts have all done.",
    )


def _cycle(known: BoardFlow) -> Figure:
    if known.service is None:
        return _missing("Cycle time, 85 %", _why(known, "service"))
    days = dict(known.service.select("confidence", "days").iter_rows())
    below = html("half in <b>{}</b>; {}", f"{words.days(days[0.5])}{words.SPACE}d", words.count(known.service["items"][0], "item"))
    return Figure(
        "Cycle time, 85 %",
        f"{words.days(days[0.85])}{words.SPACE}d",
        below,
        "Service-level expectation: 85 % of the finished items took at most so long from start to finish.",
    )


def _finished(known: BoardFlow) -> Figure:
    lately = known.weeks.tail(flow_words.RECENT)["finished"]
    if not lately.len():
        return _missing("Finished a week", "no week is over yet")
    below = html("{} to {} in the last {}", int(lately.min() or 0), int(lately.max() or 0), words.count(lately.len(), "week"))  # type: ignore[call-overload]
    return Figure("Finished a week", words.number(float(lately.mean() or 0), 1), below, "Throughput: items finished in a whole week, on average.")  # type: ignore[arg-type]


def _going(known: BoardFlow) -> Figure:
    ages = known.ages["age"]
    below = html("oldest <b>{}</b>", f"{words.days(ages[0])}{words.SPACE}d") if ages.len() else "nothing is being worked on"
    return Figure("In progress", f"{ages.len():,}", below, "Items started and not finished.")


def _begun(known: BoardFlow) -> Figure:
    lately = known.weeks.tail(flow_words.RECENT)
    if lately.is_empty():
        return _missing("Begun a week", "no week is over yet")
    if lately["started"].null_count():
        return _missing("Begun a week", "the source tells no start")
    begun, finished = (float(lately[name].mean() or 0) for name in ("started", "finished"))  # type: ignore[arg-type]
    gap = begun - finished
    below = html("<b>{}{}</b> a week against finished", "+" if gap > 0.05 else "", words.number(gap, 1))
    return Figure("Begun a week", words.number(begun, 1), below, "Items in which work began. Above what is finished, work in progress grows.")


def _efficiency(known: BoardFlow) -> Figure:
    row = known.efficiency.row(0, named=True) if known.efficiency is not None and known.efficiency.height else {}
    if row.get("efficiency") is None:
        return _missing("Flow efficiency", words.reason(row.get("reason") or _why(known, "efficiency")))
    return Figure(
        "Flow efficiency",
        words.share(row["efficiency"]),
        f"of {words.count(row['items'], 'item')}",
        "Time worked on over all time in progress, all items together.",
    )
