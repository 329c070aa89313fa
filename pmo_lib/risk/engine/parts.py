"""A part of a run: the variables, risks and choices of some rows of the network alone. Every number is addressed, so the part draws what the whole does."""

from __future__ import annotations

import numpy as np

from pmo_lib.risk.engine.drawing import Variables
from pmo_lib.risk.engine.effects import Effects


def variables_of(whole: Variables, first: int, last: int) -> Variables:
    """The variables of the rows from `first` up to `last`, which become rows 0, 1, …; the systemic factor stays the last."""
    at = np.flatnonzero((whole.row < 0) | (whole.row >= first) & (whole.row < last))
    counts = np.diff(whole.mix_from)[at]
    mixes = np.repeat(whole.mix_from[at] - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
    latents, mix = np.unique(whole.mix[mixes], return_inverse=True)
    resting = (whole.rest_row >= first) & (whole.rest_row < last)
    each = {name: getattr(whole, name)[at] for name in ("address", "keys", "shape", "points", "table", "systemic", "own")}
    return whole._replace(
        row=np.where(whole.row[at] < 0, whole.row[at], whole.row[at] - first).astype(np.int32),
        latent=whole.latent[latents],
        latent_keys=whole.latent_keys[latents],
        mix_from=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        mix=mix.astype(np.int32),
        weight=whole.weight[mixes],
        rest_row=whole.rest_row[resting] - np.int32(first),
        rest=whole.rest[resting],
        **each,
    )


def effects_of(whole: Effects, first: int, last: int) -> Effects:
    """The effects on the rows from `first` up to `last`, which become rows 0, 1, …; choices that wait for dates cannot be parted."""
    group = np.repeat(np.arange(whole.group_from.size - 1), np.diff(whole.group_from))
    mine = (whole.row >= first) & (whole.row < last)
    groups, sizes = np.unique(group[mine], return_counts=True)
    counts = np.diff(whole.touch_from)[groups]
    touches = np.repeat(whole.touch_from[groups] - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
    still = (whole.still >= first) & (whole.still < last)
    return whole._replace(
        group_from=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        row=whole.row[mine] - np.int32(first),
        rest=whole.rest[mine],
        touch_from=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        still=whole.still[still] - np.int32(first),
        planned=whole.planned[still],
        **{name: getattr(whole, name)[touches] for name in ("risk", "how", "scale", "occurs", "impact")},
        **_members(whole, first, last),
    )


def _members(whole: Effects, first: int, last: int) -> dict[str, np.ndarray]:
    """What of each branch lies in the rows."""
    mine = (whole.loose >= first) & (whole.loose < last)
    branch = np.repeat(np.arange(whole.member_from.size - 1), np.diff(whole.member_from))
    held = mine[whole.member]
    place = np.cumsum(mine) - 1
    counts = np.bincount(branch[held], minlength=whole.member_from.size - 1)
    return {
        "loose": whole.loose[mine] - np.int32(first),
        "member": place[whole.member[held]].astype(np.int32),
        "member_from": np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
    }
