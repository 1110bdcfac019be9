"""Answers of the query API become frames, by the type that each column declares."""

from __future__ import annotations

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import NoneType
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pandas as pd

from huntbook.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from huntbook.azure.arrow_rows import ArrowRows

__all__ = ["Table", "frame_of", "read_tables"]

_DAYS = re.compile(r"^(-?)(\d+)\.(\d+:)")
_MARK = b"\xef\xbb\xbf"
# Values are read in strides that stay in the processor's cache, and made into arrays in blocks of strides.
_STRIDE, _BLOCK = 256, 4096
# Two blocks are read sooner than a pool of threads is there; more threads than four only wait for memory.
_WORTH_THREADS, _THREADS = 3, 4
# Half of a character, and any escape: a whole pair, half of one (in a group), or another.
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)"
)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of an answer: its name and its frame."""

    name: str
    frame: pd.DataFrame


def read_tables(answer: bytes | bytearray) -> tuple[list[Table], dict[str, Any]]:
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
        told = _decoded(answer.removeprefix(_MARK) if answer.startswith(_MARK) else answer)
        tables = [Table(each.name or "", _read(each)) for each in told.tables]
    except (msgspec.MsgspecError, ValueError, TypeError, OverflowError) as error:
        raise ServiceError(
            "Log Analytics sent an answer that can't be read as tables. Run the query again."
        ) from error
    rest = {"statistics": told.statistics, "render": told.render, "error": told.error}
    return tables, {name: value for name, value in rest.items() if value is not None}


class _Told(msgspec.Struct):
    """A table of an answer, its rows not read yet."""

    columns: list[dict[str, Any]]
    rows: list[msgspec.Raw]
    name: str | None = None


class _Answer(msgspec.Struct):
    tables: list[_Told]
    statistics: Any = None
    render: Any = None
    error: Any = None


def _decoded(answer: bytes | bytearray) -> _Answer:
    try:
        return msgspec.json.decode(answer, type=_Answer)
    except msgspec.DecodeError:
        if not _SURROGATE.search(answer):
            raise
    # .NET cuts long texts between the halves of a character; what is left of it is no character.
    whole = _ESCAPE.sub(lambda found: found[0] if found[1] is None else b"\\ufffd", answer)
    return msgspec.json.decode(whole, type=_Answer)


def _read(table: _Told) -> pd.DataFrame:
    """Return a table's rows as a frame, a block at a time: as Arrow reads them, or value by value."""
    kinds = [column.get("type", "") for column in table.columns]
    fast = _arrow_rows(kinds) if kinds else None

    def arrays(start: int) -> list[Any]:
        rows = table.rows[start : start + _BLOCK]
        found = fast.read(rows) if fast is not None else None
        return _arrays(kinds, _values(rows, len(kinds))) if found is None else found

    starts = range(0, len(table.rows), _BLOCK)
    if fast is None or len(starts) < _WORTH_THREADS:
        return _framed(table.columns, map(arrays, starts), count=len(table.rows))
    with ThreadPoolExecutor(max_workers=min(_THREADS, os.cpu_count() or 1)) as pool:
        return _framed(table.columns, pool.map(arrays, starts), count=len(table.rows))


def _arrow_rows(kinds: list[str]) -> ArrowRows | None:
    """Return the fast reader, where PyArrow is there and pandas uses it for text."""
    if pd.StringDtype().storage != "pyarrow":
        return None
    from huntbook.azure.arrow_rows import ArrowRows  # noqa: PLC0415 - PyArrow is optional

    return ArrowRows(kinds, slowly=lambda kind, values: _CONVERTERS[kind](values))


def _values(rows: list[msgspec.Raw], width: int) -> list[list[Any]]:
    """Return the columns of some rows."""
    read = msgspec.json.Decoder(list[list[Any]]).decode
    columns: list[list[Any]] = [[] for _ in range(width)]
    for at in range(0, len(rows), _STRIDE):
        stride = read(b"[" + b",".join(rows[at : at + _STRIDE]) + b"]")
        for column, values in zip(columns, zip(*stride, strict=True), strict=True):
            column.extend(values)
    return columns


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
    kinds = [column.get("type", "") for column in columns]
    blocks = [_arrays(kinds, [list(each) for each in zip(*rows, strict=True)])] if rows else []
    return _framed(columns, blocks, count=len(rows))


def _arrays(kinds: Sequence[str], columns: Sequence[list[Any]]) -> list[Any]:
    """Return each column's values as an array of its declared type."""
    return [_CONVERTERS.get(kind, _text)(values) for kind, values in zip(kinds, columns, strict=True)]


class _Column:
    """One column of so many values that is filled block by block.

    What is not text is put where it stays at once: many small arrays that live long between others that do not
    leave holes in the memory.
    """

    def __init__(self, kind: str, count: int) -> None:
        self._texts: list[Any] = []
        self._filled = 0
        self._whole: Any = None
        if kind in _CONVERTERS:
            kept = pd.Series(_CONVERTERS[kind]([])).dtype
            self._whole = pd.Series(index=pd.RangeIndex(count), dtype=kept).array

    def add(self, array: Any) -> None:
        if self._whole is None:
            self._texts.append(pd.Series(array))
            return
        self._whole[self._filled : self._filled + len(array)] = array
        self._filled += len(array)

    def series(self) -> pd.Series[Any]:
        if self._whole is not None:
            return pd.Series(self._whole, copy=False)
        whole: pd.Series[Any] = pd.concat(self._texts or [pd.Series(_text([]))], ignore_index=True)
        return whole


def _framed(columns: Sequence[dict[str, Any]], blocks: Iterable[list[Any]], *, count: int) -> pd.DataFrame:
    """Return blocks of arrays, with so many rows together, as one frame."""
    places = [_Column(column.get("type", ""), count) for column in columns]
    for block in blocks:
        for place, array in zip(places, block, strict=True):
            place.add(array)
    # By position, since a query may give two columns the same name.
    frame = pd.DataFrame({at: place.series() for at, place in enumerate(places)}, copy=False)
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
