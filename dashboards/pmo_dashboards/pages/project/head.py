"""The head of the page: where one is, the answer in a sentence, and at the foot what it rests on."""

from __future__ import annotations

from datetime import datetime

from pmo_dashboards import parts
from pmo_dashboards.pages.project.answers import aim, move, name_of, p80, why
from pmo_dashboards.safe import Markup
from pmo_dashboards.state import Selection
from pmo_lib.office import Assessment
from pmo_lib.plots import headlines, words
from pmo_lib.reports.sentences import finished


def crumbs(known: Assessment, chosen: Selection) -> Markup:
    """Portfolio, programme, project."""
    listing = known.listing or {}
    steps: list[tuple[str, str | None]] = [("Portfolio", chosen.link("Portfolio", key=""))]
    if listing.get("programme"):
        steps.append((listing["programme"], chosen.link("Portfolio", key="", programme=listing["programme"])))
    return parts.crumbs(*steps, (name_of(known), None))


def opening(known: Assessment) -> Markup:
    """The answer, what made it so, and what it rests on."""
    if (ended := finished(known)) is not None:
        return parts.head(f"{name_of(known)} finished on {words.long_day(ended)}", parts.sentence(known.status.reason), _caveat(known))
    target = aim(known)
    planned = known.dates["early_finish"].max() if known.dates is not None else None
    finish = p80(known.forecast)["finish"] if known.forecast else None
    sentence = headlines.project(name_of(known), finish, target["date"] if target else None, planned=planned)  # type: ignore[arg-type]
    return parts.head(sentence, _line(known), _caveat(known))


def _line(known: Assessment) -> str:
    if known.forecast is None:
        return parts.sentence(why(known, "forecast", known.status.reason))
    said = [parts.sentence(known.status.reason)]
    if (moved := move(known)) is not None and abs(moved) >= 1 and known.previous_date:
        said.insert(0, f"Its P80 moved {words.span(moved)} {'later' if moved > 0 else 'earlier'} since {words.day(known.previous_date)}.")
    return " ".join(said)


def _caveat(known: Assessment) -> str | None:
    """What must be known beside every figure: that our dates are not the source's, that ranges are assumed."""
    said = []
    if known.certificate is not None and known.certificate.met is False:
        said.append(parts.sentence(known.certificate.note or ""))
    if known.forecast is not None and known.forecast.indicative is not None:
        assumed = parts.sentence(known.forecast.indicative)
        said.append(assumed if "indicative" in assumed.lower() else f"Indicative, ranges assumed. {assumed}")
    return " ".join(said) or None


def foot(known: Assessment) -> Markup:
    """Where the figures come from."""
    record = dict(known.provenance)
    right = " · ".join(f"{name} {record.pop(name)}" for name in ("snapshot", "iterations", "seed", "version") if name in record)
    record["data date"] = words.day(known.info.data_date) if isinstance(known.info.data_date, datetime) else record.get("data date", "none")
    left = " · ".join(value if name == "source" else f"{name} {value}" for name, value in record.items())
    return parts.foot(f"{left} · {words.count(known.findings.height, 'finding')}", words.capitalised(right))
