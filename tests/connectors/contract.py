"""The vendors' own descriptions of their interfaces, cut down to the paths that our clients ask, and what of an exchange does not keep to them."""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import yaml
from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest, MockResponse

from tests.connectors.serving import Reply, Request

JIRA, ASANA = "jira/jira-cloud-v3-openapi.json", "asana/openapi/asana_oas.yaml"
# asked by our clients; a path that is not here fails the contract
ASKED = {
    JIRA: [
        "/rest/api/3/myself",
        "/rest/api/3/field",
        "/rest/api/3/status",
        "/rest/api/3/project/{projectIdOrKey}",
        "/rest/api/3/project/{projectIdOrKey}/statuses",
        "/rest/api/3/project/{projectIdOrKey}/version",
        "/rest/api/3/search/jql",
        "/rest/api/3/changelog/bulkfetch",
        "/rest/api/3/issue/{issueIdOrKey}/changelog",
        "/rest/api/3/issue/{issueIdOrKey}/worklog",
    ],
    ASANA: [
        "/users/{user_gid}",
        "/projects/{project_gid}",
        "/projects/{project_gid}/sections",
        "/projects/{project_gid}/custom_field_settings",
        "/tasks",
        "/tasks/{task_gid}",
        "/tasks/{task_gid}/subtasks",
        "/tasks/{task_gid}/stories",
        "/portfolios/{portfolio_gid}/items",
    ],
}
SITES = {JIRA: "https://your-domain.atlassian.net", ASANA: "https://app.asana.com"}


@cache
def description(name: str, folder: Path) -> OpenAPI:
    """A description with the paths that we ask alone; parsed once."""
    return OpenAPI.from_dict(cut(name, folder), config=Config(spec_validator_cls=None, extra_format_validators={"date-time": is_instant}))


def is_instant(value: object) -> bool:
    """Jira writes zones as +0000, which its own description does not allow (RFC 3339 has +00:00), and has always done so."""
    try:
        return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


@cache
def cut(name: str, folder: Path) -> dict[str, Any]:
    """The description as it is published, without what we do not ask: other paths, and parts that these do not lead to; parsed once."""
    text = (folder / name).read_bytes()
    whole = json.loads(text) if name.endswith(".json") else yaml.load(text, Loader=yaml.CSafeLoader)
    paths = {path: whole["paths"][path] for path in ASKED[name]}
    parts: dict[str, dict[str, Any]] = {"securitySchemes": whole["components"].get("securitySchemes", {})}
    waiting = references(paths)
    while waiting:
        reference = waiting.pop()
        _, _, kind, part = reference.split("/")
        if part not in parts.setdefault(kind, {}):
            parts[kind][part] = whole["components"][kind][part]
            waiting |= references(parts[kind][part])
    kept = {"openapi": whole["openapi"], "info": whole["info"], "servers": whole["servers"], "paths": paths, "components": parts} | (
        {"security": whole["security"]} if "security" in whole else {}
    )
    return json.loads(json.dumps(kept, default=str))  # YAML reads the status 200 as a number


def references(part: Any) -> set[str]:
    """What a part of a description refers to."""
    return set(re.findall(r'"\$ref": "(#/components/\w+/[^"]+)"', json.dumps(part, default=str)))


def faults(name: str, folder: Path, request: Request, reply: Reply) -> list[str]:
    """What of a request and its answer the description does not allow, in its validator's words."""
    described = description(name, folder)
    asked = MockRequest(
        SITES[name],
        request.method.lower(),
        request.path,
        args=request.query,
        headers=request.headers,
        data=request.body or None,
        content_type="application/json",
    )
    answered = MockResponse(data=reply.bytes(), status_code=reply.status, content_type="application/json")
    return [
        f"{request.method} {request.path}?{urlencode(request.query)}: {text}"
        for errors in (described.iter_request_errors(asked), described.iter_response_errors(asked, answered))
        for text in map(told, errors)
    ]


def told(error: BaseException) -> str:
    """An error with the schema's own words."""
    found: BaseException | None = error
    while found is not None:
        if inner := getattr(found, "schema_errors", None):
            return "; ".join(f"{'/'.join(map(str, one.absolute_path))}: {one.message[:200]}" for one in inner)
        found = found.__cause__ or found.__context__
    return f"{type(error).__name__}: {error}"


def validated(name: str, schema: str, folder: Path, value: Any) -> list[str]:
    """What of a value the named schema of a description does not allow."""
    from openapi_schema_validator import OAS30Validator

    described = {"components": cut(name, folder)["components"], "allOf": [{"$ref": f"#/components/schemas/{schema}"}]}
    return [f"{'/'.join(map(str, one.absolute_path))}: {one.message[:200]}" for one in OAS30Validator(described).iter_errors(value)]
