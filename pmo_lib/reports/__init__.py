"""Reports: a notebook run by Papermill for each project, and what it is exported to."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
