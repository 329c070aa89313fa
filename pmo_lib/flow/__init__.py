"""Flow: cycle time, throughput, cumulative flow, ageing, and when or how many. Definitions: the Kanban Guide."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
