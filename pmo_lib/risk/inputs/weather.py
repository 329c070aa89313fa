"""Weather of a plan: which work it stops, on which days with what chance, and how much room on the time axis it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from pmo_lib.errors import InvalidInput
from pmo_lib.risk.engine.lost_days import LostDays
from pmo_lib.risk.inputs.accepted import accepted
from pmo_lib.risk.inputs.register import filled, finder
from pmo_lib.sampling import permutation_keys, variable_id

if TYPE_CHECKING:
    from pmo_lib.project import Project
    from pmo_lib.schedule.network import Network

NEEDED = ("weather", "months", "probability")
MONTH = 23  # working days of a month, at most
SPARE = 30  # days at the horizon's end in which no work may still be stretched


@dataclass(frozen=True, slots=True)
class Season:
    """One kind of weather: the chance of a lost day and its persistence in each month, and the rows of the network that it stops."""

    weather: str
    chance: tuple[float, ...]  # [12] by month
    persistence: tuple[float | None, ...]  # [12]
    rows: tuple[int, ...]

    @property
    def mean(self) -> float:
        """Share of a year's days that are lost."""
        return sum(self.chance) / 12


def seasons(plan: Project, net: Network, weather: Any = None) -> list[Season]:
    """The weather that `weather` (Polars or pandas), else the plan's own table, holds (`tables.risks.Weather`): one a name.

    Raises `InvalidInput` for a row that breaks a rule, names a calendar or activity that the plan lacks, or a month that another row has.
    """
    frame = checked(weather) if weather is not None else plan.tables.get("weather")
    if frame is None or frame.is_empty():
        return []
    find, of_calendar = finder(plan, net), _rows_of_calendars(plan, net)
    made = []
    for (name,), rows in frame.group_by("weather", maintain_order=True):
        listed = rows.to_dicts()
        stopped: dict[int, None] = {}
        for row in listed:
            for key in row["calendars"] or []:
                if key not in of_calendar:
                    raise InvalidInput(f"weather {name} names the calendar {key}, which {plan.info.key} lacks; it has {', '.join(of_calendar)}")
                stopped |= dict.fromkeys(of_calendar[key])
            stopped |= dict.fromkeys(find(row["activities"] or [], f"weather {name}", rests=False))
        made.append(_season(str(name), listed, tuple(stopped)))
    return made


def checked(weather: Any) -> pl.DataFrame:
    """The weather as its table; the first row that breaks a rule is named."""
    from pmo_lib.tables.risks import Weather

    empty = {"persistence": pl.Float64, "calendars": pl.List(pl.String), "activities": pl.List(pl.String)}
    frame = filled(weather, "weather", NEEDED, {name: pl.lit(None, kind) for name, kind in empty.items() if name not in weather.columns})
    for row in frame.iter_rows(named=True):
        if not row["calendars"] and not row["activities"]:
            raise InvalidInput(f"weather {row['weather']} stops nothing; name calendars or activities")
    return accepted(Weather, frame, "weather")


def _rows_of_calendars(plan: Project, net: Network) -> dict[str, list[int]]:
    """Rows with work of their own, by the calendar that the plan gives the activity."""
    place = {activity: i for i, activity in enumerate(net.activities)}
    found: dict[str, list[int]] = {key: [] for key in plan.tables["calendars"]["calendar"].to_list()} if "calendars" in plan.tables else {}
    for activity, key in plan.tables["activities"].select("activity", "calendar").iter_rows():
        own = key if key is not None else plan.info.calendar
        if own in found and activity in place and net.uncertain[place[activity]]:
            found[own].append(place[activity])
    return found


