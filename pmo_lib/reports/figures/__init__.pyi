from .bars import gantt as gantt
from .board import burn_up as burn_up
from .board import cumulative_flow as cumulative_flow
from .board import cycle_times as cycle_times
from .board import throughput as throughput
from .curves import earned_value as earned_value
from .distribution import finish_distribution as finish_distribution
from .ranking import drivers as drivers
from .trend import quality_trend as quality_trend
from .waterfall import waterfall as waterfall

__all__ = ["burn_up", "cumulative_flow", "cycle_times", "drivers", "earned_value", "finish_distribution", "gantt", "quality_trend", "throughput", "waterfall"]
