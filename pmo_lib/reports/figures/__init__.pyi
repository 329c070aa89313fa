from .bars import gantt as gantt
from .curves import earned_value as earned_value
from .distribution import finish_distribution as finish_distribution
from .ranking import drivers as drivers
from .trend import quality_trend as quality_trend
from .waterfall import waterfall as waterfall

__all__ = ["drivers", "earned_value", "finish_distribution", "gantt", "quality_trend", "waterfall"]
