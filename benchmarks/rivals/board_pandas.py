"""Cycle times, cumulative flow and ageing of a board as one writes them in pandas: groupby, shift, merge."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

CANCELLED = ("Won't Do",)


def measures(items: Any, moves: Any, columns: tuple[str, ...], started: int, done: int, at: dt.datetime) -> tuple[Any, Any, Any]:
    """Frames as the Polars rival gives them."""
    place = {name: n for n, name in enumerate(columns)}
    way = moves[["item", "at"]].assign(to=moves["after"].map(place))
    each = way.groupby("item", sort=False)["to"]
    way["was"] = each.shift(1).fillna(-1)
    way["last"] = each.transform("last")
    crossed = {}
    for name, c in place.items():
        reached = way["to"] >= c
        if c <= started:
            crossed[name] = way.loc[reached].groupby("item", sort=False)["at"].min()
        else:
            crossed[name] = way.loc[reached & (way["was"] < c) & (way["last"] >= c)].groupby("item", sort=False)["at"].max()
    moved = way.loc[way["to"] != way["was"]].groupby("item", sort=False)["at"].last()
    own: Any = items[["item", "name", "type", "created"]].assign(cancelled=items["resolution"].isin(CANCELLED)).set_index("item")
    own = own.join(pd.DataFrame(crossed)).join(moved.rename("moved")).join(each.last().rename("column"))
    begun, ended = own[columns[started]], own[columns[done]]
    jumped = begun == ended
    cycle: Any = own[["name", "type", "created", "cancelled"]].copy()
    cycle["started"] = begun.where(~jumped)
    cycle["finished"] = ended
    cycle["cycle_time"] = ((ended.dt.normalize() - begun.dt.normalize()).dt.days + 1.0).where(~jumped & ~own["cancelled"])
    cycle["lead_time"] = ((ended.dt.normalize() - own["created"].dt.normalize()).dt.days + 1.0).where(~own["cancelled"])
    cycle = cycle.sort_values("finished", na_position="last").reset_index()
    kept: Any = own[~own["cancelled"]]
    now: Any = pd.Timestamp(at, tz="UTC")
    today = now.normalize()
    first: Any = kept[columns[0]].min()
    span = pd.date_range(first.normalize(), today)
    flow = pd.DataFrame({name: kept[name].dropna().dt.normalize().value_counts().reindex(span, fill_value=0).cumsum() for name in columns}, index=span)
    past = np.sort(cycle["cycle_time"].dropna().to_numpy())
    open_ = kept[begun[~own["cancelled"]].notna() & ended[~own["cancelled"]].isna()]
    ages = open_[["name", "type", "column"]].copy()
    ages["started"] = open_[columns[started]]
    ages["age"] = (today - open_[columns[started]].dt.normalize()).dt.days + 1.0
    ages["in_column"] = (today - open_["moved"].dt.normalize()).dt.days + 1.0
    ages["older_than"] = np.searchsorted(past, ages["age"].to_numpy(), side="left") / past.size
    return cycle, flow, ages.reset_index().sort_values(["age", "item"], ascending=[False, True])
