"""The Log Analytics query API of a fake cloud."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import TYPE_CHECKING, Any

from fakecloud import story
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
        return _story(request.json["query"]) or _run(request.json)
    if request.path.endswith("/metadata") and cloud.examples is not None:
        recorded = json.loads(
            (cloud.examples / "loganalytics-query-v1/metadata-get.json").read_text(encoding="utf-8")
        )
        return Answer(body=recorded["responses"]["200"]["body"])
    text = "The requested path does not exist"
    return Answer(status=404, body={"error": {"code": "PathNotFoundError", "message": text}})


def _story(query: str) -> Answer | None:
    """Answer from the tables of the story; None for every other query."""
    try:
        told = story.answer(query)
    except ValueError as error:
        return Answer(status=400, body=_not_faked(str(error)))
    return None if told is None else Answer(body=told)


def _run(asked: dict[str, Any]) -> Answer:
    """Answer a few magic words; anything else gives one full row and one of nulls."""
    query = asked["query"]
    if "syntax" in query:
        return Answer(status=400, body=_SYNTAX)
    if "minutes" in query:
        return _minutes(asked["timespan"], limit=90)
    if "| count" in query:
        return Answer(body=_table((("Count", "long"),), [[40541]]))
    if "partial" in query:
        return Answer(body={**_table((("n", "long"),), [[1]]), "error": _PARTIAL})
    if "empty" in query:
        return Answer(body=_table(_COLUMNS, []))
    return Answer(body=_table(_COLUMNS, [list(_ROW), [None] * len(_ROW)]))


def _minutes(timespan: str, *, limit: int) -> Answer:
    """Answer a row for each full minute of the span, the end included; more than `limit` are cut."""
    start, end = (dt.datetime.fromisoformat(text) for text in timespan.split("/"))
    minute = start.replace(second=0, microsecond=0)
    rows: list[list[Any]] = []
    while minute <= end:
        if minute >= start:
            rows.append([minute.isoformat().replace("+00:00", "Z")])
        minute += dt.timedelta(minutes=1)
    body = _table((("TimeGenerated", "datetime"),), rows[:limit])
    return Answer(body={**body, "error": _PARTIAL} if len(rows) > limit else body)


def _table(columns: tuple[tuple[str, str], ...], rows: list[list[Any]]) -> dict[str, Any]:
    named = [{"name": name, "type": kind} for name, kind in columns]
    return {"tables": [{"name": "PrimaryResult", "columns": named, "rows": rows}]}


def _not_faked(word: str) -> dict[str, Any]:
    text = f"The fake reads only where with == and in, take, and count; not '{word}'"
    inner = {"code": "SemanticError", "message": text}
    return {
        "error": {
            "message": "The request had some invalid properties",
            "code": "BadArgumentError",
            "innererror": inner,
        }
    }


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
