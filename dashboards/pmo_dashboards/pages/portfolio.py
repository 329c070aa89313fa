"""Where do all the projects stand? Every project's computed status beside its declared one, its finish and its doubt."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pandas as pd
import panel as pn
import panel_material_ui as pmui
import polars as pl

from pmo_dashboards import marks, parts, theme
from pmo_dashboards.parts import Figure
from pmo_dashboards.safe import Markup, html, join
from pmo_dashboards.state import Desk, Selection, selection
from pmo_lib.errors import PMOError
from pmo_lib.plots import headlines, words

PAGED = 200  # rows above which the table has pages
PAGE = 50
FIELD = 160  # [pixels] width of a filter
MOVES = 6
ASKS = 5
COLUMNS = ["project", "declared", "computed", "p80", "change", "fan", "chance", "spi", "cpi", "quality", "agreement"]
TITLES = {
    "project": "Project, source",
    "declared": "Declared",
    "computed": "Computed",
    "p80": "P80 finish",
    "change": "since last",
    "chance": "Chance of<br>target",
    "spi": "SPI",
    "cpi": "CPI",
    "quality": "Checks<br>passed",
    "agreement": "Agreement",
}
RIGHT = ["p80", "change", "chance", "spi", "cpi", "quality", "agreement"]
LEGEND = "Worst first. Bar P10–P90, stronger P25–P75, cut at P50. Blue tick: P80, with its move since the last snapshot. Tall tick: target."


def page(desk: Desk) -> Any:
    """The Portfolio page of this session."""
    chosen = selection()
    body = parts.box(kind="flow")
    last: dict[str, Any] = {}

    def refresh(*events: Any) -> None:
        if not last or last["as_of"] != chosen.as_of:
            last.update(as_of=chosen.as_of, answer=_asked(desk, chosen))
            body[:] = _body(desk, chosen, last["answer"])

    refresh()
    chosen.param.watch(refresh, "as_of")
    return parts.shell("Portfolio", "Portfolio", chosen, [body])


def _asked(desk: Desk, chosen: Selection) -> pl.DataFrame | PMOError:
    try:
        return desk.portfolio(chosen.instant)
    except PMOError as error:
        return error


def _body(desk: Desk, chosen: Selection, answer: pl.DataFrame | PMOError) -> list[Any]:
    if isinstance(answer, PMOError):
        return [parts.show(parts.failure(answer))]
    if answer.is_empty():
        return [parts.show(_empty())]
    return _filled(desk, chosen, answer)


def _empty() -> Markup:
    what = "with plans of Microsoft Project or Primavera P6, or boards of Jira or Asana"
    remedy = html("Run: <code>pmo import FILE…</code> {}, or <code>pmo demo</code> for an example.", what)
    return html("{}{}", parts.head("No project yet", ""), html('<div class="card">{}</div>', parts.state("No project yet.", remedy)))


def _filled(desk: Desk, chosen: Selection, health: pl.DataFrame) -> list[Any]:
    on = marks.axis(_instants(health))
    head, strip, foot = (parts.show(Markup("")) for _ in range(3))
    moves, asks = parts.show(Markup("")), parts.show(Markup(""))
    grid, nothing = _table(health, on), parts.show(Markup(""))

    def refresh(*events: Any) -> None:
        shown = filtered(health, chosen)
        head.object = str(parts.head(headlines.portfolio(shown), LEGEND, _caveat(shown)))
        strip.object = str(parts.strip(figures(shown)))
        grid.value = cells(shown, on, chosen)
        grid.visible, nothing.visible = bool(shown.height), not shown.height
        nothing.object = str(parts.state("No project matches these filters.", html('<a href="{}">Clear the filters</a>', _cleared(chosen))))
        moves.object, asks.object = str(_moves(shown)), str(_asks(shown, chosen))
        foot.object = str(_foot(shown, health))

    refresh()
    chosen.param.watch(refresh, ["programme", "portfolio", "status", "find", "theme", "scale"])
    context = parts.box(parts.show(parts.crumbs(("Portfolio", None))), parts.filters(*_filters(desk, chosen, health)), kind="ctx")
    cards = parts.box(parts.box(moves, kind="card"), parts.box(asks, kind="card"), kind="g2 gap")
    return [context, head, strip, parts.box(grid, parts.box(nothing, kind=""), kind="card tbl gap"), cards, foot]


def _instants(health: pl.DataFrame) -> list[datetime]:
    """What the common axis must hold: the forecasts; a target too, unless it lies so far away that it would squeeze them."""
    ends: list[datetime] = [at for name in ("p10", "p90") for at in health[name].drop_nulls().to_list()]
    if not ends:
        return []
    first, last = min(ends), max(ends)
    room = (last - first) * 0.5
    return ends + [at for name in ("target", "previous_p80") for at in health[name].drop_nulls().to_list() if first - room <= at <= last + room]


def filtered(health: pl.DataFrame, chosen: Selection) -> pl.DataFrame:
    """The rows that the filters leave, in their order."""
    for name in ("programme", "portfolio"):
        if wanted := getattr(chosen, name):
            health = health.filter(pl.col(name) == wanted)
    if chosen.status == "watermelon":
        health = health.filter("watermelon")
    elif chosen.status in words.STATUS:
        health = health.filter(pl.col("computed") == chosen.status)
    if sought := chosen.find.strip().lower():
        text = pl.concat_str([pl.col(name).fill_null("") for name in ("key", "name", "programme", "portfolio", "manager")], separator=" ").str.to_lowercase()
        health = health.filter(text.str.contains(sought, literal=True))
    return health


def _cleared(chosen: Selection) -> str:
    return chosen.link("Portfolio", programme="", portfolio="", status="", find="")


def _caveat(health: pl.DataFrame) -> str | None:
    count = health.filter("indicative").height
    if not count:
        return None
    who = "All forecasts are" if count == health.drop_nulls("p80").height else f"{words.count(count, 'forecast')} {'is' if count == 1 else 'are'}"
    return f"{who} indicative, ranges assumed: nobody estimated them. Such a forecast cannot make a status on track. Marked with ≈."


def figures(health: pl.DataFrame) -> list[Figure]:
    """The KPI strip."""
    aimed = health.drop_nulls(["p80", "target"])
    held = aimed.filter(pl.col("p80") <= pl.col("target")).height
    count = {name: health.filter(pl.col("computed") == name).height for name in words.STATUS}
    declared = health.filter(pl.col("declared") == "on_track").height
    melons = health.filter("watermelon").height
    moved = health.drop_nulls("p80_change")
    later = moved.filter(pl.col("p80_change") >= 1).height
    named = [name for name in words.STATUS if name != "no_data" or count[name]]
    counted = join([html("{}{}", marks.glyph(name, 13), str(count[name])) for name in named], "<i></i>")
    said = ", ".join(words.status(name).lower() for name in named) if len(named) < 4 else "on track, at risk, off track, no data"
    return [
        Figure(
            "Targets held at P80",
            f"{held} of {aimed.height}",
            "P80 finish on or before the target",
            "A target is held when 80 % of the simulated runs meet it.",
        ),
        Figure("Computed status", html('<span class="trio">{}</span>', counted), said, "By the chance of the target; the standard's thresholds decide."),
        Figure(
            "Watermelons",
            html("{}{} <small>of {} declared on track</small>", marks.glyph("watermelon", 16), melons, declared),
            "green outside, red inside",
            "Declared on track, computed off track.",
        ),
        Figure(
            "Later since last snapshot",
            html("{} <small>of {}</small>", later, moved.height) if moved.height else "first snapshots",
            _largest(moved),
            "Projects whose P80 moved later by a day or more.",
            not moved.height,
        ),
        _last_finish(health),
        _agreement(health),
    ]


def _largest(moved: pl.DataFrame) -> Markup | str:
    if moved.is_empty():
        return "nothing to compare with yet"
    row = moved.sort("p80_change", descending=True).row(0, named=True)
    return html("most: <b>{}</b> {}", words.change(row["p80_change"]), row["name"])


def _last_finish(health: pl.DataFrame) -> Figure:
    known = health.drop_nulls("p80").sort("p80", descending=True)
    if known.is_empty():
        return Figure("Last P80 finish", "no forecast yet", "", missing=True)
    row = known.row(0, named=True)
    return Figure("Last P80 finish", words.day(row["p80"]), row["name"], "The latest of the projects' P80 finishes.")


def _agreement(health: pl.DataFrame) -> Figure:
    known = health.drop_nulls("agreement").filter(pl.col("compared") > 0)
    if known.is_empty():
        return Figure("Agreement with the source", "not available", "no source stores dates to compare with", missing=True)
    counted, agreeing = int(known["compared"].sum()), float((known["agreement"] * known["compared"]).sum())
    return Figure(
        "Agreement with the sources",
        words.share(agreeing / counted),
        f"{round(agreeing):,} of {counted:,} activities",
        "Share of activities whose stored dates our engine reproduces.",
    )


def cells(health: pl.DataFrame, on: marks.Axis | None, chosen: Selection) -> pd.DataFrame:
    """The table's cells as HTML, each after a comment that makes its text sort as its figure does."""
    ranks = _ranks(health)
    rows = [_row(row, on, chosen) for row in health.iter_rows(named=True)]
    return pd.DataFrame(
        {name: [f"<!--{rank:06d}-->{row[name]}" for rank, row in zip(ranks.get(name, range(len(rows))), rows, strict=True)] for name in COLUMNS},
        columns=COLUMNS,
    )


