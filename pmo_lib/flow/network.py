"""A board as a plan: its items as activities, its `blocks` links as relationships, whatever the source says of dates."""

from __future__ import annotations

from pmo_lib import board_network
from pmo_lib.project import Project


def network(board: Project, *, days: float | None = None) -> Project:
    """The board with `activities`, `relationships` and a calendar, so that `schedule.dates` and `risk.simulate` run on it.

    Findings, and the custom field "Duration from" of each activity, tell what was taken for granted.
    `days` is the duration [working days] of items for which no rule gives one (`board_network`). Reading does the same where a board has dates and links.
    Raises `NotAvailable` for a project without items.
    """
    return board_network.with_network(board, days=days)
