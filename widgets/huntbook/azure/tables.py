"""Answers of the query API become frames, by the type that each column declares."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from types import NoneType
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pandas as pd

from huntbook.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

__all__ = ["Table", "frame_of", "read_tables"]

_DAYS = re.compile(r"^(-?)(\d+)\.(\d+:)")
_MARK = b"\xef\xbb\xbf"
# Rows are read in strides whose values stay in the processor's cache, and made into arrays in blocks of strides.
_STRIDE, _BLOCK = 256, 4096


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
        parts = msgspec.json.decode(answer.removeprefix(_MARK), type=dict[str, msgspec.Raw])
        tables = [
            Table(each.name or "", _framed(each.columns, _blocks(each.rows, len(each.columns))))
            for each in msgspec.json.decode(parts.pop("tables"), type=list[_Told])
        ]
        rest = {key: msgspec.json.decode(value) for key, value in parts.items()}
    except (msgspec.MsgspecError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ServiceError(
            "Log Analytics sent an answer that can't be read as tables. Run the query again."
        ) from error
    return tables, rest


class _Told(msgspec.Struct):
    """A table of an answer, its rows not read yet."""

    columns: list[dict[str, Any]]
    rows: list[msgspec.Raw]
    name: str | None = None


def _blocks(rows: list[msgspec.Raw], width: int) -> Iterator[list[list[Any]]]:
    """Yield the columns of some rows at a time."""
    read = msgspec.json.Decoder().decode
    for block in range(0, len(rows), _BLOCK):
        columns: list[list[Any]] = [[] for _ in range(width)]
        for at in range(block, min(block + _BLOCK, len(rows)), _STRIDE):
            stride = read(b"[" + b",".join(rows[at : min(at + _STRIDE, block + _BLOCK)]) + b"]")
            for column, values in zip(columns, zip(*stride, strict=True), strict=True):
                column.extend(values)
        yield columns


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
    return _framed(columns, [[list(each) for each in zip(*rows, strict=True)]] if rows else [])


def _framed(columns: Sequence[dict[str, Any]], blocks: Iterable[list[list[Any]]]) -> pd.DataFrame:
    """Return blocks of columns as one frame; no more than one block is held as single values."""
    converters = [_CONVERTERS.get(column.get("type", ""), _text) for column in columns]
    parts: list[list[pd.Series[Any]]] = [[] for _ in columns]
    for block in blocks:
        for place, convert, values in zip(parts, converters, block, strict=True):
            place.append(pd.Series(convert(values)))
    arrays = {}
    for at, (place, convert) in enumerate(zip(parts, converters, strict=True)):
        arrays[at] = pd.concat(place, ignore_index=True) if place else pd.Series(convert([]))
        place.clear()
    # By position, since a query may give two columns the same name.
    frame = pd.DataFrame(arrays, copy=False)
    frame.columns = pd.Index([column["name"] for column in columns])
    return frame


def _types(values: list[Any]) -> set[type]:
    """Return the types that occur, which costs less than looking at each value."""
    return set(map(type, values))


def _text(values: list[Any]) -> Any:
    if not _types(values) <= {str, NoneType}:
        values = [each if each is None or isinstance(each, str) else json.dumps(each) for each in values]
    if pd.StringDtype().storage == "python":
        return pd.array(values, dtype="string")
    import pyarrow as pa  # noqa: PLC0415 - pandas just said that it is there

    # What pandas' own way ends in, without a look at each value before.
    return pd.arrays.ArrowStringArray(pa.array(values, type=pa.large_string()))


def _masked(values: list[Any], kind: str, array: Callable[..., Any], read: Callable[[str], Any]) -> Any:
    """Return numbers with a mask of what is missing; whole numbers never pass through a float."""
    types = _types(values)
    missing = np.zeros(len(values), dtype=bool)
    # NumPy would take None for a NaN and any text for True, without a word.
    if str in types:
        values = [read(each) if isinstance(each, str) else each for each in values]
    if NoneType in types:
        missing = np.array([each is None for each in values], dtype=bool)
        values = [0 if each is None else each for each in values]
    return array(np.array(values, dtype=kind), missing)


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
    """Return durations; those under a day, which most are, as times of the first day that NumPy knows."""
    if not _types(values) <= {str, NoneType}:
        values = [None if each is None else str(each) for each in values]
    clocks = [f"1970-01-01T{each}" if each and _is_clock(each) else "NaT" for each in values]
    spans = np.array(clocks, dtype="S27").astype("datetime64[ns]").astype("timedelta64[ns]")
    rest = [at for at, each in enumerate(values) if each is not None and not _is_clock(each)]
    if rest:
        texts = [_DAYS.sub(r"\1\2 days \3", values[at]) for at in rest]
        spans[rest] = pd.to_timedelta(texts).to_numpy()
    return pd.array(spans)


def _is_clock(text: str) -> bool:
    return text[2:3] == ":" and text[:2] < "24"


_CONVERTERS: dict[str, Callable[[list[Any]], Any]] = {
    "long": lambda values: _masked(values, "int64", pd.arrays.IntegerArray, int),
    "int": lambda values: _masked(values, "int32", pd.arrays.IntegerArray, int),
    "real": lambda values: _masked(values, "float64", pd.arrays.FloatingArray, _real),
    "bool": lambda values: _masked(values, "bool", pd.arrays.BooleanArray, _truth),
    "datetime": _datetime,
    "timespan": _timespan,
}