def _ranks(health: pl.DataFrame) -> dict[str, list[int]]:
    order = {name: place for place, name in enumerate(("off_track", "at_risk", "no_data", "on_track"))}
    placed = health.select(
        project=pl.col("name").str.to_lowercase(),
        declared=pl.col("declared").cast(pl.String).replace_strict(order),
        computed=pl.col("computed").cast(pl.String).replace_strict(order),
        p80="p80",
        change="p80_change",
        chance="chance",
        spi="spi",
        cpi="cpi",
        quality=pl.col("checks_passed") / pl.col("checks_made"),
        agreement="agreement",
    )
    return {name: placed[name].rank("dense").fill_null(900_000).cast(pl.Int64).to_list() for name in placed.columns}


def _row(row: dict[str, Any], on: marks.Axis | None, chosen: Selection) -> dict[str, Markup]:
    why = row["note"] or ""
    off = row["computed"] == "off_track"

    def figure(text: str, said: str = why, kind: str = "") -> Markup:
        return html('<span class="q" title="{}">{}</span>', said, text) if text == words.NONE else html('<span class="{}">{}</span>', kind, text)

    moved, board = row["p80_change"], row["kind"] == "board"
    no_network = "a board has no network of activities" if board else ""
    error = words.days_between(row["p80_low"], row["p80_high"]) / 2 if row["p80_low"] and row["p80_high"] else 0
    return {
        "project": html(
            '<a class="row" href="{}" title="{}">{}</a><span class="s">{}</span>',
            _leads_to(row, chosen),
            f"{row['name']}, {of_board(row)}" if board else row["name"],
            row["name"],
            of_board(row) if board else words.source(row["source"]),
        ),
        "declared": marks.status(row["declared"]) if row["declared"] != "no_data" else html('<span class="q" title="nobody declared one">n/a</span>'),
        "computed": html('<span title="{}">{}</span>', row["reason"], marks.status(row["computed"], row["watermelon"])),
        "p80": html(
            '{}<span title="{}">{}</span>',
            Markup('<span class="q" title="indicative, ranges assumed">≈ </span>') if row["indicative"] and row["p80"] else "",
            finish_title(row),
            figure(words.day(row["p80"])),
        ),
        "change": figure(words.change(moved), "no earlier snapshot" if row["p80"] else why, "q" if moved is None or abs(moved) <= error else "b"),
        "fan": marks.fan(row, on) if on else html('<span class="q">{}</span>', why or "no forecast"),
        "chance": figure(words.chance(row["chance"]), "no target" if row["p80"] else why, "b" if off else ""),
        "spi": figure(words.index(row["spi"]), no_network or "needs a baseline and progress"),
        "cpi": figure(words.index(row["cpi"]), no_network or "needs costs"),
        "quality": figure(words.NONE if row["checks_made"] is None else f"{row['checks_passed']} of {row['checks_made']}", no_network or why),
        "agreement": figure(words.share(row["agreement"]), no_network or why),
    }


