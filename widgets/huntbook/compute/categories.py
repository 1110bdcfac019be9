"""The distinct values of a column as small integer codes, whatever the column holds.

Null is a category of its own. In a column of mixed types, values that compare equal but
differ in type (``1``, ``True``, ``"1"``) are categories of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huntbook.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

# Rows handled at a time: the block and its table stay in the processor's cache.
BLOCK = 1 << 17


@dataclass(frozen=True, slots=True, kw_only=True)
class Categories:
    """The distinct values of one column.

    Parameters
    ----------
    codes
        One unsigned code a row, in the smallest type that holds them.
    uniques
        The distinct values by code: an array with `take` and `tolist`.
    """

    codes: NDArray[np.unsignedinteger[Any]]
    uniques: Any

    def __len__(self) -> int:
        return len(self.uniques)

    def values(self, codes: NDArray[np.intp]) -> list[Any]:
        """Return the values behind `codes` as Python objects, None for null."""
        taken = self.uniques.take(codes).tolist()
        return [None if _is_null(value) else value for value in taken]

    def counts(self) -> NDArray[np.int64]:
        """Return the number of rows of each category."""
        return count(self.codes, len(self))

    def first_rows(self) -> NDArray[np.int64]:
        """Return the position of the first row of each category; the number of rows where it has none."""
        first = np.full(len(self), len(self.codes), dtype=np.int64)
        for rows in blocks(len(self.codes)):
            seen, at = np.unique(self.codes[rows], return_index=True)
            first[seen] = np.minimum(first[seen], at + rows.start)
            if first.max(initial=0) < len(self.codes):
                break
        return first


def categories(values: pd.Series[Any], *, option: str) -> Categories:
    """Find the distinct values of a column.

    Parameters
    ----------
    values
        The column.
    option
        The name of the option that asked for it, for the error's message.

    Returns
    -------
    Categories
        Codes and values. A categorical's unused categories have codes that no row carries.

    Raises
    ------
    DataError
        If the column holds values that can't be categories, such as lists.
    """
    if isinstance(values.dtype, pd.CategoricalDtype):
        return _from_categorical(values)
    if isinstance(values.dtype, pd.StringDtype) or _is_arrow_text(values.dtype):
        found = _from_text(values)
    elif values.dtype == object:
        found = _from_objects(values, option=option)
    else:
        found = _from_factorize(values)
    return found


def count(codes: NDArray[np.unsignedinteger[Any]], size: int) -> NDArray[np.int64]:
    """Return how many rows carry each code below `size`, without a wide copy of the codes."""
    totals = np.zeros(size, dtype=np.int64)
    for rows in blocks(len(codes), at_least=4 * size):
        totals += np.bincount(codes[rows], minlength=size)
    return totals


def blocks(rows: int, *, at_least: int = 0) -> Iterator[slice]:
    """Yield slices that cover `rows` rows."""
    step = max(BLOCK, at_least)
    for start in range(0, rows, step):
        yield slice(start, min(start + step, rows))


def code_type(size: int) -> type[np.unsignedinteger[Any]]:
    """Return the smallest unsigned type that holds the codes 0 to size - 1."""
    for kind in (np.uint8, np.uint16, np.uint32):
        if size - 1 <= np.iinfo(kind).max:
            return kind
    return np.uint64


def ranked(values: list[Any], *, descending: bool = False) -> list[int]:
    """Return the places of `values` in ascending or descending order, null last in either."""
    present = [at for at, value in enumerate(values) if value is not None]
    null = [at for at, value in enumerate(values) if value is None]
    return sorted(present, key=_sort_key(values), reverse=descending) + null


def _sort_key(values: list[Any]) -> Callable[[int], Any]:
    """Return the key of a place: its value, or type and text where the types can't be compared."""
    try:
        sorted(value for value in values if value is not None)
    except TypeError:
        return lambda at: (type(values[at]).__name__, str(values[at]))
    return lambda at: values[at]


def _is_arrow_text(dtype: Any) -> bool:
    return isinstance(dtype, pd.ArrowDtype) and dtype.type is str


