"""Which projects are shown: the filters, and the rows that they leave."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from pmo_dashboards.fields import choice, find
from pmo_dashboards.state import Desk, Selection
from pmo_lib.plots import words


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


def filters(desk: Desk, chosen: Selection, health: pl.DataFrame) -> list[Any]:
    """The fields: portfolio, programme, computed status, status date, a part of the name."""
    statuses = {"Any status": "", **{word: name for name, word in words.STATUS.items()}, "Watermelon": "watermelon"}
    dates = {"Latest snapshots": "", **{words.day(at): at.strftime("%Y-%m-%d") for at in _newest(desk.status_dates())}}
    found = [choice(chosen, "portfolio", "Portfolio", {"All portfolios": "", **_names(health, "portfolio")})] if len(_names(health, "portfolio")) > 1 else []
    found.append(choice(chosen, "programme", "Programme", {"All programmes": "", **_names(health, "programme")}))
    found += [choice(chosen, "status", "Computed status", statuses), choice(chosen, "as_of", "Status date", dates), find(chosen)]
    return found


def _newest(dates: Any) -> list[date]:
    return sorted(dates, reverse=True)


def _names(health: pl.DataFrame, column: str) -> dict[str, str]:
    return {name: name for name in health[column].drop_nulls().unique().sort().to_list()}
