"""The risk registers that a project team handed in with its estimates, one workbook a project and month."""

from __future__ import annotations

from pathlib import Path

from pmo_demo.lists import write_sheet

HEADER = ["Risk", "Name", "Kind", "Probability", "Unit", "Shape", "Low", "Likely", "High", "Where"]
REGISTERS = {
    ("2026-11", "FENWICK"): [
        ["R1", "Damp or frost slows the lining", "driver", 0.6, "factor", "triangular", 1.0, 1.15, 1.5, "name ~ lining"],
        ["R2", "Survey finds further cracks in the west wall", "event", 0.35, "days", "triangular", 5, 10, 25, "name ~ concrete repairs"],
        ["R3", "A water sample fails and is taken again", "event", 0.25, "percent", "triangular", 30, 50, 100, "name ~ sampling | disinfect"],
        ["R4", "Valves arrive late", "event", 0.3, "days", "triangular", 5, 15, 30, "name ~ outlet valves"],
        ["R5", "The lining crew works a second shift", "driver", 0.2, "factor", "triangular", 0.75, 0.85, 1.0, "name ~ apply lining"],
    ]
}


def write_registers(out: Path) -> list[Path]:
    """Every register below `out`, and the files written."""
    written = []
    for (month, key), rows in REGISTERS.items():
        path = out / "risks" / month / f"{key}.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_sheet(path, "risks", HEADER, rows, {"Probability": "0%"})
        written.append(path)
    return written
