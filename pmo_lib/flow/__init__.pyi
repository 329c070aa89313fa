from .age import ageing
from .calibration import backtest, hit_rates, level
from .crossings import History, history
from .cycle import cycle_times, service_level
from .finished import throughput
from .forecast import how_many, when_done
from .little import Balance, balance
from .rules import FlowRules
from .state import cumulative_flow, work_in_progress

__all__ = [
    "Balance",
    "FlowRules",
    "History",
    "ageing",
    "backtest",
    "balance",
    "cumulative_flow",
    "cycle_times",
    "history",
    "hit_rates",
    "how_many",
    "level",
    "service_level",
    "throughput",
    "when_done",
    "work_in_progress",
]
