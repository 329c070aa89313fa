"""mcprojsim, the fullest open simulator that we found: finish-start only, one Python object an activity, needs Python 3.13.

It gets an environment of its own under build/, made once. Where there is no Python 3.13 or it cannot be installed, `environment` says so.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

VERSION = "0.15.2"
FOLDER = Path(__file__).parents[2] / "build" / f"mcprojsim-{VERSION}"
ASK = """
import json, sys, time
from mcprojsim.parsers.yaml_parser import YAMLParser
from mcprojsim.simulation.engine import SimulationEngine
project = YAMLParser().parse_file(sys.argv[1])
found = []
for _ in range(int(sys.argv[3])):
    engine = SimulationEngine(iterations=int(sys.argv[2]), random_seed=1, show_progress=False)
    begin = time.process_time()
    result = engine.run(project)
    found.append(time.process_time() - begin)
print(json.dumps({"seconds": min(found), "mean": float(result.durations.mean())}))
"""


class Unavailable(Exception):
    """Why the rival cannot be run here."""


def environment() -> Path:
    """The folder of its environment's programs."""
    if (FOLDER / "bin" / "mcprojsim").exists():
        return FOLDER / "bin"
    python = _interpreter()
    subprocess.run([python, "-m", "venv", "--clear", str(FOLDER)], check=True)
    made = subprocess.run([FOLDER / "bin" / "pip", "install", "--quiet", f"mcprojsim=={VERSION}"], capture_output=True, text=True, check=False)
    if made.returncode:
        raise Unavailable(f"mcprojsim {VERSION} cannot be installed: {made.stderr.strip().splitlines()[-1]}")
    return FOLDER / "bin"


def _interpreter() -> str:
    """A Python 3.13: on the path, of pyenv, or one that uv knows."""
    uv = Path(sys.executable).with_name("uv")
    found = [shutil.which("python3.13"), *map(str, sorted(Path.home().glob(".pyenv/versions/3.13.*/bin/python3.13"), reverse=True))]
    if uv.exists():
        asked = subprocess.run([uv, "python", "find", "--no-python-downloads", "3.13"], capture_output=True, text=True, check=False)
        found.append(asked.stdout.strip())
    for python in filter(None, found):  # a shim of pyenv is on the path and may lead nowhere
        if subprocess.run([python, "--version"], capture_output=True, check=False).returncode == 0:
            return python
    raise Unavailable("there is no Python 3.13 on this machine; install one, or pyenv install 3.13")


def write(path: Path, tasks: list[tuple[str, tuple[float, float, float], list[str]]]) -> None:
    """A project in its own format (JSON is YAML): id, three points [days], predecessors."""
    listed = [
        {"id": name, "name": name, "dependencies": before, "estimate": dict(zip(("low", "expected", "high"), points, strict=True)) | {"unit": "days"}}
        for name, points, before in tasks
    ]
    for task in listed:
        task["estimate"]["distribution"] = "triangular"
    path.write_text(json.dumps({"project": {"name": "Network", "start_date": "2026-01-05"}, "tasks": listed}), encoding="utf-8")


def simulate(programs: Path, project: Path, iterations: int, rounds: int = 2) -> tuple[float, float]:
    """Processor seconds of its warm engine alone, the least of some rounds, and its mean finish [hours]."""
    said = subprocess.run([programs / "python", "-c", ASK, str(project), str(iterations), str(rounds)], check=True, capture_output=True, text=True).stdout
    found = json.loads(said)
    return found["seconds"], found["mean"]


def cold(programs: Path, project: Path, iterations: int) -> float:
    """Seconds by the clock of its command as a whole."""
    begin = time.perf_counter()
    subprocess.run([programs / "mcprojsim", "simulate", str(project), "--iterations", str(iterations), "-q"], check=True, capture_output=True)
    return time.perf_counter() - begin
