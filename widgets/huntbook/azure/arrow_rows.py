"""Rows of an answer as typed columns by PyArrow's CSV reader, with no Python object for a value.

A row whose values are all plain, ``[1,"a",null]``, is a line of CSV once its brackets are commas: Arrow's reader
knows the backslash as escape, and JSON forbids a raw line end inside a text. What it doesn't know are the escapes
that are letters; they are resolved in place before it reads. A row with anything else in it (a list or an object
outside a text, white space between values) is told by the first byte of its values, and the block is declined.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import msgspec
    import numpy.typing as npt

    Bytes = npt.NDArray[np.uint8]
    Places = npt.NDArray[np.intp]

__all__ = ["ArrowRows"]

_QUOTE, _COMMA, _SLASH, _OPEN, _CLOSE, _BACKSLASH, _BRACE, _SPACE, _LINE_END = b'",/[]\\{ \n'
# Rows that are looked at together, so that their bytes stay in the processor's cache.
_STRIDE = 1024
# Stands where an escape was longer than what it means; no text can hold it as such.
_FILL = 1
_LETTERS = dict(zip(b"bfnrt", b"\b\f\n\r\t", strict=True))
_ESCAPE = len("\\u0041")
# Where the first and the second halves of characters beyond 16 bits start.
_HIGH, _LOW = 0xD800, 0xDC00
_HEX = np.full(256, 16, dtype=np.uint32)
_HEX[list(b"0123456789abcdefABCDEF")] = [*range(16), *range(10, 16)]
_TYPES = {
    "long": pa.int64(),
    "int": pa.int32(),
    "real": pa.float64(),
    "bool": pa.bool_(),
    "datetime": pa.timestamp("ns", "UTC"),
    "timespan": pa.time64("ns"),
}


class ArrowRows:
    """Reads blocks of rows by the types that their columns declare.

    Parameters
    ----------
    kinds
        The declared type of each column.
    slowly
        Reads the values of one column, given its type, where Arrow can't: years beyond nanoseconds,
        durations over a day.
    """

    def __init__(self, kinds: Sequence[str], *, slowly: Callable[[str, list[Any]], Any]) -> None:
        self._kinds, self._slowly = kinds, slowly
        self._typed = {str(at): _TYPES.get(kind, pa.large_string()) for at, kind in enumerate(kinds)}
        # Once one block has a time that Arrow can't read, others of the answer will.
        self._times_as_text = False

    def read(self, rows: Sequence[msgspec.Raw]) -> list[Any] | None:
        """Return a pandas array for each column; None where the rows are not as plain as they must be."""
        data, ends = _joined(rows)
        text = np.frombuffer(data, dtype=np.uint8)
        nested = 0
        for at in range(0, len(rows), _STRIDE):
            cuts = ends[at : at + _STRIDE + 1]
            found = _made_lines(text[cuts[0] : cuts[-1]], cuts[1:] - cuts[0])
            if found is None:
                return None
            nested += found
        try:
            table = self._read(data, lines=int(np.count_nonzero(text == _LINE_END)) > len(rows))
        except pa.ArrowInvalid:
            return None
        columns = [column.combine_chunks() for column in table.columns]
        if table.num_rows != len(rows) or not (_all_quoted(columns, nested) or _is_plain(rows)):
            return None
        return [self._array(kind, column) for kind, column in zip(self._kinds, columns, strict=True)]

    def _read(self, data: bytearray, *, lines: bool) -> Any:
        if not self._times_as_text:
            try:
                return _csv(data, self._typed, lines=lines)
            except pa.ArrowInvalid:
                self._times_as_text = True
        times = (pa.timestamp("ns", "UTC"), pa.time64("ns"))
        types = {name: pa.large_string() if kind in times else kind for name, kind in self._typed.items()}
        return _csv(data, types, lines=lines)

    def _array(self, kind: str, column: Any) -> Any:
        """Return an Arrow column as the pandas array of its declared type."""
        if kind in ("datetime", "timespan"):
            return self._times(kind, column)
        if kind not in _TYPES:
            return pd.arrays.ArrowStringArray(_without_fill(column))
        missing = np.asarray(column.is_null())
        values = np.asarray(column.fill_null(False if kind == "bool" else 0))
        if kind == "bool":
            return pd.arrays.BooleanArray(values.copy(), missing.copy())
        array = pd.arrays.FloatingArray if kind == "real" else pd.arrays.IntegerArray
        return array(values.copy(), missing.copy())

    def _times(self, kind: str, column: Any) -> Any:
        if pa.types.is_large_string(column.type):
            try:
                column = pc.cast(column, _TYPES[kind])
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
                return self._slowly(kind, column.to_pylist())
        counts = np.asarray(column.cast(pa.int64()).fill_null(0))
        missing = np.asarray(column.is_null())
        if kind == "timespan":
            spans = counts.view("timedelta64[ns]").copy()
            spans[missing] = np.timedelta64("NaT")
            return pd.array(spans)
        times = (counts // 1000).view("datetime64[us]")
        times[missing] = np.datetime64("NaT")
        return pd.DatetimeIndex(times, tz="UTC")


def _joined(rows: Sequence[msgspec.Raw]) -> tuple[bytearray, Places]:
    """Return the rows, a line each, with where each line starts and where the last one ends."""
    lengths = np.fromiter((memoryview(row).nbytes for row in rows), dtype=np.intp, count=len(rows))
    return bytearray(b"\n").join([*rows, b""]), np.concatenate(([0], np.cumsum(lengths + 1)))


def _csv(data: bytearray, types: dict[str, Any], *, lines: bool) -> Any:
    """Read lines whose first and last column are empty; `lines`: a text may hold line ends."""
    names = list(types)
    return csv.read_csv(
        pa.py_buffer(data),
        read_options=csv.ReadOptions(
            column_names=["before", *names, "after"], use_threads=False, block_size=len(data) + 1
        ),
        parse_options=csv.ParseOptions(escape_char="\\", double_quote=False, newlines_in_values=lines),
        convert_options=csv.ConvertOptions(
            include_columns=names,
            column_types=types,
            null_values=["null"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            true_values=["true", "1"],
            false_values=["false", "0"],
        ),
    )


def _made_lines(text: Bytes, after: Places) -> int | None:
    """Turn JSON rows, each ended by a line end, into lines of CSV in place.

    `after` is where each next row starts. Returns how many texts begin with a bracket or a brace, as JSON in a
    text does; None where that is not possible.
    """
    starts = np.concatenate(([0], after[:-1]))
    brackets = (text[starts] == _OPEN).all() and (text[after - 2] == _CLOSE).all()
    if not brackets or np.count_nonzero(text < _SPACE) != len(after):
        return None
    text[starts] = text[after - 2] = _COMMA
    nested = (text[:-2] == _COMMA) & (text[1:-1] == _QUOTE)
    nested &= (text[2:] == _OPEN) | (text[2:] == _BRACE)
    escapes = _escapes(text)
    kinds = text[escapes + 1]
    named = escapes[(kinds != _QUOTE) & (kinds != _SLASH)]
    return int(np.count_nonzero(nested)) if _resolved(text, named) else None


def _escapes(text: Bytes) -> Places:
    """Return where the backslashes are that escape anything but a backslash: the last of each odd number in a row."""
    slash = text == _BACKSLASH
    follows = slash[1:] & slash[:-1]
    first, last = slash.copy(), slash
    first[1:] ^= follows
    last[:-1] ^= follows
    if not (follows[1:] & follows[:-1]).any():
        # By far the usual case: one escapes, two are a backslash.
        singles: Places = np.flatnonzero(first & last)
        return singles
    ends: Places = np.flatnonzero(last)
    odd: Places = ends[(ends - np.flatnonzero(first)) % 2 == 0]
    return odd


def _all_quoted(columns: list[Any], nested: int) -> bool:
    """Say whether what Arrow read as text was all quoted, as far as the first and last bytes show."""
    for column in columns:
        if not pa.types.is_large_string(column.type):
            continue
        _valid, offsets, data = column.buffers()
        places = np.frombuffer(offsets, dtype=np.int64)
        filled = np.flatnonzero(places[1:] > places[:-1])
        if not len(filled):
            continue
        text = np.frombuffer(data, dtype=np.uint8)
        first = text[places[filled]]
        if (first == _SPACE).any() or (text[places[filled + 1] - 1] == _SPACE).any():
            return False
        nested -= int(np.count_nonzero((first == _OPEN) | (first == _BRACE)))
    return nested == 0


def _is_plain(rows: Sequence[msgspec.Raw]) -> bool:
    """Say whether no value outside a text is a list or an object, or has white space around it."""
    data, ends = _joined(rows)
    text = np.frombuffer(data, dtype=np.uint8)
    text[ends[:-1]] = text[ends[1:] - 2] = _COMMA
    odd = (text == _SPACE) | (text == _OPEN) | (text == _BRACE)
    odd[1:] &= text[:-1] == _COMMA
    odd[:-1] |= (text[:-1] == _SPACE) & (text[1:] == _COMMA)
    places = np.flatnonzero(odd)
    escapes = _escapes(text)
    escaped = escapes[text[escapes + 1] == _QUOTE] + 1
    quotes = np.searchsorted(np.flatnonzero(text == _QUOTE), places) - np.searchsorted(escaped, places)
    return bool((quotes % 2 == 1).all())


def _resolved(text: Bytes, named: Places) -> bool:
    """Put what each escape by letter means in its place; say whether that was possible."""
    if not len(named):
        return True
    for letter, meaning in _LETTERS.items():
        text[named[text[named + 1] == letter] + 1] = meaning
    numbered = named[text[named + 1] == ord("u")]
    digits = _HEX[text[numbered[:, None] + np.arange(2, _ESCAPE)]]
    points = digits @ np.array([4096, 256, 16, 1], dtype=np.uint32)
    pairs = np.flatnonzero((points >= _HIGH) & (points < _LOW))
    points[pairs] = 0x10000 + ((points[pairs] - _HIGH) << 10) + points[pairs + 1] - _LOW
    distinct, which = np.unique(np.delete(points, pairs + 1), return_inverse=True)
    if _FILL in distinct:
        return False
    places = np.delete(numbered, pairs + 1)
    texts = [chr(point).encode().ljust(_ESCAPE - 1, bytes([_FILL])) for point in distinct]
    table = np.frombuffer(b"".join(texts), dtype=np.uint8).reshape(-1, _ESCAPE - 1)
    text[places[:, None] + np.arange(1, _ESCAPE)] = table[which]
    text[numbered[pairs + 1][:, None] + np.arange(_ESCAPE)] = _FILL
    return True


def _without_fill(column: Any) -> Any:
    data = column.buffers()[2]
    if data is None or not (np.frombuffer(data, dtype=np.uint8) == _FILL).any():
        return column
    return pc.replace_substring(column, pattern=chr(_FILL), replacement="")
