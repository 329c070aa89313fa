"""Risk: distributions, Monte Carlo on the schedule, percentiles with their error, what drives the finish."""

import lazy_loader as _lazy

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submod_attrs={
        "distributions": ["Lognormal", "Pert", "Triangular", "Uniform"],
        "estimates": ["read_estimates"],
        "percentiles": ["chance", "percentiles", "targets"],
        "sensitivity": ["sensitivity"],
        "simulation": ["Simulation", "simulate"],
        "summary": ["activity_forecast", "histogram"],
    },
)
