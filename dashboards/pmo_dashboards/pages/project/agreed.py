"""Which dates differ from the source's own, by how much, and why."""

from __future__ import annotations

from typing import Any

from pmo_dashboards import marks, parts
from pmo_dashboards.pages.project.answers import why
from pmo_dashboards.safe import Markup, html, join
from pmo_lib.office import Assessment
from pmo_lib.plots import agreed, words

LISTED = 5  # differences before "and n more"
HEADERS = [("Activity", False), ("Date", False), ("Stored", True), ("Ours", True), ("Ours later", True)]


def agreement_card(known: Assessment) -> Any:
    """The certificate: that our engine reproduces the source's dates, or which it does not, by cause and the worst first."""
    found, paper = known.agreement, known.certificate
    if paper is None or paper.rate is None:
        reason = (paper.note if paper else None) or why(known, "certificate", "the source stores no dates")
        return parts.absent("Agreement with the source", parts.sentence(reason))
    if found is None:
        return parts.absent("Agreement with the source", f"{paper.agreeing:,} of {words.count(paper.compared, 'activity', 'activities')} agree.")
    application = known.info.application
    heading = agreed.title(found, application)
    line = f"Early and late dates, start, finish and float, scheduled anew by the rules of {agreed.tool(application)}"
    if paper.agreeing == paper.compared:
        return parts.words_card(heading, html('<p class="m">{}</p>', parts.sentence(agreed.left_out(found) or "Every activity counts")), line)
    apart = paper.compared - paper.agreeing
    said = [html("<li><span>{}</span><b>{}</b></li>", words.capitalised(cause), f"{count:,}") for cause, count in agreed.causes(found)]
    glyph = marks.glyph("on_track" if paper.met else "at_risk")
    rule = f"{words.share(paper.rate)} agree; the standard is {words.share(paper.threshold)}"
    body = [html('<p class="st">{}{}</p><ul class="rows ask">{}</ul>', glyph, rule, join(said)), _worst(known), Markup(parts.rest(apart, LISTED))]
    return parts.words_card(heading, join(body), line)


def _worst(known: Assessment) -> Markup:
    """The activities to look at first."""
    assert known.agreement is not None
    rows = [
        (
            ("w", html('<span title="{} {}: {}">{}</span>', one.activity, one.name, one.cause, one.name)),
            ("m", one.what),
            ("m", one.stored),
            one.ours,
            ("b", one.moved),
        )
        for one in agreed.differences(known.agreement, LISTED, known.info.options.minutes_per_day)
    ]
    return parts.table(HEADERS, rows, "Dates that differ, where differences begin first", stacked=True)
