"""Writes the full figures of an area to docs/proof/AREA.md: `python -m benchmarks.prove readers`, or `all`.

Each page says by what command, at which commit and on what machine its figures came about.
"""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.proofs import AREAS

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs" / "proof"


def main(arguments: list[str] | None = None) -> int:
    """Proves the areas that are asked for, one page each."""
    modules = {area: importlib.import_module(name) for area, name in AREAS.items()}
    chosen = _parser(modules).parse_args(arguments)
    for area in AREAS if chosen.area == "all" else [chosen.area]:
        options = {name: default if (given := getattr(chosen, name)) is None else given for name, default in modules[area].OPTIONS.items()}
        begin = time.perf_counter()
        body = modules[area].prove(**options)
        path = PAGES / f"{area}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f"# {modules[area].TITLE}\n\n{_origin(area, modules[area], options, time.perf_counter() - begin)}\n\n{body.rstrip()}\n", encoding="utf-8"
        )
        print(f"{path.relative_to(ROOT)}: {time.perf_counter() - begin:,.0f} s")
    return 0


def _parser(modules: dict[str, ModuleType]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.prove", description="Write the full figures of an area to docs/proof/.")
    parser.add_argument("area", nargs="?", default="all", choices=[*AREAS, "all"])
    flags: dict[str, dict[str, Any]] = {}  # several areas may have a flag of one name, each with its own default
    for area, module in modules.items():
        for name, default in module.OPTIONS.items():
            flags.setdefault(name, {})[area] = default
    for name, defaults in flags.items():
        told = "; ".join(f"{area}: default {default}" for area, default in defaults.items())
        parser.add_argument(f"--{name}", type=type(next(iter(defaults.values()))), help=told)
    return parser


def _origin(area: str, module: ModuleType, options: dict[str, Any], seconds: float) -> str:
    """Where the figures come from."""
    flags = "".join(f" --{name} {value}" for name, value in options.items() if value != module.OPTIONS[name])
    rows = {
        "Command": f"`python -m benchmarks.prove {area}{flags}`, {seconds:,.0f} s",
        "Commit": _commit(),
        "Machine": f"{len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()} cores ({_processor()}), load {_load()} at the end",
        "System": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
    }
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items())])


def _commit() -> str:
    def git(*arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", "pmo_lib", "dashboards", "data/demo", "benchmarks", "notebooks")
    return f"{git('rev-parse', '--short', 'HEAD') or 'unknown'}{', with changes that are not committed' if changed else ''}"


def _processor() -> str:
    known = Path("/proc/cpuinfo")
    if known.exists():
        for line in known.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown"


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


if __name__ == "__main__":
    sys.exit(main())