def _is_null(value: Any) -> bool:
    return value is None or value is pd.NaT or value is pd.NA or value != value  # noqa: PLR0124 - only NaN differs from itself


def _from_text(values: pd.Series[Any]) -> Categories:
    """Encode with Arrow: it hashes the bytes where they lie, with no Python object a cell."""
    try:
        import pyarrow as pa  # noqa: PLC0415 - optional, and slow to import
    except ImportError:
        return _from_factorize(values)
    try:
        cells = pa.array(
            values.array, type=None if _is_arrow_backed(values) else pa.large_string(), from_pandas=True
        )
    except (pa.ArrowException, UnicodeError):  # text that UTF-8 can't hold, such as a lone surrogate
        return _from_factorize(values)
    chunked = cells if isinstance(cells, pa.ChunkedArray) else pa.chunked_array([cells])
    encoded = chunked.dictionary_encode(null_encoding="encode")
    uniques = encoded.chunk(0).dictionary
    codes = np.empty(len(values), dtype=code_type(len(uniques)))
    start = 0
    for chunk in encoded.chunks:
        codes[start : start + len(chunk)] = chunk.indices.to_numpy()
        start += len(chunk)
    return Categories(codes=codes, uniques=uniques)


def _is_arrow_backed(values: pd.Series[Any]) -> bool:
    return hasattr(values.array, "__arrow_array__")


def _from_categorical(values: pd.Series[Any]) -> Categories:
    """Take a categorical's own codes; null (-1) becomes one code more."""
    own = values.cat.codes.to_numpy()
    names = values.cat.categories
    size = len(names)
    uniques = np.empty(size + 1, dtype=object)
    uniques[:size] = names.tolist()
    codes = own.astype(code_type(size + 1))
    codes[own < 0] = size
    return Categories(codes=codes, uniques=uniques)


def _from_factorize(values: pd.Series[Any]) -> Categories:
    codes, uniques = pd.factorize(values, use_na_sentinel=False)
    return Categories(codes=codes.astype(code_type(len(uniques))), uniques=uniques)


def _from_objects(values: pd.Series[Any], *, option: str) -> Categories:
    """Encode a column of Python objects, type by type, because 1 == True == 1.0 in Python."""
    if pd.api.types.infer_dtype(values, skipna=True) == "string":
        return _from_text(values)
    cells = values.to_numpy()
    null = values.isna().to_numpy()
    kinds, _ = pd.factorize(np.array([id(type(cell)) for cell in cells]))
    kinds[null] = -1
    codes = np.zeros(len(cells), dtype=np.int64)
    uniques: list[Any] = []
    for kind in range(kinds.max(initial=-1) + 1):
        rows = np.flatnonzero(kinds == kind)
        codes[rows], found = _factorize_objects(cells[rows], values.name, option=option)
        codes[rows] += len(uniques)
        uniques.extend(found)
    if null.any():
        codes[null] = len(uniques)
        uniques.append(None)
    return Categories(codes=codes.astype(code_type(len(uniques))), uniques=_object_array(uniques))


def _factorize_objects(cells: NDArray[Any], name: Any, *, option: str) -> tuple[NDArray[np.int64], list[Any]]:
    seen: dict[Any, int] = {}
    try:
        codes = [seen.setdefault(cell, len(seen)) for cell in cells]
    except TypeError as error:
        kind = type(cells[0]).__name__
        raise DataError(
            f"{option}={str(name)!r} holds values of type {kind}, which can't be categories. "
            f"Draw their text with frame.assign(**{{{str(name)!r}: frame[{str(name)!r}].astype(str)}}), "
            f"or one row an element with frame.explode({str(name)!r})."
        ) from error
    return np.array(codes, dtype=np.int64), list(seen)


def _object_array(values: list[Any]) -> NDArray[Any]:
    # Element by element: numpy would unpack tuples into further dimensions.
    array = np.empty(len(values), dtype=object)
    for at, value in enumerate(values):
        array[at] = value
    return array
