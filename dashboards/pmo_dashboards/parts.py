"""What every page is made of: the shell, the head, cards, the KPI strip, states and small tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import panel as pn
import panel_material_ui as pmui
from bokeh.models import CustomJS
from panel.util.parameters import edit_readonly

from pmo_dashboards import marks, theme
from pmo_dashboards.safe import Markup, html, join, pane
from pmo_dashboards.scripts import FOLDS, GRID, SHEETS
from pmo_dashboards.state import Selection
from pmo_lib.errors import PMOError


def show(content: Markup, **options: Any) -> pn.pane.HTML:
    """HTML in the looks of the page."""
    return pane(content, stylesheets=[theme.css("page")], **options)


def box(*parts: Any, kind: str) -> pn.Column:
    """A container with the looks of `kind`, a class of layout.css."""
    return pn.Column(*parts, css_classes=kind.split(), stylesheets=[theme.css("layout")], sizing_mode="stretch_width", margin=0)


def filters(*fields: Any) -> pn.Column:
    """The filters of the context row, as wide as they are and no wider."""
    width = sum(field.width for field in fields) + 8 * (len(fields) - 1)
    return pn.Column(*fields, css_classes=["filters"], stylesheets=[theme.css("layout")], width=width, margin=0)


def shell(title: str, here: str, chosen: Selection, body: Sequence[Any]) -> pmui.Page:
    """The page: app bar with the theme's switch, and the body; closed sessions leave nothing behind."""
    page = pmui.Page(
        header=[show(_bar(here, chosen))],
        main=[box(*body, kind="pg")],
        meta_title=f"{title} · PMO Workbench",
        theme_config=theme.theme_config(),
        dark_theme=chosen.dark,
        sx=theme.page_sx(),
        raw_css=[theme.document_css()],
        busy_indicator=None,
        favicon=FAVICON,
    )
    bar = page.header[0]
    if pn.state.curdoc is not None:
        pn.state.curdoc.js_on_event("document_ready", CustomJS(code=GRID + SHEETS + FOLDS))

    def switched(event: Any) -> None:
        chosen.theme = "dark" if event.new else ""

    page.param.watch(switched, "dark_theme")
    chosen.param.watch(lambda event: setattr(page, "dark_theme", chosen.dark), "theme")
    chosen.param.watch(lambda *events: setattr(bar, "object", str(_bar(here, chosen))), list(chosen.param))
    on_close(lambda: _let_go(page))
    return page


FAVICON = "data:image/svg+xml;utf8," + (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 20 20'><path d='M2 10 18 2.5v15Z' fill='%231D5FC4' opacity='.5'/>"
    "<path d='M2 10H18' stroke='%231D5FC4' stroke-width='2'/></svg>"
)


def on_close(action: Callable[[], None]) -> None:
    """Run the action when this session ends."""
    document = pn.state.curdoc
    if document is not None and document.session_context is not None:
        document.on_session_destroyed(lambda context: action())


def _let_go(page: pmui.Page) -> None:
    """A page watches whether the server is busy, and the server would keep it alive for that."""
    with edit_readonly(page):
        page.busy = False


def _bar(here: str, chosen: Selection) -> Markup:
    home = chosen.link("Portfolio", key="", status="", find="")
    shown = {"Portfolio": home, **({"Project": chosen.link("Project")} if here == "Project" else {}), "Flow": chosen.link("Flow", status="", find="")}
    current = Markup(' aria-current="page"')
    links = join([html('<a href="{}"{}>{}</a>', link, current if name == here else "", name) for name, link in shown.items()])
    logo = html('<a class="logo" href="{}" aria-label="PMO Workbench">{}<span class="wide">PMO Workbench</span></a>', home, marks.LOGO)
    return html('<div class="bar">{}<nav class="tabs" aria-label="Pages">{}</nav></div>', logo, links)


