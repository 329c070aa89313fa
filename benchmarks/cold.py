"""What a person waits for before anything happens: wall time of fresh processes, the median of several."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROUNDS = 5
PMO = Path(sys.executable).with_name("pmo")
CASES = {
    "import pmo_lib": ([sys.executable, "-c", "import pmo_lib"], 1.0),
    "pmo --help": ([str(PMO), "--help"], 0.7),
}


def main() -> bool:
    """Prints the times; whether each is within its limit."""
    met = True
    for name, (command, limit) in CASES.items():
        seconds = statistics.median(_timed(command) for _ in range(ROUNDS))
        met &= seconds <= limit
        print(f"  {name:22} {seconds:6.2f} s  (limit {limit} s)")
    return met


def _timed(command: list[str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begin


if __name__ == "__main__":
    raise SystemExit(not main())
