"""What the finish hangs on."""

from __future__ import annotations

from typing import Any

from pmo_dashboards import later, parts
from pmo_dashboards.pages.project.answers import why
from pmo_dashboards.state import Selection
from pmo_lib import plots
from pmo_lib.office import Assessment
from pmo_lib.plots import headlines, words
from pmo_lib.plots.driving import leading, measured_by
from pmo_lib.plots.schedule import ROW


def drivers_card(known: Assessment, chosen: Selection) -> Any:
    """What the finish hangs on."""
    if known.forecast is None:
        return parts.absent("What drives the finish", "There are no drivers.", parts.sentence(why(known, "forecast", "there is no forecast")))
    sensitivity = known.forecast.sensitivity
    measure = measured_by(sensitivity)
    said = {
        "contribution_p80": "Working days that the P80 would lose, were its duration certain",
        "ssi": "Schedule sensitivity index: criticality times the ratio of the standard deviations",
        "cruciality": "Cruciality: rank correlation of its duration with the finish",
        "criticality": "Share of simulated runs in which it is critical",
    }[measure]
    heading = headlines.drivers(sensitivity, measure)
    top = leading(sensitivity)
    if top.is_empty():
        return parts.absent(heading, "No activity’s duration is uncertain.", "Give estimates, or choose a range rule in standards.toml.")
    rows = [(row["name"], words.share(row["criticality"]), words.index(row["cruciality"]), words.index(row["ssi"])) for row in top.iter_rows(named=True)]
    folded = parts.as_table([("Activity", False), ("Criticality", True), ("Cruciality", True), ("SSI", True)], rows, "Drivers of the finish")
    chart = later.picture(lambda tokens: plots.drivers(sensitivity, theme=tokens), chosen, f"Drivers: {heading}", top.height * ROW + 8)
    return parts.card(heading, said + (". Indicative" if known.forecast.indicative else ""), chart, folded)
