"""Exact counts, sums and distinct counts by pair of categories, for the matrix.

The busiest categories of each axis get a place of their own; all others share one margin
place an axis, so that every row of the frame is in exactly one cell and totals stay exact.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from huntbook.compute.categories import Categories, blocks, categories, code_type, count, ranked
from huntbook.compute.frames import numbers, require_column
from huntbook.compute.labels import category_labels
from huntbook.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Order = Literal["total", "ascending", "descending", "appearance"]

# Sums of whole numbers are exact in a double below this.
_EXACT = 2.0**53
# Above this many flags, distinct values are found by sorting instead.
_FLAGS = 1 << 27
# One row alone can't pay for starting a thread.
_THREADED_ROWS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """The categories drawn along one side, in drawn order.

    Parameters
    ----------
    column
        The column's name.
    shown, labels
        The drawn categories and their text, without the margin.
    distinct
        How many categories the column holds in all.
    """

    column: str
    shown: list[Any]
    labels: list[str]
    distinct: int

    @property
    def rest(self) -> int:
        """How many categories share the margin place; 0 when there is no margin."""
        return self.distinct - len(self.shown)

    @property
    def places(self) -> int:
        """How many places there are along the side, with the margin."""
        return len(self.shown) + (self.rest > 0)

    @property
    def place_labels(self) -> list[str]:
        """The text of every place, with the margin's."""
        return [*self.labels, f"{self.rest:,} more"] if self.rest else self.labels

    @property
    def place_values(self) -> list[Any]:
        """The value of every place; the margin's is its label."""
        return [*self.shown, f"{self.rest:,} more"] if self.rest else self.shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """What the matrix shows, and the way back to the rows.

    Parameters
    ----------
    x, y
        The two sides.
    measure
        What `value` holds, in words: ``rows``, ``sum of Bytes``, ``distinct Port``.
    table
        One row a pair that occurs, in order of x place and y place, with the columns ``x_place``,
        ``y_place``, ``rows`` (exact number of rows) and ``value``.
    rows
        How many rows the frame has.
    cells
        One cell number a row of the frame: ``x_place * y.places + y_place``; None where an engine counted.
    skipped
        How many rows have no finite number in the summed column; they count as rows, not in the sum.
    """

    x: Axis
    y: Axis
    measure: str
    table: pd.DataFrame
    rows: int
    cells: NDArray[np.unsignedinteger[Any]] | None
    skipped: int

    @property
    def in_margin(self) -> NDArray[np.bool_]:
        """Which pairs of the table lie in a margin."""
        return np.asarray(
            (self.table["x_place"] >= len(self.x.shown)) | (self.table["y_place"] >= len(self.y.shown))
        )

    def positions(self, pairs: Sequence[int]) -> NDArray[np.intp]:
        """Return the positions of the frame's rows behind the given rows of `table`, in frame order."""
        cells = np.empty(0, dtype=np.uint8) if self.cells is None else self.cells
        chosen = self.table.iloc[list(pairs)]
        wanted = np.zeros(self.x.places * self.y.places, dtype=bool)
        wanted[chosen["x_place"].to_numpy() * self.y.places + chosen["y_place"].to_numpy()] = True
        found = [np.flatnonzero(wanted[cells[rows]]) + rows.start for rows in blocks(len(cells))]
        return np.concatenate(found) if found else np.empty(0, dtype=np.intp)


def count_pairs(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    sum_of: str | None = None,
    distinct_of: str | None = None,
    order_x: Order = "total",
    order_y: Order = "total",
    max_categories: int = 100,
) -> Pairs:
    """Count rows, sum a column, or count a column's distinct values, by pair of x and y.

    Parameters
    ----------
    frame
        The rows; never changed.
    x, y
        Names of the two columns; may be the same.
    sum_of
        A numeric column to sum; rows without a finite number add nothing.
    distinct_of
        A column whose distinct values are counted; null is not a value.
    order_x, order_y
        ``total`` busiest first, ``ascending`` or ``descending`` by value with null last,
        ``appearance`` by first row.
    max_categories
        How many categories an axis shows; the busiest, by rows or by absolute sum, are chosen.

    Returns
    -------
    Pairs
        See there.

    Raises
    ------
    DataError
        If a column is missing, can't be categories, or can't be summed.
    """
    x_all, y_all = _encode_both(frame, x, y)
    weights = None if sum_of is None else _finite(require_column(frame, sum_of, option="value_col"))
    x_axis, x_place = _axis(x, x_all, weights, order=order_x, max_categories=max_categories)
    y_axis, y_place = _axis(y, y_all, weights, order=order_y, max_categories=max_categories)
    cells = _cells(x_all, x_place, y_all, y_place, shape=(x_axis.places, y_axis.places))
    rows = count(cells, x_axis.places * y_axis.places)
    values, measure = rows, "rows"
    if sum_of is not None and weights is not None:
        values, measure = _sum(cells, weights.values, len(rows)), f"sum of {sum_of}"
    elif distinct_of is not None:
        values, measure = _distinct(cells, frame, distinct_of, len(rows)), f"distinct {distinct_of}"
    drawn = np.flatnonzero(rows)
    table = pd.DataFrame(
        {
            "x_place": drawn // y_axis.places,
            "y_place": drawn % y_axis.places,
            "rows": rows[drawn],
            "value": values[drawn],
        }
    )
    skipped = 0 if weights is None else weights.skipped
    return Pairs(
        x=x_axis, y=y_axis, measure=measure, table=table, rows=len(frame), cells=cells, skipped=skipped
    )