def _leads_to(row: dict[str, Any], chosen: Selection) -> str:
    """A board's own page is that of its flow."""
    return chosen.link("Flow" if row["kind"] == "board" else "Project", key=row["key"])


def of_board(row: dict[str, Any]) -> str:
    """What a board shows below its name, where a plan shows its tool alone: what is left and how much is finished a week."""
    told = [words.source(row["source"])]
    if row["left"] is not None:
        told.append(f"{words.number(row['left'])} left")
    if row["weekly"] is not None:
        told.append(f"{words.number(row['weekly'], 1)} a week")
    return " · ".join(told)


def finish_title(row: dict[str, Any]) -> str:
    """What hovering over a finish says: what it rests on, and its target."""
    if row["p80"] is None:
        return row["note"] or "no forecast"
    if row["kind"] == "board":
        drawn = f"drawn from {words.count(row['weeks'], 'week')} in which {words.count(row['counted'], 'item')} were finished"
        level = f"; {words.share(row['share'])} of items take {row['within']:.0f} days or less" if row["within"] is not None else ""
        return f"{words.count(row['left'], 'item')} left, P50 {words.day(row['p50'])}, P80 {words.day(row['p80'])}, {drawn}{level}{_aim(row)}"
    planned = f"planned {words.day(row['finish'])}; " if row["finish"] else ""
    return f"{planned}P80 {words.day(row['p80'])}, 95 % interval {words.day(row['p80_low'])} to {words.day(row['p80_high'])}{_aim(row)}"


