from .curves import earned_value as earned_value
from .distribution import finish_distribution as finish_distribution
from .drivers import drivers as drivers
from .gantt import gantt as gantt

__all__ = ["drivers", "earned_value", "finish_distribution", "gantt"]
