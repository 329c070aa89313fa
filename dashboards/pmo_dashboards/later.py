"""What is done once the page stands: charts, drawn one after the other from the top, and whatever else takes its time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import panel as pn
from bokeh.protocol.exceptions import ProtocolError

from pmo_dashboards import theme
from pmo_dashboards.state import Selection
from pmo_lib.plots.theme import Tokens, described, tokens


def picture(draw: Callable[[Tokens], Any], chosen: Selection, said: str, height: int = 0, *, fills: bool = False) -> pn.Column:
    """A chart, drawn once the page stands and anew when the theme changes; `said` is what a screen reader says of it, `height` what it will fill.

    `fills`: it takes what is left of a card that grows, at least `height`.

    Until it is drawn its place is a grey block. Charts are drawn one after the other, from the top, and each is seen as soon as it is.
    """
    looks = ["picture", *(["fills"] if fills else [])]
    shown = pn.pane.HoloViews(None, sizing_mode="stretch_both" if fills else "stretch_width", margin=0, linked_axes=False, theme=None)
    place = pn.Column(shown, min_height=height, css_classes=[*looks, "waiting"], stylesheets=[theme.css("layout")], sizing_mode="stretch_width", margin=0)

    def redraw() -> None:
        try:
            shown.object = with_hook(draw(tokens(chosen.dark)), said)
        finally:
            place.css_classes = looks

    when_loaded(redraw, chosen)
    chosen.param.watch(lambda event: soon(redraw, chosen), "theme")
    return place


def when_loaded(action: Callable[[], None], chosen: Selection) -> None:
    """Do it when its turn comes, once the page stands; where the page changes under its reader, its words come first."""
    if pn.state.loaded:
        soon(action, chosen)
    else:
        pn.state.onload(lambda: soon(action, chosen))


def soon(action: Callable[[], None], chosen: Selection) -> None:
    """Do it once the rest of the page, and what is to be done before, has reached the browser: a chart takes its time."""
    document = pn.state.curdoc
    if document is None or document.session_context is None:
        action()
        return
    chosen.waiting.append(action)
    if len(chosen.waiting) == 1:
        document.add_timeout_callback(lambda: _next(document, chosen), PAUSE)


def anew(chosen: Selection) -> None:
    """The page is put together anew: what it had yet to draw is no longer on it, but for the one whose turn has come."""
    while len(chosen.waiting) > 1:
        chosen.waiting.pop()


PAUSE, ABSENT = 5, 500  # [milliseconds] in which the server sends what was drawn and answers others; before it looks again for a reader who has gone


def _next(document: Any, chosen: Selection) -> None:
    """Do what comes first, if anybody is there to see it: a session outlives its page for a while."""
    if not _seen(document):
        document.add_timeout_callback(lambda: _next(document, chosen), ABSENT)
        return
    try:
        chosen.waiting[0]()
    finally:
        chosen.waiting.popleft()
        if chosen.waiting:
            document.add_timeout_callback(lambda: _next(document, chosen), PAUSE)


def _seen(document: Any) -> bool:
    """Whether a browser is connected to the session."""
    context = document.session_context
    try:
        return context.server_context.application_context.get_session(context.id).connection_count > 0
    except ProtocolError:  # the session is gone
        return False


def with_hook(plot: Any, said: str) -> Any:
    """The plot, which tells a screen reader what it shows."""
    hooks = plot.opts.get("plot").kwargs.get("hooks", [])
    return plot.opts(hooks=[*hooks, described(said)])
