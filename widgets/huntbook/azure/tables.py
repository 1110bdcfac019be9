"""Answers of the query API become frames, by the type that each column declares."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from types import NoneType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huntbook.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Table", "frame_of", "read_tables"]

_DAYS = re.compile(r"^(-?)(\d+)\.(\d+:)")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of an answer: its name and its frame."""

    name: str
    frame: pd.DataFrame


def read_tables(answer: bytes) -> tuple[list[Table], dict[str, Any]]:
    """Return the tables of an answer, and whatever else it holds.

    Parameters
    ----------
    answer
        The body, JSON in UTF-8.

    Returns
    -------
    tuple
        The tables in order, and the rest of the answer (``statistics``, ``render``,
        ``error``) as plain values.

    Raises
    ------
    ServiceError
        The body is no answer of the query API.
    """
    try:
        rest = json.loads(answer.decode("utf-8-sig"))
        tables = [
            Table(str(each.get("name") or ""), frame_of(each["columns"], each.pop("rows")))
            for each in rest.pop("tables")
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ServiceError(
            "Log Analytics sent an answer that can't be read as tables. Run the query again."
        ) from error
    return tables, rest


def frame_of(columns: Sequence[dict[str, str]], rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    """Return rows as a frame by declared types.

    Parameters
    ----------
    columns
        The ``name`` and ``type`` of each.
    rows
        The values as JSON gives them.

    Returns
    -------
    pandas.DataFrame
        ``long`` and ``int`` as Int64 and Int32, ``real`` as Float64, ``bool`` as boolean,
        ``datetime`` as microseconds in UTC, ``timespan`` as durations; text, ``guid``,
        ``dynamic`` (JSON) and ``decimal`` (exact) as text. What is missing is missing in
        every type.
    """
    values = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    arrays = [
        pd.Series(_CONVERTERS.get(column.get("type", ""), _text)(list(each)))
        for column, each in zip(columns, values, strict=True)
    ]
    # By position, since a query may give two columns the same name.
    frame = pd.DataFrame(dict(enumerate(arrays)))
    frame.columns = pd.Index([column["name"] for column in columns])
    return frame


def _types(values: list[Any]) -> set[type]:
    """Return the types that occur, which costs less than looking at each value."""
    return set(map(type, values))


def _text(values: list[Any]) -> Any:
    if not _types(values) <= {str, NoneType}:
        values = [each if each is None or isinstance(each, str) else json.dumps(each) for each in values]
    return pd.array(values, dtype="string")


def _masked(values: list[Any], kind: str, array: Callable[..., Any], read: Callable[[str], Any]) -> Any:
    """Return numbers with a mask of what is missing; whole numbers never pass through a float."""
    # NumPy would take None for a NaN and any text for True, without a word.
    if not _types(values) & {str, NoneType}:
        return array(np.array(values, dtype=kind), np.zeros(len(values), dtype=bool))
    objects = np.array([read(each) if isinstance(each, str) else each for each in values], dtype=object)
    missing = np.array([each is None for each in objects], dtype=bool)
    objects[missing] = 0
    return array(objects.astype(kind), missing)


def _real(text: str) -> float:
    """Return NaN and the infinities, which JSON can't hold, from the words that stand for them."""
    return float(text.replace("Infinity", "inf"))


def _truth(text: str) -> bool:
    return text.lower() in ("true", "1")


def _datetime(values: list[Any]) -> Any:
    if NoneType in _types(values):
        values = ["NaT" if each is None else each for each in values]
    # Cut to microseconds and without its zone letter a time parses in years that nanoseconds can't hold.
    texts = np.char.rstrip(np.array(values, dtype="S26"), b"Z")
    return pd.DatetimeIndex(texts.astype("datetime64[us]"), tz="UTC")


def _timespan(values: list[Any]) -> Any:
    texts = [None if each is None else _DAYS.sub(r"\1\2 days \3", str(each)) for each in values]
    return pd.to_timedelta(pd.Series(texts, dtype=object))


_CONVERTERS: dict[str, Callable[[list[Any]], Any]] = {
    "long": lambda values: _masked(values, "int64", pd.arrays.IntegerArray, int),
    "int": lambda values: _masked(values, "int32", pd.arrays.IntegerArray, int),
    "real": lambda values: _masked(values, "float64", pd.arrays.FloatingArray, _real),
    "bool": lambda values: _masked(values, "bool", pd.arrays.BooleanArray, _truth),
    "datetime": _datetime,
    "timespan": _timespan,
}
