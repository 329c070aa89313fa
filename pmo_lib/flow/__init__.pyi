from .active import blocked_time, efficiency, item_efficiency
from .age import ageing
from .backtest import backtest, hit_rates
from .became import became
from .board_quality import checks
from .burn import burn_up, scope_change
from .calibration import Calibration, calibration, level
from .counting import levels
from .crossings import History, history
from .cycle import cycle_times, service_level
from .estimates import estimate_accuracy
from .finished import throughput
from .forecast import how_many, when_done
from .grouping import parted
from .groups import group_figures, groupings
from .in_force import rules_in_force
from .inflow import arrivals
from .little import Balance, balance
from .network import network
from .pace import pace
from .remaining import finished_on, remaining, work_left
from .rules import FlowRules
from .simulated import FlowSimulation, chance_by, finishes, simulate
from .spans import times
from .sprints import sprint_items, sprint_results
from .state import cumulative_flow, work_in_progress
from .track_record import TrackRecord, track_record
from .work import Work

__all__ = [
    "Balance",
    "Calibration",
    "FlowRules",
    "FlowSimulation",
    "History",
    "TrackRecord",
    "Work",
    "ageing",
    "arrivals",
    "backtest",
    "balance",
    "became",
    "blocked_time",
    "burn_up",
    "calibration",
    "chance_by",
    "checks",
    "cumulative_flow",
    "cycle_times",
    "efficiency",
    "estimate_accuracy",
    "finished_on",
    "finishes",
    "group_figures",
    "groupings",
    "history",
    "hit_rates",
    "how_many",
    "item_efficiency",
    "level",
    "levels",
    "network",
    "pace",
    "parted",
    "remaining",
    "rules_in_force",
    "scope_change",
    "service_level",
    "simulate",
    "sprint_items",
    "sprint_results",
    "throughput",
    "times",
    "track_record",
    "when_done",
    "work_in_progress",
    "work_left",
]
