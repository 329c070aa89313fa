"""Lists in Excel and CSV: `activities` and `finished` are readers (the first with `rows`, `structure`, `mapping`); the office asks `projects` and `risks`."""
