"""What changed since the last snapshot, and what moved the finish."""

from __future__ import annotations

from typing import Any

from pmo_dashboards import later, parts
from pmo_dashboards.pages.project.answers import why
from pmo_dashboards.safe import Markup, html
from pmo_dashboards.state import Selection
from pmo_lib import plots
from pmo_lib.office import Assessment
from pmo_lib.plots import compared, words
from pmo_lib.plots.waterfall import falls
from pmo_lib.schedule import Comparison

CHANGED = 5  # changes before "and n more"
ROW = 26  # [pixels] of the waterfall


def changes_card(known: Assessment, chosen: Selection) -> Any:
    """What moved the finish since the last snapshot, by group of changes, and the largest changes."""
    found = known.comparison
    if found is None:
        return parts.absent("What changed", parts.sentence(why(known, "comparison", "this is the first snapshot")), "The next import shows what moved.")
    title = compared.title(found, known.previous_date)
    if found.verdict == "different":
        return parts.words_card(title, parts.state(parts.sentence(compared.headline(found)), "Import the plan under the key of its own project."))
    if found.changes.is_empty():
        return parts.absent(title, "The plan is as it was.")
    listed = parts.show(_listed(found))
    if found.attribution is None or len(falls(found.attribution)) == 1:  # the whole alone, which is nothing
        return parts.card(title, "The changes, the largest first", listed)
    attribution = found.attribution
    said = compared.headline(found)
    chart = later.picture(lambda theme: plots.waterfall(attribution, theme=theme, row=ROW), chosen, said, len(falls(attribution)) * ROW + 8)
    return parts.card(title, "Working days by group of changes; then the changes, the largest first", chart, listed)


def _listed(found: Comparison) -> Markup:
    edits = compared.listed(found)
    said = [compared.doubt(found), compared.retroactive(found)]
    notes = [html('<p class="s">{}</p>', parts.sentence(sentence)) for sentence in said if sentence]
    if edits.is_empty():
        return html("{}" * len(notes), *notes)
    sized = edits["days"].null_count() < edits.height
    rows = [_row(row)[: 3 if sized else 2] for row in edits.head(CHANGED).iter_rows(named=True)]
    headers = [("Activity", False), ("Change", False), ("Working days", True)][: 3 if sized else 2]
    body = parts.table(headers, rows, "Changes since the last snapshot")
    return html("{}" * len(notes) + "{}{}", *notes, body, parts.rest(edits.height, CHANGED))


def _row(row: dict[str, Any]) -> tuple[Any, ...]:
    name = html('<span title="{} {}">{}</span>', row["activity"], row["name"], row["name"])
    return (
        ("w", name),
        ("w", html('{}<br><span class="s">{}</span>', compared.what(row), compared.from_to(row))),
        f"{words.days(row['days'], sign=True)}{words.SPACE}wd" if row["days"] is not None else ("q", "–"),
    )
