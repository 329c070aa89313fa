"""What an item belonged to and how large it was, over time: its sprints, epic, versions, parent and points, from the changes of the field.

Before its first change a field held what that change says was there before; without any change it has always been what it is now.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from pmo_lib.flow.crossings import NEVER, History
from pmo_lib.flow.grouping import SEVERAL

LISTS = ("sprints", *SEVERAL)
SINCE_EVER = np.iinfo(np.int64).min


def values(h: History, field: str) -> pl.DataFrame:
    """Each value that a field of the counted items held: code, value (as text; null: none), since and until [microseconds], in order of code and time.
    Of several at one moment the last one counts."""
    now = pl.col(field).list.join(", ") if field in LISTS else pl.col(field).cast(pl.String)
    numbered = h.items.select("item", now=now).with_row_index("code")
    kept = ["item", "at", "field", "before", "after"]
    empty = pl.DataFrame(schema=dict.fromkeys(("item", "field", "before", "after"), pl.String) | {"at": pl.Datetime("us", "UTC")}).select(kept)
    told = (field, "parent") if field == "epic" and h.rules.level == "item" else (field,)  # an item's parent is its epic
    changes = h.board.tables.get("item_changes", empty).select(kept).filter(pl.col("field").cast(pl.String).is_in(told))
    changes = changes.sort("at", maintain_order=True).join(numbered, on="item", maintain_order="left")
    first = changes.group_by("code", maintain_order=True).first()
    born = numbered.join(first.select("code", "before", changed=pl.lit(value=True)), on="code", how="left", maintain_order="left")
    begun = born.select("code", at=pl.lit(SINCE_EVER), value=pl.when(pl.col("changed")).then("before").otherwise("now"))
    later = changes.select("code", at=pl.col("at").dt.timestamp("us"), value="after").filter(pl.col("at") <= h.now)
    rows = pl.concat([begun, later]).sort("code", "at", maintain_order=True)
    until = pl.col("at").shift(-1).over("code").fill_null(NEVER)
    return rows.select("code", pl.col("value").replace("", None), since="at", until=until).filter(pl.col("since") < pl.col("until"))


def spells(h: History, field: str) -> pl.DataFrame:
    """Each stay of an item in a group: code, group, since and until, joined where nothing changed between; not where it belonged to none."""
    found = values(h, field)
    several = found.with_columns(pl.col("value").str.split(", ")).explode("value") if field in LISTS else found
    named = several.select("code", "since", "until", group=pl.col("value").str.strip_chars()).filter(pl.col("group").is_not_null(), pl.col("group") != "")
    named = named.sort("code", "group", "since", maintain_order=True)
    new = (pl.col("since") != pl.col("until").shift(1)).over("code", "group").fill_null(value=True)
    runs = named.with_columns(run=new.cum_sum().over("code", "group"))
    return runs.group_by("code", "group", "run", maintain_order=True).agg(pl.col("since").min(), pl.col("until").max()).drop("run")


def numbers(h: History, field: str) -> pl.DataFrame:
    """`values` of a field of numbers: null where it is no number."""
    return values(h, field).with_columns(pl.col("value").str.strip_chars().cast(pl.Float64, strict=False))
