"""The same work in C (`kernel.c`), compiled for this machine in this run."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

SOURCE = Path(__file__).with_name("kernel.c")
# without the two -fno the square roots are taken one by one, and it needs twice the time
COMMAND = ["gcc", "-O3", "-march=native", "-fno-math-errno", "-fno-trapping-math", "-shared", "-fPIC"]
LANES = (64, 128, 256)  # sizes of its blocks: the quickest of them is the rival


def available() -> bool:
    """Whether the machine has the compiler."""
    return shutil.which(COMMAND[0]) is not None


def compiled(lanes: int) -> Any:
    """The function, compiled now."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "kernel.so"
        subprocess.run([*COMMAND, f"-DLANES={lanes}", "-o", str(library), str(SOURCE), "-lm"], check=True)
        function = ctypes.CDLL(str(library)).simulate
    function.restype = ctypes.c_int
    return function


def simulate(function: Any, points: np.ndarray, arrays: Any, iterations: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """The finish of each iteration, and in how many each activity had no float; `arrays` as our kernel takes the network, `points` [n, 3] minutes."""
    n = len(points)
    finish, critical = np.empty(iterations, np.int32), np.empty(n, np.int64)
    sums, squares = np.empty(n, np.int64), np.empty(n, np.int64)
    kept = [
        np.ascontiguousarray(array, kind)
        for array, kind in (
            (points, np.float64),
            (arrays.pred_from, np.int64),
            (arrays.pred, np.int32),
            (arrays.pred_type, np.int8),
            (arrays.pred_lag, np.int32),
            (arrays.succ_from, np.int64),
            (arrays.succ, np.int32),
            (arrays.succ_type, np.int8),
            (arrays.succ_lag, np.int32),
        )
    ]
    given = [array.ctypes.data_as(ctypes.c_void_p) for array in kept]
    out = [array.ctypes.data_as(ctypes.c_void_p) for array in (finish, critical, sums, squares)]
    if function(ctypes.c_int(n), *given, ctypes.c_int(iterations), ctypes.c_uint32(seed), *out):
        raise MemoryError("the C kernel found no memory")
    return finish, critical
