"""The sentences of a board's flow: the answer first, and each chart's finding. Made from the tables, never from opinion."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from pmo_lib.plots import words
from pmo_lib.plots.headlines import cut

ALIKE = 0.1  # arrivals and departures that differ by less than this share are as many
RECENT = 12  # weeks that "lately" means


def when(table: pl.DataFrame | None, confidence: float = 0.85) -> date | None:
    """The date by which all is done with that confidence; None where there is none. `table` is `flow.when_done`."""
    found = table.filter(pl.col("confidence") == confidence)["date"] if table is not None else None
    return found[0] if found is not None and found.len() else None


def page(name: str, left: int, table: pl.DataFrame | None) -> str:
    """When the rest of the board will be done."""
    if left == 0:
        return f"All items of {name} are done"
    what = f"{words.spelled(left)} item{' is' if left == 1 else 's are'} left"
    day = when(table)
    if day is None:
        return f"{name}: {what}, and there is no forecast"
    return f"{name}: {what}; with 85{words.SPACE}% confidence {'it is' if left == 1 else 'they are'} done by {words.long_day(day)}"


def window(table: pl.DataFrame) -> str:
    """What a forecast was drawn from."""
    row = table.row(0, named=True)
    half = when(table, 0.5)
    said = f"Half of such forecasts are met by {words.day(half)}. " if half else ""
    dated = f" to {words.day(row['window_to'])}" if row["window_to"] else ""
    drawn = f"{words.count(row['sampled'], 'week')}{dated}, in which {words.count(row['counted'], 'item was', 'items were')} finished"
    return f"{said}Drawn from the {drawn}; spread as its own past forecasts bear out."


def ended(cycles: pl.DataFrame) -> str:
    """When the last item was finished. `cycles` is `flow.cycle_times`."""
    last: date | None = cycles["finished"].max()  # type: ignore[assignment]
    count = words.count(cycles["finished"].count(), "item")
    return f"The last of {count} was finished on {words.day(last)}." if last is not None else "No item was ever finished."


def standing(target: dict[str, Any] | None) -> str:
    """The chance of the target, in a sentence; empty where there is none. `target` is that of `office.BoardFlow`."""
    return f"The target of {words.day(target['date'])} has a chance of {words.chance(target['chance'])}. " if target else ""


def groups(table: pl.DataFrame, by: str, fewest: int = 5) -> str:
    """Which group takes longest, and which is quickest. `table`: group, finished, p85 [days]; `by` is what they are groups of, as in "type"."""
    known = table.drop_nulls(["group", "p85"]).filter(pl.col("finished") >= fewest).sort("p85", "group", descending=[True, False])
    if known.height < 2 or known["p85"][0] == known["p85"][-1]:
        return f"Flow by {by}"
    first, last = (f"“{words.shortened(known['group'][k], 24)}”" for k in (0, -1))
    return f"{first} takes longest: 85{words.SPACE}% within {words.days(known['p85'][0])} days, {last} within {words.days(known['p85'][-1])}"


def progress(ages: pl.DataFrame, columns: list[str]) -> str:
    """How much is in progress, and where most of it stands."""
    if ages.is_empty():
        return "Nothing is in progress"
    counts = dict(ages["column"].value_counts(sort=True).iter_rows())
    fullest = max(counts, key=lambda name: (counts[name], columns.index(name) if name in columns else -1))
    going = f"{words.capitalised(words.spelled(ages.height))} item{' is' if ages.height == 1 else 's are'} in progress"
    if len(counts) == 1:
        return cut(f"{going}, {'' if ages.height == 1 else 'all '}in “{fullest}”")
    return cut(f"{going}, {'most of them' if 2 * counts[fullest] > ages.height else f'{words.spelled(counts[fullest])} of them'} in “{fullest}”")


def balance(weeks: pl.DataFrame) -> str:
    """Whether more is begun than finished, over the latest weeks. `weeks` is `flow.arrivals`."""
    lately = weeks.sort("period").tail(RECENT)
    if lately.is_empty():
        return "What is begun and what is finished"
    came, went = float(lately["started"].mean() or 0), float(lately["finished"].mean() or 0)  # type: ignore[arg-type]
    if lately["started"].null_count():
        return f"{words.number(went, 1)} a week finished; when work began is not told"
    if not came and not went:
        return f"Nothing was begun or finished in the last {words.count(lately.height, 'week')}"
    digits = 1 if abs(came - went) >= 0.1 or came == went else 2
    figures = f"{words.number(came, digits)} a week begun, {words.number(went, digits)} finished"
    if abs(came - went) <= ALIKE * max(came, went):
        return f"As much is finished as is begun: {figures}"
    return f"{'More is begun than finished' if came > went else 'More is finished than begun'}: {figures}"


def weekly(weeks: pl.DataFrame) -> str:
    """What a picture of the weeks shows. `weeks` is `flow.arrivals`."""
    return "Items finished a week" if weeks["started"].null_count() else "Items a week; bars: finished, line: begun"


def expectation(levels: pl.DataFrame) -> str:
    """The service-level expectation as a sentence. `levels` is `flow.service_level`."""
    found = levels.filter(pl.col("confidence") == 0.85)["days"]
    if not found.len():
        return "How long items took"
    return f"{words.share(0.85)} of the items were done within {words.days(found[0])} day{'' if found[0] == 1 else 's'} of their start"


def old(looks: list[str]) -> str:
    """How many items in progress are older than 85 % were when they left their column. `looks` are those of `flow_times.placed`."""
    late = sum(look != "usual" for look in looks)
    if not looks:
        return "Nothing is in progress"
    if not late:
        return "No item in progress is unusually old for its column"
    who = f"{words.capitalised(words.spelled(late))} of {words.spelled(len(looks))} items in progress" if len(looks) > 1 else "The one item in progress"
    return f"{who} {'is' if late == 1 else 'are'} unusually old for {'its' if late == 1 else 'their'} column"


def in_progress(figures: Any) -> str:
    """How much is in progress, and how much of it is older than the service-level expectation; nothing where no start is told. Of `office.BoardFigures`."""
    if not figures.in_progress or figures.oldest is None:
        return ""
    going = f"{words.count(figures.in_progress, 'item is', 'items are')} in progress, the oldest for {words.count(round(figures.oldest), 'day')}"
    if figures.beyond is None or figures.within is None:
        return going
    late = words.capitalised(words.spelled(figures.beyond)) if figures.beyond else "None"
    return f"{going}. {late} of them for longer than the {words.count(round(figures.within), 'day')} within which {words.share(figures.share)} were done"


def came_and_left(figures: Any) -> str:
    """Arrivals against departures of the latest whole weeks, and by how much the scope changed; nothing where no week is over. Of `office.BoardFigures`."""
    if not figures.lately:
        return ""
    parts = [(figures.asked, "asked for"), (figures.begun, "begun"), (figures.departed, "finished")]
    told = [f"{words.number(count)} {said}" for count, said in parts if count is not None]
    dropped = figures.dropped + figures.declined
    told += [f"{words.number(dropped)} cancelled"] if dropped else []
    listed = f"{', '.join(told[:-1])} and {told[-1]}" if len(told) > 1 else told[0]
    weeks = words.count(figures.lately, "whole week") if figures.lately > 1 else "whole week"
    if figures.growth is None:
        return f"In the last {weeks} {listed}"
    change = f"changed by {words.days(figures.growth, sign=True)}" if figures.growth else "stayed as it was"
    return f"In the last {weeks} {listed}: the scope {change}"


def rest(left: int, table: pl.DataFrame) -> str:
    """When the rest is done, at even odds and with 85 % confidence."""
    half, day = when(table, 0.5), when(table)
    what = "The last item" if left == 1 else f"The last of {words.number(left)} items"
    return f"{what}: P50 {words.day(half)}, P85 {words.day(day)}" if half and day else f"When {what[0].lower()}{what[1:]} will be done"


def kept(sprints: pl.DataFrame) -> str:
    """How much of what sprints took on they finished. `sprints`: committed, completed."""
    taken = int(sprints["committed"].sum())
    if not taken:
        return "No sprint took anything on"
    share = int(sprints["completed"].sum()) / taken
    return f"The last {words.count(sprints.height, 'sprint')} finished {words.share(share)} of what they took on"


def checks(table: pl.DataFrame) -> str:
    """How many checks of the board hold. `table` has `passed`, null where a check could not be made."""
    made = table.drop_nulls("passed")
    if made.is_empty():
        return "No check of the board could be made"
    failed = made.filter(~pl.col("passed")).height
    if not failed:
        return f"All {words.count(made.height, 'check')} of the board passed" if made.height > 1 else "The one check of the board passed"
    return f"{words.capitalised(words.spelled(failed))} of {words.spelled(made.height)} checks of the board failed"


BECAME = {"new": "New", "reopened": "Taken up again", "finished": "Finished", "dropped": "Dropped", "gone": "No longer on the board"}


def became(changes: Any) -> str:
    """Whether what is left grew or shrank since the snapshot before, and by what. `changes` is `office.BoardChanges`."""
    if not changes.items.height:
        return "Nothing changed on the board"
    less, came = changes.before - changes.left, changes.count("new") + changes.count("reopened")
    size = f"{words.capitalised(words.spelled(abs(less)))} item{'' if abs(less) == 1 else 's'} {'fewer' if less > 0 else 'more'} left"
    return f"{size if less else 'As many items left as before'}: {words.spelled(changes.count('finished'))} finished, {words.spelled(came)} came"


def steps(changes: Any) -> list[tuple[str, int]]:
    """What became of items, and what that added to the number left: from what was left before to what is left now. `changes` is `office.BoardChanges`."""
    totals = dict(changes.items.group_by(pl.col("change").cast(pl.String)).agg(pl.col("left").sum()).iter_rows())
    return [(name, totals[change]) for change, name in BECAME.items() if totals.get(change)]


def moved(days: float, since: date) -> str:
    """How far a forecast moved since a day."""
    if abs(days) < 1:
        return f"The P80 has held since {words.long_day(since)}."
    return f"The P80 moved {words.span(days)} {'later' if days > 0 else 'earlier'} since {words.long_day(since)}."
