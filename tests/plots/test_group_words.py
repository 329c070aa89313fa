"""What is said of a board's groups, of its target and of a board that is done."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from pmo_lib.plots import flow_words, measures

GROUPS = pl.DataFrame({"group": ["Bug", "Story", "Spike", None], "finished": [40, 30, 2, 9], "p85": [22.0, 9.0, 80.0, 99.0]})


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_the_slowest_group_against_the_quickest() -> None:
    assert (
        plain(flow_words.groups(GROUPS, "type")) == "“Bug” takes longest: 85 % within 22 days, “Story” within 9"
    )  # too few spikes; what has no type is no group
    assert flow_words.groups(GROUPS.head(1), "type") == "Flow by type"
    assert flow_words.groups(GROUPS.with_columns(p85=pl.lit(5.0)), "team") == "Flow by team"


def test_the_target_and_the_end() -> None:
    assert plain(flow_words.standing({"kind": "approved", "date": datetime(2027, 2, 26), "chance": 0.79})) == "The target of 26 Feb 2027 has a chance of 79 %. "
    assert flow_words.standing(None) == ""
    done = pl.DataFrame({"finished": [datetime(2018, 3, 27, tzinfo=UTC), datetime(2018, 3, 1, tzinfo=UTC)]})
    assert flow_words.ended(done) == "The last of 2 items was finished on 27 Mar 2018."


@pytest.mark.parametrize(
    ("came", "went", "said"),
    [
        (0, 0, "Nothing was begun or finished in the last 2 weeks"),
        (2.25, 2.0, "More is begun than finished: 2.2 a week begun, 2.0 finished"),
        (0.25, 0.2, "More is begun than finished: 0.25 a week begun, 0.20 finished"),
    ],
)
def test_begun_against_finished(came: float, went: float, said: str) -> None:
    weeks = pl.DataFrame({"period": [datetime(2026, 11, 2), datetime(2026, 11, 9)], "started": [came] * 2, "finished": [went] * 2})
    assert flow_words.balance(weeks) == said


def test_the_checks_behind_a_practice_have_their_titles() -> None:
    rows = [
        {"check": "bei", "title": "Baseline execution index", "group": "dcma", "offenders": ["A1"]},
        {"check": "x", "title": "BEI of starts", "group": "progress"},
    ]
    called = measures.titles(rows)
    assert measures.offenders({"group": "gao", "offenders": ["bei", "x"]}, called) == ["baseline execution index", "BEI of starts"]
    assert measures.offenders(rows[0], called) == ["A1"]