@dataclass(frozen=True, slots=True)
class _Weights:
    """A numeric column with 0 where it holds no finite number, and how many such rows there were."""

    values: NDArray[Any]
    skipped: int


def _encode_both(frame: pd.DataFrame, x: str, y: str) -> tuple[Categories, Categories]:
    """Encode both columns, side by side where that pays: Arrow lets go of the interpreter's lock."""
    x_values = require_column(frame, x, option="x")
    y_values = require_column(frame, y, option="y")
    if x == y:
        both = categories(x_values, option="x")
        return both, both
    if len(frame) < _THREADED_ROWS:
        return categories(x_values, option="x"), categories(y_values, option="y")
    with ThreadPoolExecutor(max_workers=2) as threads:
        pending = threads.submit(categories, x_values, option="x")
        y_all = categories(y_values, option="y")
        return pending.result(), y_all


def _finite(values: pd.Series[Any]) -> _Weights:
    array = numbers(values, option="value_col")
    if array.dtype.kind in "iu":
        return _Weights(array, 0)
    bad = ~np.isfinite(array)
    skipped = int(bad.sum())
    if skipped == len(array):
        raise DataError(
            f"value_col={str(values.name)!r} holds no finite number in {len(array):,} rows, so there is no sum to draw. "
            "Leave value_col out to count rows."
        )
    return _Weights(np.where(bad, 0.0, array) if skipped else array, skipped)


def _axis(
    column: str, found: Categories, weights: _Weights | None, *, order: Order, max_categories: int
) -> tuple[Axis, NDArray[np.uint64]]:
    """Choose and order the categories that get a place; return the place of every code too."""
    counts = found.counts()
    used = np.flatnonzero(counts)
    totals = counts if weights is None else _sum(found.codes, np.abs(weights.values), len(found))
    # lexsort: by total, then by rows, then by code, so that ties fall the same way each time.
    busiest = used[np.lexsort((used, -counts[used], -totals[used].astype(float)))]
    shown = _ordered(found, busiest[:max_categories], order)
    place = np.full(len(found), len(shown), dtype=np.uint64)
    place[shown] = np.arange(len(shown))
    values = found.values(shown)
    axis = Axis(column=column, shown=values, labels=category_labels(values), distinct=len(used))
    return axis, place


def _ordered(found: Categories, codes: NDArray[np.intp], order: Order) -> NDArray[np.intp]:
    if order == "total":
        return codes
    if order == "appearance":
        return codes[np.argsort(found.first_rows()[codes], kind="stable")]
    return codes[np.array(ranked(found.values(codes), descending=order == "descending"), dtype=np.intp)]


def _cells(
    x_all: Categories,
    x_place: NDArray[np.uint64],
    y_all: Categories,
    y_place: NDArray[np.uint64],
    *,
    shape: tuple[int, int],
) -> NDArray[np.unsignedinteger[Any]]:
    """Return the cell of every row, block by block so that nothing wide is ever as long as the frame."""
    kind = code_type(shape[0] * shape[1])
    x_part = (x_place * shape[1]).astype(kind)
    y_part = y_place.astype(kind)
    cells = np.empty(len(x_all.codes), dtype=kind)
    for rows in blocks(len(cells)):
        np.add(x_part[x_all.codes[rows]], y_part[y_all.codes[rows]], out=cells[rows])
    return cells


def _sum(codes: NDArray[Any], weights: NDArray[Any], size: int) -> NDArray[Any]:
    """Sum `weights` by code: exact for whole numbers as far as 64 bits reach."""
    if weights.dtype.kind in "iu" and _largest(weights) * len(weights) >= _EXACT:
        exact = np.zeros(size, dtype=np.int64)
        np.add.at(exact, codes.astype(np.intp), weights.astype(np.int64))
        return exact
    totals = np.zeros(size, dtype=np.float64)
    for rows in blocks(len(codes), at_least=4 * size):
        totals += np.bincount(codes[rows], weights=weights[rows], minlength=size)
    return totals.astype(np.int64) if weights.dtype.kind in "iu" else totals


def _largest(weights: NDArray[Any]) -> float:
    return max(abs(float(weights.min(initial=0))), abs(float(weights.max(initial=0))))


def _distinct(cells: NDArray[Any], frame: pd.DataFrame, column: str, size: int) -> NDArray[np.int64]:
    """Count the distinct non-null values of a column in every cell."""
    values = require_column(frame, column, option="dist_count")
    found = categories(values, option="dist_count")
    present = values.notna().to_numpy()
    keys = cells[present].astype(np.int64) * len(found) + found.codes[present]
    if size * len(found) <= _FLAGS:
        flags = np.zeros(size * len(found), dtype=bool)
        flags[keys] = True
        return np.asarray(flags.reshape(size, len(found)).sum(axis=1, dtype=np.int64))
    keys.sort()  # several times faster than numpy.unique at 10^7 keys
    first = np.flatnonzero(np.diff(keys, prepend=-1))
    return np.bincount(keys[first] // len(found), minlength=size)