def _season(name: str, rows: Sequence[Mapping[str, Any]], stopped: tuple[int, ...]) -> Season:
    chance, persistence = [0.0] * 12, [None] * 12
    told: set[int] = set()
    for row in rows:
        p, q = row["probability"], row["persistence"]
        if q is not None and p * (1 - q) > (1 - p) * (1 + 1e-12):
            least = max(0.0, 2 - 1 / p)
            raise InvalidInput(f"weather {name}: with a chance of {p:g} a lost day is followed by another with {least:.3g} at least, and persistence is {q:g}")
        for month in row["months"]:
            if month in told:
                raise InvalidInput(f"weather {name} has month {month} twice; keep one row for it")
            told.add(month)
            chance[month - 1], persistence[month - 1] = p, q
    if min(chance) >= 1:
        raise InvalidInput(f"weather {name} stops work all year, so it would never end; lower a month's probability")
    return Season(name, tuple(chance), tuple(persistence), stopped)


def roomy(net: Network, made: Sequence[Season], most: Mapping[str, int], times: float) -> dict[str, int]:
    """The longest durations with room for lost days: `times` what is to be expected."""
    found = dict(most)
    for season in made:
        for row in season.rows:
            activity = net.activities[row]
            own = found.get(activity, int(net.duration[row]))
            closed = sum(p >= 1 for p in season.chance) * MONTH * int(net.minutes_per_day[row])
            found[activity] = int(own * (1 + times * 1.5 * season.mean / (1 - season.mean)) + times * closed) + 1
    return found


def lost_days(net: Network, made: Sequence[Season], seed: int, replicates: int, *, latin: bool) -> LostDays:
    """The arrays of the weather, over the days from the first open work on."""
    from pmo_lib.risk.iterated import begin

    clock = int(net.timelines[0].start_clock(np.array([begin(net)]))[0]) if net.single else begin(net)
    first = clock // 1440
    count = max(int(min(line.ends[-1] for line in net.timelines)) // 1440 - SPARE - first, 1)
    days = [net.origin.date() + timedelta(days=first + d) for d in range(count)]
    address = np.array([[variable_id(f"weather\n{one.weather}\n{day.isoformat()}") for day in days] for one in made], np.uint64)
    keys = permutation_keys(np.uint64(seed % (1 << 64)), address.ravel(), replicates if latin else 0)
    calm, again = _chances(made, [day.month - 1 for day in days])
    stops: dict[int, list[int]] = {}
    for w, one in enumerate(made):
        for row in one.rows:
            stops.setdefault(row, []).append(w)
    sets = {tuple(kinds): None for kinds in stops.values()}
    number = {kinds: m for m, kinds in enumerate(sets)}
    rows = sorted(stops)
    level = _levels(net, rows)
    midnights = np.arange(first, first + count + 1, dtype=np.int64) * 1440
    return LostDays(
        seed=np.uint64(seed % (1 << 64)),
        latin=latin,
        address=address,
        keys=keys.reshape(len(made), count, keys.shape[1], 8),
        first=np.array([one.chance[days[0].month - 1] for one in made]),
        calm=calm,
        again=again,
        member=np.array([[w in kinds for w in range(len(made))] for kinds in sets], np.uint8).reshape(len(sets), len(made)),
        row=np.array(rows, np.int32),
        set=np.array([number[tuple(stops[row])] for row in rows], np.int32),
        level=level,
        levels=int(level.max(initial=-1)) + 1,
        midnight=np.array([line.working(midnights) for line in net.timelines], np.int32),
    )


def _chances(made: Sequence[Season], months: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Chance of a lost day after one that was not, and after one that was: [weather, days] each."""
    calm, again = np.empty((len(made), len(months))), np.empty((len(made), len(months)))
    for w, one in enumerate(made):
        for d, month in enumerate(months):
            p, q = one.chance[month], one.persistence[month]
            calm[w, d], again[w, d] = (p, p) if q is None or p in (0, 1) else (p * (1 - q) / (1 - p), q)
    return calm, again


def _levels(net: Network, rows: Sequence[int]) -> np.ndarray:
    """For each row how many stopped rows lie before it on the longest chain of them."""
    arrays, stopped = net.arrays, set(rows)
    depth = np.zeros(len(net.activities), np.int64)
    for i in range(depth.size):
        before = arrays.pred[arrays.pred_from[i] : arrays.pred_from[i + 1]]
        depth[i] = max((depth[j] + (int(j) in stopped) for j in before), default=0)
    return depth[list(rows)].astype(np.int32)
