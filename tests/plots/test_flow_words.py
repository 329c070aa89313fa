"""The sentences of a board's flow."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import polars as pl
import pytest

from pmo_lib import flow
from pmo_lib.plots import flow_words


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def done(items: int) -> pl.DataFrame:
    weeks = pl.DataFrame(
        {"period": [date(2026, 8, 31) + timedelta(weeks=k) for k in range(12)], "group": None, "finished": [1, 3, 5, 3, 7, 8, 0, 5, 3, 1, 8, 2]}
    )
    return flow.when_done(weeks, items)


def test_the_page_says_when_the_rest_is_done() -> None:
    assert plain(flow_words.page("Harbour", 40, done(40))) == "Harbour: 40 items are left; with 85 % confidence they are done by 21 February 2027"
    assert plain(flow_words.page("Harbour", 1, done(1))).startswith("Harbour: one item is left; with 85 % confidence it is done by")
    assert flow_words.page("Harbour", 0, None) == "All items of Harbour are done"
    assert flow_words.page("Harbour", 7, None) == "Harbour: seven items are left, and there is no forecast"


def test_a_forecast_names_its_window() -> None:
    drawn = "Drawn from the 12 weeks to 22 Nov 2026, in which 46 items were finished"
    assert flow_words.window(done(40)).endswith(f"{drawn}; spread as its own past forecasts bear out.")


@pytest.mark.parametrize(
    ("came", "went", "said"),
    [
        (6, 6, "As much is finished as is begun: 6.0 a week begun, 6.0 finished"),
        (8, 6, "More is begun than finished: 8.0 a week begun, 6.0 finished"),
        (3, 6, "More is finished than begun: 3.0 a week begun, 6.0 finished"),
    ],
)
def test_arrivals_against_departures(came: int, went: int, said: str) -> None:
    weeks = pl.DataFrame(
        {"period": [date(2026, 1, 5) + timedelta(weeks=k) for k in range(30)], "started": [99] * 18 + [came] * 12, "finished": [0] * 18 + [went] * 12}
    )
    assert flow_words.balance(weeks) == said


def test_where_the_work_stands() -> None:
    def told(**counts: int) -> str:
        return flow_words.progress(
            pl.DataFrame({"column": [name for name, count in counts.items() for _ in range(count)]}, schema={"column": pl.String}), list(counts)
        )

    assert told(Doing=1, Review=3) == "Four items are in progress, most of them in “Review”"
    assert told(Doing=2, Review=2, Test=1) == "Five items are in progress, two of them in “Review”"
    assert told(Doing=3) == "Three items are in progress, all in “Doing”"
    assert told(Doing=1) == "One item is in progress, in “Doing”"
    assert told() == "Nothing is in progress"


def test_findings_of_the_other_charts() -> None:
    assert plain(flow_words.expectation(flow.service_level([1.0, 2.0, 3.0, 12.0]))) == "85 % of the items were done within 12 days of their start"
    assert flow_words.old(["late", "usual", "very late"]) == "Two of three items in progress are unusually old for their column"
    assert flow_words.old(["usual"]) == "No item in progress is unusually old for its column"
    assert flow_words.old([]) == "Nothing is in progress"
    assert flow_words.rest(40, done(40)) == "The last of 40 items: P50 7 Feb 2027, P85 21 Feb 2027"
    assert plain(flow_words.kept(pl.DataFrame({"committed": [10, 10], "completed": [9, 8]}))) == "The last 2 sprints finished 85 % of what they took on"
    assert flow_words.checks(pl.DataFrame({"passed": [True, False, None]})) == "One of two checks of the board failed"
    assert flow_words.checks(pl.DataFrame({"passed": [True, True]})) == "All 2 checks of the board passed"


def test_what_is_old_and_what_came_and_left() -> None:
    told = {"in_progress": 5, "oldest": 180.0, "beyond": 2, "within": 111.0, "share": 0.85, "lately": 12, "asked": 9, "begun": 7, "departed": 8, "dropped": 1}
    board = SimpleNamespace(**told, declined=2, growth=6)
    assert flow_words.in_progress(board) == (
        "5 items are in progress, the oldest for 180 days. Two of them for longer than the 111 days within which 85\u00a0% were done"
    )
    assert flow_words.came_and_left(board) == "In the last 12 whole weeks 9 asked for, 7 begun, 8 finished and 3 cancelled: the scope changed by +6"
    untold = SimpleNamespace(**{**told, "in_progress": 0, "lately": 1, "asked": None, "begun": None}, declined=0, growth=None)
    assert (flow_words.in_progress(untold), flow_words.came_and_left(untold)) == ("", "In the last whole week 8 finished and 1 cancelled")
