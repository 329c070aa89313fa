"""A warm notebook kernel: this very interpreter, whatever kernels are installed, serving one notebook after another."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import nbformat
import papermill
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, papermill_engines

from pmo_lib import errors

CELL_SECONDS = 600  # limit of one cell
ENGINE = "pmo-warm"
IMPORTS = "import pmo_lib.office.assessing, pmo_lib.store, pmo_lib.reports.status"


class ThisInterpreter(KernelSpecManager):
    """One kernel: the interpreter that runs this program, so that a report needs no installed kernelspec and can't meet another's packages."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", "--HistoryManager.enabled=False"]
        return KernelSpec(argv=argv, display_name="Python", language="python")


class WarmEngine(Engine):
    """Papermill's own client on a kernel that is started already, and stays."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, *, kernel: Any = None, **_: Any) -> Any:
        client = PapermillNotebookClient(nb_man, km=kernel, kernel_name=kernel_name, timeout=CELL_SECONDS)
        try:
            return client.execute()
        finally:
            if client.kc is not None:
                client.kc.stop_channels()


papermill_engines.register(ENGINE, WarmEngine)


@contextmanager
def kernel() -> Iterator[AsyncKernelManager]:
    """A running kernel, in an empty folder and without anybody's IPython start-up files."""
    with tempfile.TemporaryDirectory(prefix="pmo-kernel-") as empty:
        manager = AsyncKernelManager(kernel_spec_manager=ThisInterpreter(), kernel_name="python3", **_channel(empty))
        run_sync(manager.start_kernel)(cwd=empty, env={**os.environ, "IPYTHONDIR": empty})
        _warm(manager)
        try:
            yield manager
        finally:
            run_sync(manager.shutdown_kernel)(now=True)


def _warm(manager: AsyncKernelManager) -> None:
    """Sends the imports ahead, so that they run while this process does its own."""
    client = manager.client()
    client.start_channels(stdin=False, hb=False, control=False)
    client.execute(IMPORTS, silent=True)
    client.stop_channels()


def _channel(folder: str) -> dict[str, str]:
    """Sockets in a folder that nobody else can read, where the system has them; else the loopback interface."""
    return {"transport": "ipc", "connection_file": os.path.join(folder, "kernel.json")} if os.name == "posix" else {}


def executed(notebook: str, parameters: dict[str, Any], running: AsyncKernelManager) -> nbformat.NotebookNode:
    """The notebook, run with these parameters.

    Raises the `PMOError` that a cell raised, or Papermill's own error with the traceback.
    """
    try:
        return papermill.execute_notebook(notebook, None, parameters, engine_name=ENGINE, kernel_name="python3", progress_bar=False, kernel=running)
    except papermill.PapermillExecutionError as error:
        kind = getattr(errors, str(error.ename), None)
        if isinstance(kind, type) and issubclass(kind, errors.PMOError):
            raise (errors.PMOError if kind is errors.UnreadableFile else kind)(error.evalue) from error
        raise
