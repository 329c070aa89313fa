"""Against mcprojsim, the fullest open simulator: 1,000 activities, finish-start, triangular; its engine warm against ours, and both commands from cold."""

from __future__ import annotations

import random
import subprocess
import tempfile
import time
from pathlib import Path

import pmo_lib as pmo
from benchmarks.cold import PMO
from benchmarks.engine import ACTIVITIES, ITERATIONS, POINTS, ours
from benchmarks.rivals import mcprojsim
from pmo_lib.schedule.network import lower
from pmo_lib.writers.mspdi.writer import write_mspdi

SCALED, GOAL = 300, 2_500  # iterations that mcprojsim runs; times as fast, one core, processor time
COLD = 1_000  # iterations of the two commands


def main() -> bool:
    """Prints the ratios; whether the goal is met, or why it cannot be measured."""
    try:
        programs = mcprojsim.environment()
    except mcprojsim.Unavailable as why:
        print(f"  not measured: {why}")
        return False
    tasks = network()
    net = lower(pmo.make_plan({name: (likely, "; ".join(before)) for name, (_, likely, _), before in tasks}))
    run = ours(net, "plain", "float")
    with tempfile.TemporaryDirectory() as folder:
        project, plan = Path(folder) / "project.yaml", Path(folder) / "plan.xml"
        mcprojsim.write(project, tasks)
        seconds, mean = mcprojsim.simulate(programs, project, SCALED)
        out, _ = run()
        own = min(_processor(run) for _ in range(5))
        hours = (out.finish.mean() - net.arrays.es_low.min()) / 60
        if abs(mean / hours - 1) > 0.01:
            raise AssertionError(f"mcprojsim finds a mean finish of {mean:,.0f} hours, ours is {hours:,.0f}")
        each, mine = seconds / SCALED / ACTIVITIES * 1e9, own / ITERATIONS / ACTIVITIES * 1e9
        print(f"  warm, one core, an activity and iteration: mcprojsim {each:,.0f} ns ({SCALED} iterations), ours {mine:.2f} ns")
        print(f"  {each / mine:,.0f} times as fast (goal {GOAL:,})")
        write_mspdi(pmo.make_plan({name: (likely, "; ".join(before)) for name, (_, likely, _), before in tasks}), plan)
        begin = time.perf_counter()
        subprocess.run([str(PMO), "forecast", str(plan), "--iterations", str(COLD), "--json"], check=True, capture_output=True)
        command = time.perf_counter() - begin
        print(f"  cold, {COLD:,} iterations, the command as a whole: mcprojsim {mcprojsim.cold(programs, project, COLD):.1f} s, pmo forecast {command:.1f} s")
    return each / mine >= GOAL


def network() -> list[tuple[str, tuple[float, float, float], list[str]]]:
    """Names, three points [days] and predecessors."""
    rng, tasks = random.Random(7), []
    for i in range(ACTIVITIES):
        before = sorted({rng.randrange(max(0, i - 60), i) for _ in range(rng.choice((1, 2, 2, 3)))}) if i else []
        days = rng.randint(1, 40)
        tasks.append((f"A{i}", tuple(factor * days for factor in POINTS), [f"A{j}" for j in before]))
    return tasks


def _processor(run: object) -> float:
    begin = time.process_time()
    run()  # pyright: ignore[reportCallIssue]
    return time.process_time() - begin


if __name__ == "__main__":
    raise SystemExit(not main())
