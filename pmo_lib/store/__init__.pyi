from .backup import backup as backup
from .backup import restore as restore
from .doctor import Check as Check
from .doctor import doctor as doctor
from .folder import init_workspace as init_workspace
from .folder import open_workspace as open_workspace
from .kept import ProjectResult as ProjectResult
from .kept import Result as Result
from .kept import Snapshot as Snapshot
from .workspace import Workspace as Workspace

__all__ = ["Check", "ProjectResult", "Result", "Snapshot", "Workspace", "backup", "doctor", "init_workspace", "open_workspace", "restore"]
