"""The head of the page: where one is, the answer in a sentence, and at the foot what it rests on."""

from __future__ import annotations

from pmo_dashboards import parts
from pmo_dashboards.safe import Markup
from pmo_dashboards.state import Selection
from pmo_lib.office import BoardFlow
from pmo_lib.plots import flow_words, words


def name_of(known: BoardFlow) -> str:
    """The board's name: the organisation's, else the source's."""
    return (known.listing or {}).get("name") or known.info.name


def crumbs(known: BoardFlow, chosen: Selection) -> Markup:
    """Portfolio, programme, project, its flow."""
    programme = (known.listing or {}).get("programme")
    steps: list[tuple[str, str | None]] = [("Portfolio", chosen.link("Portfolio", key=""))]
    if programme:
        steps.append((programme, chosen.link("Portfolio", key="", programme=programme)))
    return parts.crumbs(*steps, (name_of(known), chosen.link("Project", key=known.info.key)), ("Flow", None))


def opening(known: BoardFlow) -> Markup:
    """When the rest is done, and what that was drawn from."""
    sentence = flow_words.page(name_of(known), known.left, known.when)
    if known.when is not None:
        line = flow_words.standing(known.target) + flow_words.window(known.when)
    else:
        line = parts.sentence(words.reason(known.refusals.get("forecast", "there is no forecast"))) if known.left else flow_words.ended(known.cycles)
    return parts.head(sentence, line)


def foot(known: BoardFlow) -> Markup:
    """Where the figures come from."""
    record = dict(known.provenance)
    right = " · ".join(f"{name} {record.pop(name)}" for name in ("snapshot", "window", "version") if name in record)
    left = " · ".join(value if name == "source" else f"{name} {value}" for name, value in record.items())
    return parts.foot(f"{left} · {words.count(known.findings.height, 'finding')}", words.capitalised(right))