def _aim(row: dict[str, Any]) -> str:
    return f"; target {words.day(row['target'])} ({words.TARGETS.get(row['target_kind'], row['target_kind'] or 'target')})" if row["target"] else "; no target"


def _table(health: pl.DataFrame, on: marks.Axis | None) -> pn.widgets.Tabulator:
    lines = f".tabulator-row .tabulator-cell[tabulator-field=fan]{{{marks.gridlines(on)}}}" if on else ""
    paged: dict[str, Any] = {"pagination": "remote", "page_size": PAGE} if health.height > PAGED else {"pagination": None}
    return pn.widgets.Tabulator(
        pd.DataFrame({name: pd.Series(dtype=str) for name in COLUMNS}),
        titles={**TITLES, "fan": str(marks.months(on)) if on else "Finish"},
        formatters={name: {"type": "html"} for name in COLUMNS},
        text_align=dict.fromkeys(RIGHT, "right"),
        header_align=dict.fromkeys(RIGHT, "right"),
        layout="fit_columns",
        sortable={name: name != "fan" for name in COLUMNS},
        show_index=False,
        disabled=True,
        selectable=False,
        row_height=36,
        sizing_mode="stretch_width",
        margin=0,
        stylesheets=[theme.css("table") + lines],
        configuration={"columnDefaults": {"headerSortTristate": True}, "renderVertical": "basic", "resizableColumnFit": False},
        **paged,
    )


def _filters(desk: Desk, chosen: Selection, health: pl.DataFrame) -> list[Any]:
    statuses = {"Any status": "", **{word: name for name, word in words.STATUS.items()}, "Watermelon": "watermelon"}
    dates = {"Latest snapshots": "", **{words.day(at): at.strftime("%Y-%m-%d") for at in _newest(desk.status_dates())}}
    found = [choice(chosen, "portfolio", "Portfolio", {"All portfolios": "", **_names(health, "portfolio")})] if len(_names(health, "portfolio")) > 1 else []
    found.append(choice(chosen, "programme", "Programme", {"All programmes": "", **_names(health, "programme")}))
    found += [choice(chosen, "status", "Computed status", statuses), choice(chosen, "as_of", "Status date", dates), _find(chosen)]
    return found


