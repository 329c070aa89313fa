"""A very large plan: 50,000 activities by 10,000 iterations with criticality and SSI, against 10,000 activities, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys

SMALL, LARGE, ITERATIONS = 10_000, 50_000, 10_000
MEGABYTES, LINEAR = 512, 1.3
ASK = """
import json, re, resource, sys, time
from pathlib import Path
from benchmarks import engine
import pmo_lib as pmo
from pmo_lib.risk.engine.running import output, run_into

def peak():  # of this process alone: ru_maxrss begins with that of the process that started it
    told = Path("/proc/self/status")
    found = re.search(r"VmHWM:\\s+(\\d+)", told.read_text()) if told.exists() else None
    return int(found[1]) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

n, iterations = int(sys.argv[1]), int(sys.argv[2])
plan = pmo.make_plan(engine.entries(n))
before = peak()
busy = time.process_time()
sim = pmo.risk.simulate(plan, rule=engine.RULE, iterations=iterations)
middle = time.process_time()
pmo.risk.sensitivity(sim)
end = time.process_time()
again = time.process_time()
run_into(sim.run, output(iterations))
highest = peak()
passes = time.process_time() - again
print(json.dumps({"all": end - busy, "sensitivity": end - middle, "passes": passes, "before": before, "peak": highest}))
"""


def main() -> bool:
    """Prints times and memory; whether the goals are met."""
    found = {n: measured(n) for n in (SMALL, LARGE)}
    for n, one in found.items():
        each = 1e9 / n / ITERATIONS
        print(f"  {n:,} x {ITERATIONS:,}: {one['all']:.1f} s of processor, {one['all'] * each:.2f} ns an activity and iteration")
        print(f"    of that sensitivity {one['sensitivity'] * each:.2f} ns; the passes alone take {one['passes'] * each:.2f} ns")
        print(f"    memory: {one['peak'] / 1024:,.0f} MB at most, {one['before'] / 1024:,.0f} MB before the simulation")
    linear = found[LARGE]["all"] / found[SMALL]["all"] * SMALL / LARGE
    peak = found[LARGE]["peak"] / 1024
    print(f"  {linear:.2f} times linear (limit {LINEAR}); {peak:,.0f} MB (limit {MEGABYTES})")
    return linear <= LINEAR and peak <= MEGABYTES


def measured(activities: int) -> dict[str, float]:
    """Seconds and kilobytes of one process."""
    said = subprocess.run([sys.executable, "-c", ASK, str(activities), str(ITERATIONS)], check=True, capture_output=True, text=True).stdout
    return json.loads(said)


if __name__ == "__main__":
    raise SystemExit(not main())
