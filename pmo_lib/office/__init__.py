"""The only room that joins readers, store and disciplines. The command line, the reports and the pages call it and compute nothing."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
