"""The tables that a project's forecasts take, kept with each forecast: the register of risks among them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl

from pmo_lib.office.risk_inputs import ARGUMENTS, RiskInputs

if TYPE_CHECKING:
    from pmo_lib.store import Result, Snapshot, Workspace

PREFIX = "given_"  # of the names under which the store keeps the tables, beside the forecast's own
OF_A_DATE = ("estimates",)  # tables that hold for the snapshot alone with which they were given


def as_frames(inputs: RiskInputs) -> dict[str, pl.DataFrame]:
    """The tables as the store keeps them."""
    return {f"{PREFIX}{name}": frame for name, frame in inputs.read().items()}


def carried(ws: Workspace, key: str, snapshot: Snapshot, inputs: RiskInputs) -> RiskInputs:
    """The inputs with the tables of the project's last forecast, by the snapshot's date, in place of those not given."""
    given: dict[str, Any] = {**dict.fromkeys(ARGUMENTS), **inputs.read()}
    last = ws.latest_result(key, "forecast", snapshot.data_date) if inputs.carry else None
    if last is not None:
        for name, frame in of_result(last[1]).items():
            if given[name] is None and (name not in OF_A_DATE or last[0].hash == snapshot.hash):
                given[name] = frame
    return replace(inputs, **given)


def of_result(result: Result) -> dict[str, pl.DataFrame]:
    """The tables that a kept forecast took, by name."""
    return {name.removeprefix(PREFIX): result.frames[name] for name in result.frames if name.startswith(PREFIX)}


def inputs_of(result: Result) -> RiskInputs:
    """The inputs with which a kept forecast was made."""
    choices = dict(result.parameters.get("choices", {}))
    if choices.get("field_names") is not None:
        choices["field_names"] = tuple(choices["field_names"])
    return RiskInputs(**of_result(result), **choices, carry=False)
