"""Times what must be fast, against its rivals: `python -m benchmarks`. Ends with 1 where a goal is missed."""

from __future__ import annotations

from benchmarks import cold, engine, flow_history, shapes

PARTS = {"Engine": engine.main, "Shapes and percentiles": shapes.main, "Flow of ten million moves": flow_history.main, "Cold start": cold.main}


def main() -> int:
    """Runs every part, prints it, and says whether all goals are met."""
    met = []
    for title, part in PARTS.items():
        print(f"\n{title}")
        met.append(part())
    return 0 if all(met) else 1


if __name__ == "__main__":
    raise SystemExit(main())
