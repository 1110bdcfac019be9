"""The Log Analytics query API of a fake cloud."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from fakecloud.server import Answer, Request

if TYPE_CHECKING:
    from fakecloud.cloud import FakeCloud

_QUERY = re.compile(r"/v1/(workspaces/[^/]+|subscriptions/.+)/query")
_COLUMNS = (
    ("TimeGenerated", "datetime"),
    ("Computer", "string"),
    ("N", "long"),
    ("I", "int"),
    ("R", "real"),
    ("B", "bool"),
    ("D", "dynamic"),
    ("G", "guid"),
    ("S", "timespan"),
    ("Dec", "decimal"),
)
_ROW = (
    "2024-01-01T00:00:00.1234567Z",
    "h1",
    9007199254740993,
    1,
    1.5,
    True,
    '{"a":1}',
    "6f1f4b0e-0000-0000-0000-000000000001",
    "00:01:00",
    "1.10",
)


def answer(cloud: FakeCloud, request: Request) -> Answer:
    """Answer a request to the query API."""
    audience = f"https://{cloud.hosts.log_analytics}"
    if (refused := cloud.refuse_token(request, frozenset({audience}))) is not None:
        text = f"The provided authentication is not valid for this resource. {refused['message']}"
        return Answer(
            status=401,
            body={"error": {"code": "InvalidTokenError", "message": text}},
            headers={
                "WWW-Authenticate": f'Bearer authorization_uri="{cloud.authority}", error="invalid_token"'
            },
        )
    if _QUERY.fullmatch(request.path):
        return _run(request.json["query"])
    text = "The requested path does not exist"
    return Answer(status=404, body={"error": {"code": "PathNotFoundError", "message": text}})


def _run(query: str) -> Answer:
    """Answer a few magic words; anything else gives one full row and one of nulls."""
    if "syntax" in query:
        return Answer(status=400, body=_SYNTAX)
    if "partial" in query:
        return Answer(body={**_table((("n", "long"),), [[1]]), "error": _PARTIAL})
    if "empty" in query:
        return Answer(body=_table(_COLUMNS, []))
    return Answer(body=_table(_COLUMNS, [list(_ROW), [None] * len(_ROW)]))


def _table(columns: tuple[tuple[str, str], ...], rows: list[list[Any]]) -> dict[str, Any]:
    named = [{"name": name, "type": kind} for name, kind in columns]
    return {"tables": [{"name": "PrimaryResult", "columns": named, "rows": rows}]}


_SYNTAX = {
    "error": {
        "message": "The request had some invalid properties",
        "code": "BadArgumentError",
        "correlationId": "c",
        "innererror": {
            "code": "SyntaxError",
            "message": "A recognition error occurred in the query.",
            "innererror": {
                "code": "SYN0002",
                "message": "Query could not be parsed at 'syntax' on line [1,3]",
                "line": 1,
                "pos": 3,
                "token": "syntax",
            },
        },
    }
}
_PARTIAL = {
    "code": "PartialError",
    "message": "There were some errors when processing your query.",
    "details": [
        {
            "code": "EngineError",
            "message": "Something went wrong processing your query on the server.",
            "innererror": {
                "code": "-2133196797",
                "message": "The results of this query exceed the set limit of 500000 records, so not all records "
                "were returned (E_QUERY_RESULT_SET_TOO_LARGE, 0x80DA0003).",
                "severity": 2,
                "severityName": "Error",
            },
        }
    ],
}
