"""What the fakes' workspace holds for a person to look at: one simulated break-in, told by incidents and tables."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_SEED = 7
_ROWS = 4_000
# Title, severity, host and time of day; the first are of the break-in, which the tables tell as well.
INCIDENTS = (
    ("Shadow copies deleted", "High", "host-0002", "08:51:14"),
    ("Encoded PowerShell command", "Medium", "host-0001", "08:50:45"),
    ("Mass download", "Low", "host-0005", "08:12:43"),
    ("Unusual number of failed sign-ins", "Medium", "host-0001", "08:16:17"),
    ("Sign-in from an unusual place", "Low", "host-0003", "08:58:23"),
    ("Potentially unwanted software", "Informational", "host-0006", "09:09:36"),
    ("Sign-in from an unusual place", "Low", "host-0004", "09:41:07"),
)
DAY = "2026-03-02"
_TYPES = {"int64": "long", "bool": "bool"}
_LET = re.compile(r"\s*let (\w+) = (.*?);\s*", re.DOTALL)
_EQUAL = re.compile(r"(\w+) (?:==|=~) (\S.*)")
_IN = re.compile(r"(\w+) in ?\((.*)\)")


@functools.cache
def _tables() -> dict[str, pd.DataFrame]:
    from huntbook import samples  # noqa: PLC0415 - every test loads the fakes, and few ask for the story

    case = samples.incident(rows=_ROWS, seed=_SEED)
    truth = ["Attack", "TrueProcess", "TrueParent"]
    tables = {"SecurityEvent": case.processes, "SecurityAlert": case.alerts}
    return {name: table.drop(columns=truth, errors="ignore") for name, table in tables.items()}


def answer(query: str) -> dict[str, Any] | None:
    """Return the table that a query gives; None where it asks for no table of the story.

    Raises
    ------
    ValueError
        A step that is not understood: only where with == and in, take, and count are.
    """
    lets = dict(_LET.findall(query))
    first, *steps = (part.strip() for part in _LET.sub("", query).split("|"))
    if first not in ("SecurityEvent", "SecurityAlert"):
        return None
    frame = _tables()[first]
    for step in steps:
        word, _, rest = step.partition(" ")
        if word == "where":
            frame = _where(frame, rest, lets)
        elif word in {"take", "limit"}:
            frame = frame.head(int(lets.get(rest, rest)))
        elif step == "count":
            return _body([("Count", "long")], [[len(frame)]])
        else:
            raise ValueError(word)
    columns = [(name, _TYPES.get(str(kind), "string")) for name, kind in frame.dtypes.items()]
    columns[0] = (columns[0][0], "datetime")
    times = frame.iloc[:, 0].dt.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    texts = frame.astype(object).where(frame.notna(), None)
    return _body(columns, texts.assign(**{columns[0][0]: times}).to_numpy().tolist())


def _where(frame: pd.DataFrame, rest: str, lets: dict[str, str]) -> pd.DataFrame:
    for part in rest.split(" and "):
        equal, among = _EQUAL.fullmatch(part.strip()), _IN.fullmatch(part.strip())
        found = among or equal
        if found is None or found[1] not in frame:
            raise ValueError(part)
        words = found[2].split(",") if among else [found[2]]
        values = [lets.get(word.strip(), word.strip()).strip('"') for word in words]
        frame = frame[frame[found[1]].astype(str).isin(values)]
    return frame


def _body(columns: list[tuple[str, str]], rows: list[Any]) -> dict[str, Any]:
    named = [{"name": name, "type": kind} for name, kind in columns]
    return {"tables": [{"name": "PrimaryResult", "columns": named, "rows": rows}]}
