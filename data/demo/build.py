"""Make the demo's files, or a large portfolio of the same formats for timing.

python data/demo/build.py OUT                                   the ten authored projects over six months
python data/demo/build.py OUT --projects 300 --snapshots 24     a made-up portfolio of that size
python data/demo/build.py OUT --projects 300 --snapshots 24 --workspace    the same as a filled workspace, certified and forecast
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from pmo_demo.fixture import build_fixture, build_workspace
from pmo_demo.inbox import build_demo

__all__ = ["build_demo", "build_fixture", "build_workspace", "main"]


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Make the demo's files, or a large portfolio of the same formats.")
    parser.add_argument("out", type=Path, help="folder to write into; it is made where it is missing")
    parser.add_argument("--projects", type=int, help="how many projects of a made-up portfolio; without it, the authored demo")
    parser.add_argument("--snapshots", type=int, default=24, help="how many months of it (default 24)")
    parser.add_argument("--seed", type=int, default=2026, help="seed of all that is left to chance (default 2026)")
    parser.add_argument("--workspace", action="store_true", help="make OUT a workspace that holds the made-up portfolio, instead of files")
    chosen = parser.parse_args(arguments)
    if chosen.workspace:
        return _workspace(chosen.out, chosen.projects or 300, chosen.snapshots, chosen.seed)
    chosen.out.mkdir(parents=True, exist_ok=True)
    made = build_fixture(chosen.out, chosen.projects, chosen.snapshots, chosen.seed) if chosen.projects else build_demo(chosen.out, chosen.seed)
    print(f"{len(made):,} files, {sum(path.stat().st_size for path in made) / 1e6:.1f} MB, in {chosen.out}")
    return 0


def _workspace(out: Path, projects: int, snapshots: int, seed: int) -> int:
    begin = time.perf_counter()

    def tell(done: int, total: int) -> None:
        if done == total or done % max(1, total // 50) == 0:
            print(f"{done:,} of {total:,} projects, {time.perf_counter() - begin:,.0f} s", flush=True)

    count = build_workspace(out, projects, snapshots, seed, progress=tell)
    print(f"{count:,} snapshots of {projects:,} projects in {out}, {time.perf_counter() - begin:,.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
