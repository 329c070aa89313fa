from .active import blocked_time, efficiency, item_efficiency
from .age import ageing
from .calibration import backtest, hit_rates, level
from .counting import levels
from .crossings import History, history
from .cycle import cycle_times, service_level
from .finished import throughput
from .forecast import how_many, when_done
from .inflow import arrivals
from .little import Balance, balance
from .rules import FlowRules
from .spans import times
from .state import cumulative_flow, work_in_progress

__all__ = [
    "Balance",
    "FlowRules",
    "History",
    "ageing",
    "arrivals",
    "backtest",
    "balance",
    "blocked_time",
    "cumulative_flow",
    "cycle_times",
    "efficiency",
    "history",
    "hit_rates",
    "how_many",
    "item_efficiency",
    "level",
    "levels",
    "service_level",
    "throughput",
    "times",
    "when_done",
    "work_in_progress",
]
