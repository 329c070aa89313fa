"""Tables in, HoloViews elements out: one module a discipline, and `theme`, the only place with style."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