def crumbs(*steps: tuple[str, str | None]) -> Markup:
    """Where one is: (text, link) from the top; the last is here."""
    parts = [
        html('<a href="{}">{}</a>', link, text) if link else html("<b>{}</b>", text) if k == len(steps) - 1 else html("{}", text)
        for k, (text, link) in enumerate(steps)
    ]
    return html('<div class="crumb">{}</div>', join(parts, "<i>/</i>"))


def head(sentence: str, line: str, note: str | None = None, *, more: Markup | str = "") -> Markup:
    """The answer first, one line beneath, where to read on, and the caveat that must stand beside every figure."""
    caveat = html('<p class="note">{}<span>{}</span></p>', marks.glyph("at_risk"), note) if note else ""
    return html('<div class="head"><h1>{}</h1><p class="m">{} {}</p>{}</div>', sentence, line, more, caveat)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the strip: what it is, its value, and what stands beneath. `why` is its definition, on hover."""

    label: str
    value: Markup | str
    below: Markup | str = ""
    why: str = ""
    missing: bool = False  # the value is words, not a figure


def strip(figures: Sequence[Figure], kind: str = "card") -> Markup:
    """The KPI strip: one card divided by hairlines; `plain` within a card."""
    cells = [
        html(
            '<div title="{}"><dt>{}</dt><dd class="v{}">{}</dd><dd class="d">{}</dd></div>',
            figure.why,
            figure.label,
            " none" if figure.missing else "",
            figure.value,
            figure.below,
        )
        for figure in figures
    ]
    return html('<dl class="kpi {}">{}</dl>', kind, join(cells))


def title(heading: str, line: Markup | str = "", aside: Markup | str = "") -> Markup:
    """A card's title, which is the finding, and what is measured. The button is seen on a phone alone, in a card that folds."""
    button = html('<button type="button" class="unfold" aria-expanded="false" aria-label="Show or hide: {}"></button>', heading)
    return html('<div class="ch"><div><h2>{}</h2><span class="s">{}</span></div>{}{}</div>', heading, line, aside, button)


def _titled(heading: str, line: Markup | str, aside: Markup | str = "") -> pn.pane.HTML:
    """The part of a card that a phone shows of it folded."""
    return show(title(heading, line, aside), css_classes=["title"])


def card(heading: str, line: Markup | str, *content: Any, aside: Markup | str = "", kind: str = "") -> pn.Column:
    """A card with its title."""
    return box(_titled(heading, line, aside), *content, kind=f"card {kind}".strip())


def words_card(heading: str, body: Markup, line: Markup | str = "") -> pn.Column:
    """A card of text or of a table."""
    return box(_titled(heading, line), show(body), kind="card")


def folded(cards: Iterable[pn.Column]) -> list[pn.Column]:
    """The cards, of which a phone shows the title until it is tapped; those that say why they show nothing are short enough."""
    cards = list(cards)
    for one in cards:
        if NOTHING not in one.css_classes and "title" in one.objects[0].css_classes:
            one.css_classes = [*one.css_classes, "folds"]
    return cards


NOTHING = "absent"


def absent(heading: str, sentence: str, remedy: Markup | str = "") -> pn.Column:
    """A card that says why there is nothing to see: it takes no more room than its words."""
    return box(show(html("{}{}", title(heading), state(sentence, remedy))), kind=f"card {NOTHING}")


def parted(cards: Iterable[pn.Column]) -> tuple[list[pn.Column], list[pn.Column]]:
    """The cards that show something, and those that say why they do not."""
    cards = list(cards)
    return [one for one in cards if NOTHING not in one.css_classes], [one for one in cards if NOTHING in one.css_classes]


def beside(cards: Sequence[pn.Column]) -> list[pn.Column]:
    """Cards side by side, as many as there are up to three."""
    kinds = {1: "flow gap", 2: "g11 gap", 3: "g3 gap"}
    return [box(*cards, kind=kinds[len(cards)])] if cards else []


