"""The portfolio: each project's computed status, and all of them side by side, worst first."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submod_attrs={"health": ["Status", "health", "status"]})
