"""Histories of which the beginning is missing: an issue cannot begin in a status of work where issues of its type begin in another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pmo_lib.readers.notes import Notes

MESSAGE = (
    "the first change of an issue leaves a status of work in which issues of its type do not begin, so changes before it are missing: it is taken to have "
    "stood there since its creation, and its cycle time is the longest that it can be"
)


def begun_late(items: Mapping[str, Sequence[Any]], moves: Sequence[tuple[Any, ...]], categories: Mapping[str, str], notes: Notes) -> None:
    """A finding for each such item. `moves` are rows of transitions, each item's in order of time, `categories` those of the statuses by name."""
    types = dict(zip(items["item"], items["type"], strict=True))
    steps = Counter(move[0] for move in moves)
    firsts = {move[0]: move[3] for move in moves if move[2] is None and steps[move[0]] > 1}
    of_type: dict[str, Counter[str]] = {}
    for item, status in firsts.items():
        of_type.setdefault(types[item], Counter())[status] += 1
    for item, status in firsts.items():
        begin, count = of_type[types[item]].most_common(1)[0]
        if 2 * count > of_type[types[item]].total() and status != begin and categories.get(status) == "in_progress" and categories.get(begin) == "to_do":
            notes.add("warning", "history-begins-late", f"{item}: {status!r}", MESSAGE, "see the issue's history in Jira")
