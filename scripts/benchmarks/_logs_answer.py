"""One large answer of the query API, seeded, in the shape of a table of security events."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

__all__ = ["make_answer"]

# Rows that are made at once, so that making the answer takes little memory.
_BLOCK = 20_000
_SEED = 20240311
_TICKS_OF_A_DAY = 864_000_000_000
_START = np.datetime64("2024-03-11T00:00:00", "us")
_TYPES = {
    "TimeGenerated": "datetime",
    "TenantId": "string",
    "SourceSystem": "string",
    "Computer": "string",
    "EventID": "int",
    "Account": "string",
    "NewProcessName": "string",
    "ParentProcessName": "string",
    "CommandLine": "string",
    "ProcessId": "long",
    "LogonId": "long",
    "Bytes": "long",
    "Score": "real",
    "Ratio": "real",
    "Elevated": "bool",
    "Duration": "timespan",
    "SubjectId": "guid",
    "EventTime": "datetime",
    "Properties": "dynamic",
    "Type": "string",
}


def make_answer(rows: int) -> bytes:
    """Return the answer's body: 20 columns, a tenth of the values missing in three of them."""
    random = np.random.default_rng(_SEED)
    blocks = [_block(random, min(_BLOCK, rows - at)) for at in range(0, rows, _BLOCK)]
    columns = json.dumps([{"name": name, "type": kind} for name, kind in _TYPES.items()]).encode()
    head = b'{"tables":[{"name":"PrimaryResult","columns":' + columns + b',"rows":['
    return head + b",".join(blocks) + b"]}]}"


def _block(random: np.random.Generator, rows: int) -> bytes:
    """Return some rows as JSON without the outer brackets."""

    def whole(high: int) -> list[Any]:
        return list(random.integers(0, high, rows).tolist())

    def gaps(values: list[Any]) -> list[Any]:
        return [None if at % 10 == 0 else value for at, value in enumerate(values)]

    def times() -> list[Any]:
        ticks = random.integers(0, _TICKS_OF_A_DAY, rows)
        texts = np.datetime_as_string(_START + ticks // 10).tolist()
        return [f"{text}{tick % 10}Z" for text, tick in zip(texts, ticks.tolist(), strict=True)]

    identifiers = (random.bytes(16).hex() for _ in range(rows))
    values = {
        "TimeGenerated": times(),
        "TenantId": ["63613592-b6f7-4c3d-a390-22ba13102111"] * rows,
        "SourceSystem": ["OpsManager"] * rows,
        "Computer": [f"host-{at}.contoso.example" for at in whole(200)],
        "EventID": [4624 + at for at in whole(60)],
        "Account": [f"CONTOSO\\user{at}" for at in whole(2000)],
        "NewProcessName": [f"C:\\Windows\\System32\\tool{at}.exe" for at in whole(300)],
        "ParentProcessName": [f"C:\\Windows\\System32\\tool{at}.exe" for at in whole(300)],
        "CommandLine": [f'tool.exe --input "C:\\Temp\\{at}" -v' for at in whole(10**9)],
        "ProcessId": whole(10**5),
        "LogonId": whole(2**62),
        "Bytes": gaps(whole(10**9)),
        "Score": random.random(rows).tolist(),
        "Ratio": gaps(random.random(rows).tolist()),
        "Elevated": (random.random(rows) < 0.5).tolist(),  # noqa: PLR2004 - half of them
        "Duration": [f"00:00:{at % 60:02}.{at:07}" for at in whole(10**7)],
        "SubjectId": [f"{t[:8]}-{t[8:12]}-{t[12:16]}-{t[16:20]}-{t[20:]}" for t in identifiers],
        "EventTime": gaps(times()),
        "Properties": [json.dumps({"LogonType": at, "Zone": "b"}) for at in whole(12)],
        "Type": ["SecurityEvent"] * rows,
    }
    whole_rows = list(zip(*(values[name] for name in _TYPES), strict=True))
    return json.dumps(whole_rows, separators=(",", ":")).encode()[1:-1]
