from .distributions import Lognormal as Lognormal
from .distributions import Pert as Pert
from .distributions import Triangular as Triangular
from .distributions import Uniform as Uniform
from .estimates import read_estimates as read_estimates
from .percentiles import chance as chance
from .percentiles import percentiles as percentiles
from .percentiles import targets as targets
from .sensitivity import sensitivity as sensitivity
from .simulation import Simulation as Simulation
from .simulation import simulate as simulate
from .summary import activity_forecast as activity_forecast
from .summary import histogram as histogram

__all__ = [
    "Lognormal",
    "Pert",
    "Simulation",
    "Triangular",
    "Uniform",
    "activity_forecast",
    "chance",
    "histogram",
    "percentiles",
    "read_estimates",
    "sensitivity",
    "simulate",
    "targets",
]
