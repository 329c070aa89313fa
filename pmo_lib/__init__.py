"""PMO Workbench: plans in, judgement out.

    import pmo_lib as pmo
    plan = pmo.read("northgate.xer")
    pmo.schedule.dates(plan)
    sim = pmo.risk.simulate(plan, iterations=10_000, seed=2026)
    pmo.risk.percentiles(sim)

Every name is loaded when first used; `__init__.pyi` tells editors what there is.
"""

import logging

import lazy_loader

__version__ = "0.1.0"
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
logging.getLogger(__name__).addHandler(logging.NullHandler())
