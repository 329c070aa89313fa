"""Charts for paper and for files: SVG in the visual language, light theme, drawn in points."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