def _newest(dates: Any) -> list[date]:
    return sorted(dates, reverse=True)


def _names(health: pl.DataFrame, column: str) -> dict[str, str]:
    return {name: name for name in health[column].drop_nulls().unique().sort().to_list()}


def choice(chosen: Selection, name: str, label: str, options: dict[str, str], instead: str = "") -> pmui.Select:
    """A filter in step with the selection in both directions; `instead` is what shows while nothing is chosen."""
    value = getattr(chosen, name) or instead
    if value not in options.values():
        options = {**options, value: value}
    select = pmui.Select(options=options, value=value, size="small", variant="outlined", label=label, width=FIELD, margin=0)
    select.param.watch(lambda event: chosen.param.update(**{name: event.new}), "value")
    chosen.param.watch(lambda event: setattr(select, "value", event.new) if event.new in select.values else None, name)
    return select


def _find(chosen: Selection) -> pmui.TextInput:
    field = pmui.TextInput(value=chosen.find, placeholder="Find a project", size="small", variant="outlined", label="Find a project", width=FIELD, margin=0)
    field.param.watch(lambda event: setattr(chosen, "find", event.new), "value")
    field.param.watch(lambda event: setattr(chosen, "find", event.new), "value_input")
    chosen.param.watch(lambda event: setattr(field, "value", event.new), "find")
    return field


def _moves(health: pl.DataFrame) -> Markup:
    moved = health.drop_nulls("p80_change").filter(pl.col("p80_change").abs() >= 1)
    top = moved.sort(pl.col("p80_change").abs(), descending=True, maintain_order=True).head(MOVES).sort("p80_change", descending=True, maintain_order=True)
    heading = parts.title(headlines.moves(health), "Calendar days of the P80 since each project’s last snapshot; later is filled, earlier hollow")
    if top.is_empty():
        return html("{}{}", heading, parts.state("Import the next snapshot to see what moved."))
    largest = float(top["p80_change"].abs().max() or 1)  # type: ignore[arg-type]
    items = [
        html('<li><span>{}</span>{}<span class="n b">{}</span></li>', row["name"], marks.move(row["p80_change"], largest), words.change(row["p80_change"]))
        for row in top.iter_rows(named=True)
    ]
    return html('{}<ul class="rows moves">{}</ul>', heading, join(items))


def _asks(health: pl.DataFrame, chosen: Selection) -> Markup:
    worst = health.filter(pl.col("computed").is_in(["off_track", "no_data"]) | (pl.col("computed") == "at_risk")).head(ASKS)
    if worst.is_empty():
        return html("{}{}", parts.title("No project needs a word"), parts.state("Every project is on track."))
    items = [
        html(
            '<li><span><b>{}:</b> <span class="m">{}</span></span><a href="{}" aria-label="Open {}">Open →</a></li>',
            row["name"],
            row["reason"],
            _leads_to(row, chosen),
            row["name"],
        )
        for row in worst.iter_rows(named=True)
    ]
    return html('{}<ul class="rows ask">{}</ul>', parts.title("Ask first about these", "The rule that decided each status"), join(items))


def _foot(shown: pl.DataFrame, health: pl.DataFrame) -> Markup:
    read = health.drop_nulls("snapshot")
    oldest = f", oldest {words.day(read['data_date'].min())}" if read["data_date"].drop_nulls().len() else ""  # type: ignore[arg-type]
    findings = words.count(int(shown["findings"].sum()), "finding")
    agreement = "agreement = share of the source tool’s own dates that we reproduce"
    left = f"{read.height} of {words.count(health.height, 'project')} read{oldest} · {findings} · {agreement}"
    return parts.foot(left, f"{words.count(shown.height, 'project')} shown")
