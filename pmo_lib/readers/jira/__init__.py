"""Jira, Cloud and Data Center: `reader` takes pulled folders, JSON and DevLake's raw layer, `csv_export` lists of issues; `payloads` makes the board of both."""
