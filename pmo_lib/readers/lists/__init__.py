"""Lists kept in Excel and CSV: `activities` (a reader; with `rows`, `structure`, `mapping`), `projects` for the portfolio, `risks` for the register."""
