from .contributed import contributions as contributions
from .driving import criticality as criticality
from .driving import drivers as drivers
from .driving import tornado as tornado
from .evm import earned_value as earned_value
from .flow_forecast import burn_up as burn_up
from .flow_forecast import commitment as commitment
from .flow_state import cumulative_flow as cumulative_flow
from .flow_state import throughput as throughput
from .flow_times import ageing as ageing
from .flow_times import cycle_times as cycle_times
from .quality import quality_trend as quality_trend
from .risk import finish_distribution as finish_distribution
from .risk import what_if as what_if
from .schedule import gantt as gantt
from .schedule_rows import gantt_rows as gantt_rows
from .settling import convergence as convergence
from .settling import p80_trend as p80_trend
from .waterfall import waterfall as waterfall

__all__ = [
    "ageing",
    "burn_up",
    "commitment",
    "contributions",
    "convergence",
    "criticality",
    "cumulative_flow",
    "cycle_times",
    "drivers",
    "earned_value",
    "finish_distribution",
    "gantt",
    "gantt_rows",
    "p80_trend",
    "quality_trend",
    "throughput",
    "tornado",
    "waterfall",
    "what_if",
]
