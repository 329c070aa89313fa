from . import errors as errors
from . import evm as evm
from . import flow as flow
from . import office as office
from . import plots as plots
from . import portfolio as portfolio
from . import risk as risk
from . import schedule as schedule
from .by_hand import make_plan as make_plan
from .project import Project as Project
from .readers import read as read
from .readers import read_all as read_all
from .standards import standards as standards
from .store import open_workspace as open_workspace
from .writers import write as write

__version__: str
__all__ = [
    "Project",
    "errors",
    "evm",
    "flow",
    "make_plan",
    "office",
    "open_workspace",
    "plots",
    "portfolio",
    "read",
    "read_all",
    "risk",
    "schedule",
    "standards",
    "write",
]
