"""What a person waits for before anything happens: wall time of fresh processes, the median of several; and where a cold forecast's time goes."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 5
PMO = Path(sys.executable).with_name("pmo")
CASES = {
    "import pmo_lib": ([sys.executable, "-c", "import pmo_lib"], 1.0),
    "pmo --help": ([str(PMO), "--help"], 0.7),
}
ACTIVITIES, ITERATIONS = 1_000, 1_000  # of the forecast
# what `pmo forecast FILE --json` does, step by step; the second forecast finds its kernels in memory
SPLIT = """
import contextlib, io, json, sys, time
told = {}
def step(name, since):
    now = time.process_time()
    told[name] = now - since
    return time.process_time()
at = step("Python itself", 0.0)
import pmo_lib.cli
from pmo_lib import office, risk
from pmo_lib.cli.forecasting import as_json
from pmo_lib.cli.output import emit
from pmo_lib.readers import read
import dataframely, polars
at = step("imports: the command, tables (Polars, dataframely, SQLAlchemy)", at)
import numba, scipy.special
import pmo_lib.risk.simulation, pmo_lib.office.forecasting
at = step("imports: the engine (Numba, SciPy)", at)
plan = read(sys.argv[1])
at = step("reading the file", at)
options = {"iterations": int(sys.argv[2]), "threads": 1}
first = office.forecast_plan(plan, **options)
loaded = time.process_time() - at
at = time.process_time()
office.forecast_plan(plan, **options)
warm = time.process_time() - at
told["compiled kernels, loaded from disk"] = loaded - warm
at = step("forecast: network, simulation, tables", at)
office.assess_plan(plan, forecast=False)
at = step("certificate and checks", at)
with contextlib.redirect_stdout(io.StringIO()):
    emit({"forecast": as_json(first)})
at = step("writing JSON", at)
print(json.dumps(told))
"""


def main() -> bool:
    """Prints the times; whether each is within its limit."""
    met = True
    for name, (command, limit) in CASES.items():
        seconds = statistics.median(_timed(command) for _ in range(ROUNDS))
        met &= seconds <= limit
        print(f"  {name:22} {seconds:6.2f} s  (limit {limit} s)")
    forecast()
    return met


def forecast() -> None:
    """Prints where the time of a forecast from cold goes, least processor time of several processes."""
    import pmo_lib as pmo
    from benchmarks.engine import entries
    from pmo_lib.writers.mspdi.writer import write_mspdi

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "plan.xml"
        write_mspdi(pmo.make_plan(entries(ACTIVITIES)), file)
        command = [sys.executable, "-c", SPLIT, str(file), str(ITERATIONS)]
        told = [json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(ROUNDS)]
        whole = statistics.median(_timed([str(PMO), "forecast", str(file), "--iterations", str(ITERATIONS), "--json"]) for _ in range(ROUNDS))
    print(f"  pmo forecast, {ACTIVITIES:,} activities x {ITERATIONS:,}: {whole:.2f} s by the clock as a whole; of the processor")
    for name in told[0]:
        print(f"    {name:66} {min(one[name] for one in told):5.2f} s")


def _timed(command: list[str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begin


if __name__ == "__main__":
    raise SystemExit(not main())
