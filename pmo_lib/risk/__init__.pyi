from .certainty import Certainty as Certainty
from .certainty import false_certainty as false_certainty
from .cluster import simulate_all as simulate_all
from .contributions import contributions as contributions
from .convergence import Convergence as Convergence
from .convergence import convergence as convergence
from .copula import nearest_correlation as nearest_correlation
from .correlation import Correlation as Correlation
from .correlation import correlated as correlated
from .difference import difference as difference
from .levers import what_if as what_if
from .lists import Cumulative as Cumulative
from .lists import Discrete as Discrete
from .merging import merge_bias as merge_bias
from .normal import Normal as Normal
from .percentiles import chance as chance
from .percentiles import percentiles as percentiles
from .percentiles import targets as targets
from .sensitivity import sensitivity as sensitivity
from .shapes import Lognormal as Lognormal
from .shapes import Pert as Pert
from .shapes import Triangular as Triangular
from .shapes import Uniform as Uniform
from .simulation import Simulation as Simulation
from .simulation import simulate as simulate
from .summary import activity_forecast as activity_forecast
from .summary import activity_percentiles as activity_percentiles
from .summary import histogram as histogram
from .waiting import Wait as Wait
from .waiting import waiting as waiting

__all__ = [
    "Certainty",
    "Convergence",
    "Correlation",
    "Cumulative",
    "Discrete",
    "Lognormal",
    "Normal",
    "Pert",
    "Simulation",
    "Triangular",
    "Uniform",
    "Wait",
    "activity_forecast",
    "activity_percentiles",
    "chance",
    "contributions",
    "convergence",
    "correlated",
    "difference",
    "false_certainty",
    "histogram",
    "merge_bias",
    "nearest_correlation",
    "percentiles",
    "sensitivity",
    "simulate",
    "simulate_all",
    "targets",
    "waiting",
    "what_if",
]
