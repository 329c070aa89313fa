from .distributions.lists import Cumulative as Cumulative
from .distributions.lists import Discrete as Discrete
from .distributions.normal import Normal as Normal
from .distributions.shapes import Lognormal as Lognormal
from .distributions.shapes import Pert as Pert
from .distributions.shapes import Triangular as Triangular
from .distributions.shapes import Uniform as Uniform
from .influence.contributions import contributions as contributions
from .influence.merging import merge_bias as merge_bias
from .influence.sensitivity import sensitivity as sensitivity
from .inputs.correlation import Correlation as Correlation
from .inputs.correlation import correlated as correlated
from .inputs.waiting import Wait as Wait
from .inputs.waiting import waiting as waiting
from .levers import what_if as what_if
from .lowering.copula import nearest_correlation as nearest_correlation
from .record import Simulation as Simulation
from .results.certainty import Certainty as Certainty
from .results.certainty import false_certainty as false_certainty
from .results.convergence import Convergence as Convergence
from .results.convergence import convergence as convergence
from .results.difference import difference as difference
from .results.percentiles import chance as chance
from .results.percentiles import percentiles as percentiles
from .results.percentiles import targets as targets
from .results.summary import activity_forecast as activity_forecast
from .results.summary import activity_percentiles as activity_percentiles
from .results.summary import histogram as histogram
from .several import simulate_all as simulate_all
from .simulation import simulate as simulate

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