def pairs(cards: Iterable[pn.Column]) -> list[pn.Column]:
    """Cards in rows of two. Those with nothing to show stand together: beside the last one that is alone, or in a row of their own."""
    full, missing = parted(cards)
    rows = [row for k in range(0, len(full) - 1, 2) for row in beside(full[k : k + 2])]
    if len(full) % 2:
        return [*rows, *beside([full[-1], box(*missing, kind="stack")] if missing else [full[-1]])]
    return [*rows, *(row for k in range(0, len(missing), 3) for row in beside(missing[k : k + 3]))]


def state(sentence: str, remedy: Markup | str = "") -> Markup:
    """What a card says instead of a picture: what is the case, and what to do."""
    return html('<div class="state">{}<br>{}</div>', sentence, remedy)


def sentence(text: str) -> str:
    """The text as a sentence: a capital first letter, a full stop."""
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else text + "."


def table(headers: Sequence[tuple[str, bool]], rows: Iterable[Sequence[Any]], caption: str, *, stacked: bool | None = None) -> Markup:
    """A small table. `headers`: (text, is a number). Cells that are `(class, content)` get the class.

    `stacked`: on a phone each row is its first cell with the others beneath, each beside its header; by default from five columns on.
    """
    numeric = [number for _, number in headers]
    labels = [text for text, _ in headers] if (len(headers) > 4 if stacked is None else stacked) else [None] * len(headers)
    roles = ROLES if any(label is not None for label in labels) else dict.fromkeys(ROLES, Markup(""))
    top = join(html('<th scope="col"{}{}>{}</th>', roles["head"], Markup(' class="n"') if number else "", text) for text, number in headers)
    cells = (join(_cell(value, number, label, roles["cell"]) for value, number, label in zip(row, numeric, labels, strict=True)) for row in rows)
    body = join(html("<tr{}>{}</tr>", roles["row"], row) for row in cells)
    return html(
        '<div class="scroll" tabindex="0" role="region" aria-label="{0}"><table{3}><caption class="sr">{0}</caption>'
        "<thead{4}><tr{5}>{1}</tr></thead><tbody{4}>{2}</tbody></table></div>",
        caption,
        top,
        body,
        roles["table"],
        roles["group"],
        roles["row"],
    )


ROLES = {  # a table that is laid out anew is to remain one for a screen reader
    "table": Markup(' class="stacked" role="table"'),
    "group": Markup(' role="rowgroup"'),
    "row": Markup(' role="row"'),
    "head": Markup(' role="columnheader"'),
    "cell": Markup(' role="cell"'),
}


def _cell(value: Any, number: bool, label: str | None, role: Markup) -> Markup:
    kind, content = value if isinstance(value, tuple) else ("", value)
    named = html(' data-label="{}"', label) if label else ""
    return html('<td class="{}"{}{}>{}</td>', " ".join(filter(None, (kind, "n o" if number else ""))), role, named, content)


def rest(count: int, listed: int) -> Markup | str:
    """How many rows a table leaves out."""
    return html('<p class="s more">and {} more</p>', f"{count - listed:,}") if count > listed else ""


def as_table(headers: Sequence[tuple[str, bool]], rows: Iterable[Sequence[Any]], caption: str) -> pn.pane.HTML:
    """The figures of a chart, folded away beneath it."""
    return show(html('<details class="more"><summary>Show as table</summary>{}</details>', table(headers, rows, caption)))


def foot(left: str, right: str) -> Markup:
    """Source, data date, snapshot, iterations and seed: a figure can be traced."""
    return html('<div class="foot"><span>{}</span><span>{}</span></div>', left, right)


def failure(error: PMOError) -> Markup:
    """An error that a user can put right, where the page would be."""
    return html('<div class="head"><h1>{}</h1><p class="m">{}</p></div>', "This cannot be shown", sentence(str(error)))
