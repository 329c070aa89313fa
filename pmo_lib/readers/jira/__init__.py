"""Jira, Cloud and Data Center: `reader` takes pulls, JSON and DevLake's raw layer, `csv_export` lists of issues; `payloads` makes the board of both."""

NAME = "jira"
VERSION = "jira/2"
