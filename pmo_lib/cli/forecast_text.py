"""A forecast as people read it in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_lib.cli.output import console, print_table

if TYPE_CHECKING:
    from pmo_lib.office import Certificate, Forecast

PERCENTILES = (10.0, 25.0, 50.0, 75.0, 80.0, 90.0)
MOST = 8  # drivers that are shown


def print_forecast(result: Forecast) -> None:
    """The finish with its intervals, targets, where the ranges come from, what preparing moved, risks, branches, and the drivers."""
    if result.indicative:
        console().print(f"[yellow]{escaped(result.indicative)}[/yellow]")
    for sentence in result.waits:
        console().print(f"{escaped(sentence)}.", soft_wrap=True)
    _print_finish(result)
    _print_certainty(result)
    _print_targets(result)
    _print_sources(result)
    _print_steps(result)
    _print_risks(result)
    _print_ways(result)
    _print_drivers(result)
    console().print(f"{result.iterations:,} iterations, seed {result.seed}, {result.sampling}")


def print_disagreement(certificate: Certificate | None, key: str = "") -> None:
    """That the dates behind a forecast are not the source's own, where they are not."""
    if certificate is not None and certificate.met is False:
        from pmo_lib.plots import words

        said = words.capitalised(f"{certificate.note}.")
        console().print(f"[yellow]{escaped(f'{key}: {said}' if key else said)}[/yellow]")


def _print_finish(result: Forecast) -> None:
    import polars as pl

    from pmo_lib.plots import words

    chosen = result.percentiles.filter(pl.col("p").is_in(PERCENTILES))
    lines = [
        (f"P{row['p']:.0f}", words.day(row["finish"]), f"{words.day(row['finish_low'])} to {words.day(row['finish_high'])}")
        for row in chosen.iter_rows(named=True)
    ]
    print_table("Finish", ["", "date", "95 % sampling interval"], lines, right=(1,))
    console().print(f"The plan's own finish, {words.day(result.deterministic_finish)}, has a chance of {words.chance(result.chance_of_deterministic)}.\n")


def print_settled(result: Forecast, until: float | None) -> None:
    """That the iterations asked for with --until were not enough, where they were not."""
    from pmo_lib.risk import Convergence

    if until is not None and result.iterations >= Convergence(half_width=until).at_most:
        console().print(
            f"[yellow]Stopped after {result.iterations:,} iterations, the most that --until allows; the P80's interval may be wider than asked.[/yellow]"
        )


def _print_certainty(result: Forecast) -> None:
    if result.certainty:
        said = escaped(" ".join(result.certainty))
        console().print(f"[yellow]{said}[/yellow]\n" if result.falsely_certain else f"{said}\n")


def _print_targets(result: Forecast) -> None:
    from pmo_lib.plots import words

    lines = [
        (row["target"], words.day(row["date"]), words.chance(row["chance"]), words.day(row["p50"]), words.day(row["p80"]))
        for row in result.targets.iter_rows(named=True)
    ]
    if lines:
        print_table("Targets (they hold no date, and make nothing critical)", ["", "date", "chance", "P50", "P80"], lines, right=(1, 2, 3, 4))


def _print_sources(result: Forecast) -> None:
    if result.sources is None:
        return
    lines = [(row["source"], row["told"], f"{row['meets']:,}", f"{row['decides']:,}", row["note"] or "") for row in result.sources.iter_rows(named=True)]
    print_table("Where the ranges come from", ["source", "range", "meets", "decides", "note"], lines, right=(2, 3))


def _print_steps(result: Forecast) -> None:
    import polars as pl

    from pmo_lib.plots import words

    moved = result.steps.filter((pl.col("count") > 0) | (pl.col("days") != 0))
    lines = [(row["step"], f"{row['count']:,}", words.change(row["days"]), words.day(row["finish"])) for row in moved.iter_rows(named=True)]
    if lines:
        print_table("What preparing the plan moved", ["step", "touched", "moved", "finish after it"], lines, right=(1, 2, 3))


def _print_risks(result: Forecast) -> None:
    """Each risk as given, how often it occurred, and what the P80 would lose without it; the costliest first."""
    from pmo_lib.plots import words

    if result.occurrences is None or result.occurrences.is_empty():
        return
    adds = {} if result.contributions is None else {row["item"]: (row["contribution"], row["error"]) for row in result.contributions.iter_rows(named=True)}
    rows = sorted(result.occurrences.iter_rows(named=True), key=lambda row: -adds.get(row["risk"], (0.0, 0.0))[0])
    lines = [
        (
            row["risk"],
            row["name"],
            row["kind"],
            words.share(row["probability"]),
            words.share(row["share"]),
            f"{row['activities']:,}",
            *_adds(adds.get(row["risk"])),
        )
        for row in rows
    ]
    columns = ["risk", "name", "kind", "chance", "occurred", "activities", "adds to P80", "± (95 %)"]
    print_table("Risks (so many working days earlier would the P80 be without the risk)", columns, lines, right=(3, 4, 5, 6, 7), spare=(5, 2, 4))


def _adds(found: tuple[float, float] | None) -> tuple[str, str]:
    """A contribution and half its 95 % interval [working days]."""
    from pmo_lib.plots import words

    return ("", "") if found is None else (words.number(found[0], 1), words.number(1.96 * found[1], 1))


def _print_ways(result: Forecast) -> None:
    from pmo_lib.plots import words

    if result.ways is None or result.ways.is_empty():
        return
    lines = [
        (row["node"], row["branch"], "by a test" if row["probability"] is None else words.share(row["probability"]), words.share(row["share"]))
        for row in result.ways.iter_rows(named=True)
    ]
    print_table("Branches, and tasks that may not exist", ["after", "branch", "chance", "taken"], lines, right=(2, 3))


def _print_drivers(result: Forecast) -> None:
    """The leading activities by what their ranges add to the P80; those for which it was not computed follow, by SSI."""
    from pmo_lib.plots import words

    ranked = result.sensitivity.sort("contribution_p80", descending=True, nulls_last=True, maintain_order=True)
    lines = [
        (
            row["activity"],
            row["name"],
            words.share(row["criticality"]),
            words.index(row["cruciality"]),
            words.index(row["ssi"]),
            words.number(row["contribution_p80"], 1),
        )
        for row in ranked.head(MOST).iter_rows(named=True)
    ]
    if lines:
        columns = ["activity", "name", "criticality", "cruciality", "SSI", "adds to P80"]
        print_table("Drivers (so many working days earlier would the P80 be if the activity took its planned duration)", columns, lines, right=(2, 3, 4, 5))


def escaped(text: str) -> str:
    """Text without meaning to Rich's markup."""
    from rich.markup import escape

    return escape(text)
