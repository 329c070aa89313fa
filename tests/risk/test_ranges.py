"""Where each range comes from: filters, rules, the file's own fields, and which of them decides."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl
import pytest

from pmo_lib import make_plan, risk
from pmo_lib.errors import InvalidInput
from pmo_lib.project import Project
from pmo_lib.risk.inputs.fields import from_fields
from pmo_lib.risk.inputs.filters import missing, selected
from pmo_lib.risk.inputs.ranges import ranges
from pmo_lib.schedule.network import lower
from pmo_lib.tables import TABLES, part


def plan(**tables: list[dict[str, Any]]) -> Project:
    """A (20 days, half done), B and C (10 and 5 days to do), and the milestone D; A and B lie below the element 1.2, C in 1.20."""
    made = make_plan({"A": 20, "B": (10, "A"), "C": (5, "A"), "D": (0, "B; C")}, start="2026-01-05")
    began = pl.col("activity") == "A"
    activities = made.tables["activities"].with_columns(
        wbs=pl.col("activity").replace_strict({"A": "w2", "B": "w3", "C": "w4", "D": "w1"}),
        name=pl.col("activity").replace_strict({"A": "Weld pipes", "B": "Paint", "C": "Welding tests", "D": "Handover"}),
        actual_start=pl.when(began).then(pl.lit(datetime(2026, 1, 5, 8))).otherwise(None),
        remaining_duration=pl.when(began).then(pl.lit(4800)).otherwise("remaining_duration"),
    )
    rows: dict[str, list[dict[str, Any]]] = {
        "wbs": [
            {"wbs": "w1", "parent": None, "code": "1", "name": "Works", "level": 0},
            {"wbs": "w2", "parent": "w1", "code": "1.2", "name": "Civil", "level": 1},
            {"wbs": "w3", "parent": "w2", "code": "1.2.1", "name": "Coating", "level": 2},
            {"wbs": "w4", "parent": "w1", "code": "1.20", "name": "Tests", "level": 1},
        ],
        "codes": [{"activity": "B", "type": "Phase", "value": "FND", "description": "Foundation"}, {"activity": "C", "type": "Phase", "value": "COM"}],
        "resources": [{"resource": "1", "code": "W", "name": "Welder", "kind": "labour"}],
        "assignments": [{"activity": "A", "resource": "1"}],
        **tables,
    }
    frames = {**made.tables, "activities": TABLES["activities"].validate(activities)}
    for name, found in rows.items():
        frames[name], refused = part(TABLES[name], found, name)
        assert not refused, refused
    from dataclasses import replace

    return Project(replace(made.info, data_date=datetime(2026, 1, 19, 8)), frames)


@pytest.mark.parametrize(
    ("where", "meant"),
    [
        ("", "ABCD"),
        ("wbs = 1.2", "AB"),  # the element and all below it, but not 1.20
        ("wbs = 1.2*", "ABC"),
        ("wbs = civil", "AB"),
        ("wbs != 1.2", "CD"),
        ("code:Phase = Foundation | COM", "BC"),
        ("code:phase = fnd", "B"),
        ("code:Phase != FND", "ACD"),
        ("name ~ weld", "AC"),
        ("name !~ weld", "BD"),
        ("name ~ weld; wbs = 1.2", "A"),
        ('name = "weld pipes"', "A"),
        ("resource = welder", "A"),
        ("resource = w", "A"),
        ("kind = finish_milestone", "D"),
        ("remaining >= 10", "AB"),
        ("duration > 10", "A"),
        ("activity = B|C", "BC"),
        ("calendar = mon-fri", "ABCD"),
    ],
)
def test_a_filter_means_what_it_says(where: str, meant: str) -> None:
    assert "".join(selected(plan(), where)) == meant


def test_a_filter_on_a_custom_field() -> None:
    field = {"subject": "activity", "key": "C", "field": "Risk class", "kind": "text", "value": "High"}
    assert selected(plan(custom_fields=[field]), "field:Risk class = high") == ["C"]
    assert missing(plan(custom_fields=[field]), "field:Class = high") == "the plan has no custom field Class; it has Risk class"
    assert missing(plan(), "code:Zone = 1") == "the plan has no code of type Zone; it has Phase"


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("phase = x", "no field to filter on"),
        ("wbs", "no condition"),
        ("name ~ ", "nothing to compare with"),
        ("remaining > much", "no number"),
        ("code = 1", "no field"),
    ],
)
def test_a_filter_that_cannot_be_read_is_told(where: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        selected(plan(), where)


RULES = pl.DataFrame(
    [
        {"where": "name ~ weld; wbs = 1.2", "unit": "percent", "shape": "triangular", "low": 80.0, "likely": 100.0, "high": 150.0},
        {"where": "wbs = 1.2", "unit": "factor", "shape": "uniform", "low": 0.5, "likely": None, "high": 2.0},
        {"where": "code:Zone = 1", "unit": "days", "shape": "triangular", "low": 1.0, "likely": 2.0, "high": 3.0},
        {"where": None, "unit": "days", "shape": "triangular", "low": 1.0, "likely": 2.0, "high": 3.0},
    ]
)


def test_the_first_rule_that_meets_gives_the_range_of_what_is_left() -> None:
    made = plan()
    found = ranges(made, lower(made), rules=RULES)
    day = 480
    assert (found.own["A"].least, found.own["A"].greatest) == (0.8 * 10 * day, 1.5 * 10 * day)  # half of its 20 days is done
    assert (found.own["B"].least, found.own["B"].greatest) == (0.5 * 10 * day, 2 * 10 * day)
    assert (found.own["C"].least, found.own["C"].greatest) == (day, 3 * day)
    assert found.indicative is None
    assert found.sources.select("source", "meets", "decides").rows() == [("rule", 1, 1), ("rule", 2, 1), ("rule", 0, 0), ("rule", 3, 1)]
    assert found.sources["note"].to_list() == [None, None, "row 3 meets nothing: the plan has no code of type Zone; it has Phase; correct the filter", None]


def fields(
    *points: tuple[str, str, str, str], kind: str = "number", titles: tuple[str, ...] = ("Optimistic duration", "Most likely duration", "Pessimistic duration")
) -> list[dict[str, Any]]:
    return [
        {"subject": "activity", "key": activity, "field": title, "kind": kind, "value": value}
        for activity, *values in points
        for title, value in zip(titles, values, strict=True)
    ]


def test_the_table_beats_the_file_which_beats_rules_which_beat_the_standard() -> None:
    made = plan(custom_fields=fields(("A", "8", "10", "15"), ("B", "9", "10", "12")))
    given = pl.DataFrame({"activity": ["A", "D"], "shape": ["uniform", "uniform"], "low": [1.0, 1.0], "high": [2.0, 2.0]})
    found = ranges(made, lower(made), given, rules=RULES.head(2))
    assert found.own["A"].greatest == 2 * 480
    assert found.own["B"].greatest == 12 * 480
    assert found.assumed == {"C"}
    assert [(source, decides) for source, decides in found.sources.select("source", "decides").rows()] == [
        ("given", 1),
        ("file", 1),
        ("rule", 0),
        ("rule", 0),
        ("standard", 1),
    ]
    assert found.sources["note"][0] == "1 of 2 estimates are of activities without open work"
    assert found.sources["told"][1].startswith("Optimistic duration, Most likely duration, Pessimistic duration")
    off = ranges(made, lower(made), fields="off")
    assert off.assumed == {"A", "B", "C"}
    assert off.indicative is not None


def test_whole_durations_in_fields_are_scaled_to_what_is_left() -> None:
    made = plan(custom_fields=fields(("A", "9600", "9600", "14400"), kind="duration"))  # minutes: 20, 20, 30 days
    day = {"A": 480.0}
    as_left, scaled = from_fields(made, day), from_fields(made, day, whole=True)
    assert as_left.points["A"] == (9600, 9600, 14400)
    assert "nearer to their whole duration" in as_left.notes[0]
    assert scaled.points["A"] == (4800, 4800, 7200)
    assert not scaled.notes


def test_fields_are_known_by_their_titles_or_named() -> None:
    day = {"A": 480.0, "B": 480.0}
    german = plan(custom_fields=fields(("A", "8", "10", "15"), titles=("Optimistische Dauer", "Wahrscheinlichste Dauer", "Pessimistische Dauer")))
    assert from_fields(german, day).points["A"] == (3840, 4800, 7200)
    bare = plan(custom_fields=fields(("A", "8", "10", "15"), titles=("Duration1", "Duration2", "Duration3")))
    assert from_fields(bare, day).points == {}
    assert "without titles" in from_fields(bare, day).notes[0]
    assert from_fields(bare, day, names=("duration1", "Duration2", "Duration3")).fields == ("Duration1", "Duration2", "Duration3")
    with pytest.raises(InvalidInput, match="no custom field 'Duration9'; it has Duration1"):
        from_fields(bare, day, names=("Duration9", "Duration2", "Duration3"))
    with pytest.raises(InvalidInput, match="name three fields"):
        from_fields(bare, day, names=("Duration1",))


def test_points_of_fields_that_are_out_of_order_or_no_durations_are_told_and_left_out() -> None:
    found = from_fields(plan(custom_fields=fields(("A", "12", "10", "15"), ("B", "9", "soon", "12"))), {"A": 480.0, "B": 480.0})
    assert found.points == {}
    assert any("A: Optimistic duration, Most likely duration, Pessimistic duration are not in order (12, 10, 15 days)" in note for note in found.notes)
    assert any("B: Most likely duration is no duration: 'soon'" in note for note in found.notes)


def test_a_simulation_takes_rules_and_says_so() -> None:
    sim = risk.simulate(plan(), iterations=200, rules=RULES)
    assert sim.ranges.sources["decides"].sum() == 3
    with pytest.raises(InvalidInput, match="row 1, column where"):
        risk.simulate(plan(), iterations=200, rules=RULES.with_columns(where=pl.lit("phase = x")))
    with pytest.raises(InvalidInput, match="rules need the column unit"):
        risk.simulate(plan(), iterations=200, rules=RULES.drop("unit"))
    with pytest.raises(InvalidInput, match="fields is"):
        risk.simulate(plan(), iterations=200, fields="guess")  # type: ignore[arg-type]


def test_deadlines_and_must_finish_make_nothing_critical() -> None:
    early = datetime(2026, 1, 20, 17)
    late = make_plan({"A": 20, "B": (3, "A"), "C": (10, "A"), "D": (0, "B; C")}, start="2026-01-05", must_finish=early)
    with_deadline = Project(late.info, {**late.tables, "activities": late.tables["activities"].with_columns(deadline=pl.lit(early, pl.Datetime("us")))})
    for criticality in ("longest_path", "float"):
        sim = risk.simulate(with_deadline, iterations=200, criticality=criticality)
        share = dict(sim.activities.select("activity", "criticality").iter_rows())
        assert (share["A"], share["B"]) == (1.0, 0.0), criticality
