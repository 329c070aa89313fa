"""A forecast as people read it in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pmo_lib.cli.output import console, print_table

if TYPE_CHECKING:
    from pmo_lib.office import Certificate, Forecast


def print_forecast(result: Forecast) -> None:
    """The finish with its intervals, targets, where the ranges come from, what preparing moved, and the drivers."""
    if result.indicative:
        console().print(f"[yellow]{escaped(result.indicative)}[/yellow]")
    _print_finish(result)
    _print_targets(result)
    _print_sources(result)
    _print_steps(result)
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

    chosen = result.percentiles.filter(pl.col("p").is_in([10.0, 50.0, 80.0, 90.0]))
    lines = [
        (f"P{row['p']:.0f}", words.day(row["finish"]), f"{words.day(row['finish_low'])} to {words.day(row['finish_high'])}")
        for row in chosen.iter_rows(named=True)
    ]
    print_table("Finish", ["", "date", "95 % sampling interval"], lines, right=(1,))
    console().print(f"The plan's own finish, {words.day(result.deterministic_finish)}, has a chance of {words.chance(result.chance_of_deterministic)}.\n")


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
    print_table("Where the ranges come from", ["source", "", "meets", "decides", ""], lines, right=(2, 3))


def _print_steps(result: Forecast) -> None:
    import polars as pl

    from pmo_lib.plots import words

    moved = result.steps.filter((pl.col("count") > 0) | (pl.col("days") != 0))
    lines = [(row["step"], f"{row['count']:,}", words.change(row["days"]), words.day(row["finish"])) for row in moved.iter_rows(named=True)]
    if lines:
        print_table("What preparing the plan moved", ["step", "touched", "moved", "finish after it"], lines, right=(1, 2, 3))


def _print_drivers(result: Forecast) -> None:
    from pmo_lib.plots import words

    lines = [
        (row["activity"], row["name"], words.share(row["criticality"]), words.index(row["cruciality"]), words.index(row["ssi"]))
        for row in result.sensitivity.head(8).iter_rows(named=True)
    ]
    if lines:
        print_table("Drivers", ["activity", "name", "criticality", "cruciality", "SSI"], lines, right=(2, 3, 4))


def escaped(text: str) -> str:
    """Text without meaning to Rich's markup."""
    from rich.markup import escape

    return escape(text)
