"""The risk registers that a project team handed in with its estimates, one workbook a project and month."""

from __future__ import annotations

from pathlib import Path

from pmo_demo.lists import write_sheet

HEADER = ["Risk", "Name", "Kind", "Probability", "Unit", "Shape", "Low", "Likely", "High", "Where"]
NORTHGATE = [  # the team's own, kept from month to month: what the watermelon's rind hides
    ["N1", "Skids leak in the factory test and go back", "event", 0.3, "days", "triangular", 5, 10, 20, "name ~ acceptance test"],
    ["N2", "Ice or wind closes the haul road", "event", 0.2, "days", "triangular", 1, 3, 8, "name ~ deliver to site"],
    ["N3", "Old pipework does not fit at the tie-in", "event", 0.35, "days", "triangular", 3, 8, 15, "name ~ pipework and valves"],
    ["N4", "Controls engineers are shared with Kestrel", "driver", 0.5, "factor", "triangular", 1.0, 1.2, 1.5, "name ~ instruments | loop checks"],
    ["N5", "Skid and works controls do not join", "driver", 0.45, "factor", "triangular", 1.1, 1.25, 1.6, "name ~ wet commissioning"],
    ["N6", "A water sample fails; the fortnight again", "event", 0.2, "percent", "triangular", 40, 80, 100, "name ~ water quality sampling"],
    ["N7", "The reliability trial is interrupted", "event", 0.25, "percent", "triangular", 20, 50, 100, "name ~ reliability trial"],
    ["N8", "Depot's cabling crew helps in January", "driver", 0.3, "factor", "triangular", 0.7, 0.85, 1.0, "name ~ containment and cabling"],
]
INSPECTOR = ["N9", "The inspector cannot come before June", "event", 0.25, "days", "triangular", 3, 6, 12, "name ~ health and safety file"]
LIKELIER = {"N1": 0.4, "N5": 0.55}  # in November, after a month of late drawings from the skids' maker
REGISTERS = {
    ("2026-10", "NORTHGATE"): NORTHGATE,
    ("2026-11", "NORTHGATE"): [*([*row[:3], LIKELIER.get(row[0], row[3]), *row[4:]] for row in NORTHGATE), INSPECTOR],
    ("2026-11", "FENWICK"): [
        ["R1", "Damp or frost slows the lining", "driver", 0.6, "factor", "triangular", 1.0, 1.15, 1.5, "name ~ lining"],
        ["R2", "Survey finds further cracks in the west wall", "event", 0.35, "days", "triangular", 5, 10, 25, "name ~ concrete repairs"],
        ["R3", "A water sample fails and is taken again", "event", 0.25, "percent", "triangular", 30, 50, 100, "name ~ sampling | disinfect"],
        ["R4", "Valves arrive late", "event", 0.3, "days", "triangular", 5, 15, 30, "name ~ outlet valves"],
        ["R5", "The lining crew works a second shift", "driver", 0.2, "factor", "triangular", 0.75, 0.85, 1.0, "name ~ apply lining"],
    ],
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
