"""Connectors: fetch what Jira and Asana say of a project, politely, and stage it unparsed. Readers make a board of it; connectors look no further than paging.

A finished pull is a folder (or a ZIP archive of the same files) that the door recognises by its `pull.json`. Each other file is the body of one answer of the
service, or has the same shape and holds the same objects under fewer pages; an item stands in it once. Long lists are cut into numbered pages, from 0001 on.

`pull.json`: `{"schema": 1, "source": "jira-cloud" | "jira-data-center" | "asana", "site": "https://acme.atlassian.net", "project": "WEB",
"pulled": "2026-11-23T10:15:00Z", "query": "project = WEB", "fields": {"points": "Story Points"}, "notes": ["…"]}`.
`pulled` is the service's own clock in UTC and the board's data date; `fields` are the names of fields that the user configured, by our column;
`notes` say what the token may not see.

| Jira file | shape | from |
|---|---|---|
| `project.json` | `{"id", "key", "name", …}` | `project/WEB` |
| `fields.json`, `statuses.json` | `[{…}]` | `field`, `status` (every status of the site, also those that history alone names) |
| `project-statuses.json` | `[{"id", "name", "subtask", "statuses": […]}]` | `project/WEB/statuses`, a row an issue type |
| `versions-0001.json` | `{"values": […]}` | `project/WEB/version` (Data Center: a bare list from `project/WEB/versions`) |
| `boards-0001.json` | `{"values": […]}` | agile `board?projectKeyOrId=WEB` |
| `board-84-configuration.json` | `{"id", "columnConfig", …}` | agile `board/84/configuration`, one a board |
| `sprints-0001.json` | `{"values": […]}` | agile `board/84/sprint` of every board, each sprint once, with `originBoardId` |
| `issues-0001.json` | `{"issues": […]}` | `search/jql`, or `search`; Data Center's hold `changelog.histories` |
| `changelogs-0001.json` | `{"issueChangeLogs": [{"issueId", "changeHistories": […]}]}` | `changelog/bulkfetch` (Cloud); an issue once, its histories whole |
| `worklogs-0001.json` | `{"worklogs": [{"issueId", …}]}` | `issue/WEB-1/worklog` where an issue's own `worklog` field breaks off: these replace it |

| Asana file | shape | from |
|---|---|---|
| `project.json` | `{"data": {"gid", "name", …}}` | `projects/GID` |
| `sections-0001.json`, `custom-fields-0001.json` | `{"data": […]}` | `projects/GID/sections`, `projects/GID/custom_field_settings` |
| `tasks-0001.json` | `{"data": […]}` | `tasks?project=GID`, with memberships, custom fields, dependencies |
| `subtasks-0001.json` | `{"data": […]}` | `tasks/GID/subtasks` of every level, each with its `parent` |
| `stories-0001.json` | `{"data": […]}` | `tasks/GID/stories`, each with its `target`: the task |
"""

from __future__ import annotations
