"""Cards of the risks: what each adds to the P80, and whether the finish looks surer than it is."""

from __future__ import annotations

from pmo_lib.office import Forecast
from pmo_lib.plots import headlines, words
from pmo_lib.reports.document import Block, Card, Cell, Column, Table, Text
from pmo_lib.reports.pieces import MOST, left_out


def certainty_card(forecast: Forecast) -> Card | None:
    """The check for false certainty, where one was made."""
    if not forecast.certainty:
        return None
    title = "The finish looks surer than it is" if forecast.falsely_certain else "The spread is that of the ranges and risks given"
    return Card(title, [Text(sentence) for sentence in forecast.certainty])


def register_card(forecast: Forecast) -> Card | None:
    """The register by what each risk adds to the P80; None where no risk is in the model."""
    if forecast.occurrences is None or forecast.occurrences.is_empty():
        return None
    table = forecast.contributions
    adds = {} if table is None else {row["item"]: row for row in table.iter_rows(named=True)}
    rows = sorted(forecast.occurrences.iter_rows(named=True), key=lambda row: -(adds.get(row["risk"], {}).get("contribution") or 0.0))
    lines = []
    for row in rows[:MOST]:
        own = adds.get(row["risk"])
        told = words.NONE if own is None else f"{words.number(own['contribution'], 1)} ±{words.SPACE}{words.number(1.96 * own['error'], 1)}"
        name = row["name"] if row["name"] == row["risk"] else f"{row['risk']} {row['name']}"
        lines.append([Cell(name), Cell(words.share(row["probability"])), Cell(words.share(row["share"])), Cell(told, strong=own is not None)])
    columns = [Column("Risk", share=3.4), Column("Chance", "right", 0.8), Column("Occurred", "right", 0.9), Column("Adds to P80, wd", "right", 1.3)]
    blocks: list[Block] = [Table(columns, lines), *left_out(len(rows), "risk")]
    title = "Risks in the forecast" if table is None else headlines.contributions(table)
    return Card(title, blocks, f"Working days that the P80 would lose without the risk, ± its 95{words.SPACE}% sampling error", 7)
