"""Transitions as numbers: which item, when, to which status."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import polars as pl


def coded(items: pl.Series, transitions: pl.DataFrame, statuses: tuple[str, ...], until: datetime) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Transitions of those items up to that moment, in order of time: row of the item [int32], instant [int64], number of the status [int32]."""
    numbered = pl.LazyFrame({"item": items}).with_row_index("code")
    rows = transitions.lazy().filter(pl.col("at").dt.replace_time_zone(None) <= until).join(numbered, on="item", maintain_order="left")
    number = {status: i for i, status in enumerate(statuses)}
    found = rows.select(pl.col("code").cast(pl.Int32), pl.col("at").dt.timestamp("us"), pl.col("after").replace_strict(number, return_dtype=pl.Int32)).collect()
    if not found["at"].is_sorted():
        found = found.sort("at", maintain_order=True)
    return found["code"].to_numpy(), found["at"].to_numpy(), found["after"].to_numpy()
