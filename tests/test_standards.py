from pathlib import Path

import pytest

from pmo_lib.errors import InvalidInput
from pmo_lib.standards import standards


def test_an_organisation_changes_one_threshold_and_keeps_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "standards.toml"
    file.write_text("[schedule]\nhigh_float_days = 30\n")
    assert standards(file).schedule.high_float_days == 30.0
    assert standards(file).schedule.logic == standards().schedule.logic == 0.05


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[schedule]\nhigh_flaot_days = 30\n", "did you mean high_float_days"),
        ("[schedule]\nlogic = 5\n", "a share between 0 and 1"),
        ("[status]\non_track_chance = 0.3\n", "status.on_track_chance"),
        ('[forecast]\nrule = "brave"\n', "forecast.rules"),
        ("[forecast.rules.assumed]\nlow = 1.4\n", "low <= likely <= high"),
        ("[forecast]\nrule = 4\n", "forecast.rule must be str"),
        ("[schedule\n", "cannot be read"),
    ],
)
def test_a_broken_standard_is_refused_in_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "standards.toml"
    file.write_text(text)
    with pytest.raises(InvalidInput, match=r"standards\.toml") as refused:
        standards(file)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_rule_of_ones_own_may_be_added(tmp_path: Path) -> None:
    file = tmp_path / "standards.toml"
    file.write_text(
        '[forecast]\nrule = "bold"\n[forecast.rules.bold]\nshape="pert"\nlow=0.8\nlikely=1.0\nhigh=1.5\n'
        "systemic_low=0.9\nsystemic_likely=1.0\nsystemic_high=1.2\n"
    )
    assert standards(file).forecast.rules["bold"].high == 1.5
