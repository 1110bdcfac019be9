"""Exact counts, sums and distinct counts by pair of categories, for the matrix.

The busiest categories of each axis get a place of their own; all others share one margin
place an axis, so that every row of the frame is in exactly one cell and totals stay exact.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huntbook.compute.axes import Axis, Choice, Order, Side
from huntbook.compute.categories import Categories, blocks, categories, code_type, count
from huntbook.compute.conditions import Condition, Either, Every, Nothing
from huntbook.compute.frames import require_column
from huntbook.compute.measures import Weights, distinct_by, finite, sum_by
from huntbook.compute.similarity import seriate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

# One row alone can't pay for starting a thread.
_THREADED_ROWS = 100_000


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
        ``y_place``, ``rows`` (exact number of rows), ``value`` and, where rows can be flagged, ``flagged``
        (how many of them are).
    rows
        How many rows the frame has.
    skipped
        How many rows have no finite number in the summed column; they count as rows, not in the sum.
    """

    x: Axis
    y: Axis
    measure: str
    table: pd.DataFrame
    rows: int
    skipped: int

    @property
    def in_margin(self) -> NDArray[np.bool_]:
        """Which pairs of the table lie in a margin."""
        return np.asarray(
            (self.table["x_place"] >= len(self.x.shown)) | (self.table["y_place"] >= len(self.y.shown))
        )

    def condition(self, pairs: Sequence[int]) -> Condition:
        """Return which rows are behind the given rows of `table`.

        Whole columns or lines need one side only; else it is one rectangle where they fill it, else several.
        """
        chosen = self.table.iloc[list(pairs)]
        if chosen.empty:
            return Nothing()
        columns, lines = self.table["x_place"], self.table["y_place"]
        xs, ys = set(chosen["x_place"]), set(chosen["y_place"])
        across, down = columns.isin(xs), lines.isin(ys)
        if int(across.sum()) == len(chosen):
            return self.x.condition(xs)
        if int(down.sum()) == len(chosen):
            return self.y.condition(ys)
        if int((across & down).sum()) == len(chosen):
            return Every((self.x.condition(xs), self.y.condition(ys)))
        alike: dict[frozenset[int], list[int]] = {}
        for x_place, y_places in chosen.groupby("x_place")["y_place"]:
            alike.setdefault(frozenset(y_places), []).append(int(str(x_place)))
        return Either(
            tuple(Every((self.x.condition(some), self.y.condition(places))) for places, some in alike.items())
        )

    def reordered(self, x_places: NDArray[np.intp] | None, y_places: NDArray[np.intp] | None) -> Pairs:
        """Return the pairs with the drawn categories of one or both sides in another order."""
        table = self.table.copy()
        for name, axis, places in (("x_place", self.x, x_places), ("y_place", self.y, y_places)):
            if places is not None:
                moved = np.arange(axis.places)
                moved[places] = np.arange(len(places))
                table[name] = moved[table[name]]
        return replace(
            self,
            x=self.x if x_places is None else self.x.reordered(x_places),
            y=self.y if y_places is None else self.y.reordered(y_places),
            table=table.sort_values(["x_place", "y_place"], ignore_index=True),
        )


def alike_together(pairs: Pairs, x: Choice, y: Choice) -> Pairs:
    """Return the pairs with those sides in order of similarity for which that is asked."""
    if "similarity" not in {x.order, y.order}:
        return pairs
    inside = pairs.table[~pairs.in_margin]
    counts = np.zeros((len(pairs.x.shown), len(pairs.y.shown)))
    counts[inside["x_place"], inside["y_place"]] = inside["rows"]
    x_places, y_places = seriate(counts)
    return pairs.reordered(
        x_places if x.order == "similarity" else None, y_places if y.order == "similarity" else None
    )


def rank_pairs(
    rows: NDArray[np.int64], xs: NDArray[Any], ys: NDArray[Any], x: Side, y: Side
) -> NDArray[np.intp]:
    """Return pairs in order of rarity, so that categories that are rare together meet in the picture.

    Of pairs with the same number of rows, those of categories with fewer rows are first.

    Parameters
    ----------
    rows, xs, ys
        Of each pair, how many rows it has, and the codes of its categories.
    x, y
        The sides that they are of.
    """
    return np.lexsort((ys, xs, x.rows[xs] + y.rows[ys], rows))


class PairCounter:
    """A frame whose pairs are counted, as often as another choice of categories is asked for.

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
    flagged
        Which rows are flagged; their categories get places first.

    Raises
    ------
    DataError
        If a column is missing, can't be categories, or can't be summed.
    """

    def __init__(
        self,
        frame: pd.DataFrame,
        *,
        x: str,
        y: str,
        sum_of: str | None = None,
        distinct_of: str | None = None,
        flagged: NDArray[np.bool_] | None = None,
    ) -> None:
        self._frame = frame
        self._sum_of, self._distinct_of = sum_of, distinct_of
        self._flagged = None if flagged is None else np.flatnonzero(flagged)
        self._x, self._y = _encode_both(frame, x, y)
        self._weights = None if sum_of is None else finite(require_column(frame, sum_of, option="value_col"))
        self.x = _side(x, self._x, self._weights)
        self.y = _side(y, self._y, self._weights)

    def count(self, x: Choice, y: Choice) -> Pairs:
        """Count rows, or sum or count distinct values, by pair of the categories that are asked for."""
        x_ranking, y_ranking = self._rankings(x, y)
        x_axis = self.x.axis(x, ranking=x_ranking, kept=self._kept(self.x, self._x, x))
        y_axis = self.y.axis(y, ranking=y_ranking, kept=self._kept(self.y, self._y, y))
        cells = self._cells(x_axis, y_axis)
        rows = count(cells, x_axis.places * y_axis.places)
        values, measure = rows, "rows"
        if self._weights is not None:
            values, measure = sum_by(cells, self._weights.values, len(rows)), f"sum of {self._sum_of}"
        elif self._distinct_of is not None:
            values, measure = (
                distinct_by(cells, self._frame, self._distinct_of, len(rows)),
                f"distinct {self._distinct_of}",
            )
        drawn = np.flatnonzero(rows)
        table = pd.DataFrame(
            {
                "x_place": drawn // y_axis.places,
                "y_place": drawn % y_axis.places,
                "rows": rows[drawn],
                "value": values[drawn],
            }
        )
        if self._flagged is not None:
            table["flagged"] = count(cells[self._flagged], len(rows))[drawn]
        skipped = 0 if self._weights is None else self._weights.skipped
        pairs = Pairs(x=x_axis, y=y_axis, measure=measure, table=table, rows=len(cells), skipped=skipped)
        return alike_together(pairs, x, y)

    def positions(self, pairs: Pairs, chosen: Sequence[int]) -> NDArray[np.intp]:
        """Return the positions of the frame's rows behind the given rows of the pairs' table, in frame order."""
        picked = pairs.table.iloc[list(chosen)]
        wanted = np.zeros(pairs.x.places * pairs.y.places, dtype=bool)
        wanted[picked["x_place"].to_numpy() * pairs.y.places + picked["y_place"].to_numpy()] = True
        if not wanted.any():
            return np.empty(0, dtype=np.intp)
        cells = self._cells(pairs.x, pairs.y)
        found = [np.flatnonzero(wanted[cells[rows]]) + rows.start for rows in blocks(len(cells))]
        return np.concatenate(found)

    def _rankings(self, x: Choice, y: Choice) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the order in which the categories of each side get places."""
        if x.order == y.order == "rarity":
            return self._rarest_pairs
        return tuple(
            side.rarest if choice.order == "rarity" else side.used
            for side, choice in ((self.x, x), (self.y, y))
        )  # type: ignore[return-value] # two sides

    @cached_property
    def _rarest_pairs(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The categories of both sides in order of their rarest pair."""
        width = len(self._y)
        keys, rows = np.unique(self._x.codes.astype(np.int64) * width + self._y.codes, return_counts=True)
        xs, ys = keys // width, keys % width
        rarest = rank_pairs(rows, xs, ys, self.x, self.y)
        return pd.unique(xs[rarest]), pd.unique(ys[rarest])

    def _kept(self, side: Side, found: Categories, choice: Choice) -> NDArray[np.intp]:
        """Return the categories that were pulled in, then those of flagged rows, most flagged first."""
        kept = side.codes_of(choice.kept)
        if self._flagged is None:
            return kept
        flagged = count(found.codes[self._flagged], len(found))
        most = np.argsort(-flagged, kind="stable")[: np.count_nonzero(flagged)]
        return pd.unique(np.concatenate([kept, most]))

    def _cells(self, x: Axis, y: Axis) -> NDArray[np.unsignedinteger[Any]]:
        """Return the cell of every row, block by block so that nothing wide is ever as long as the frame."""
        kind = code_type(x.places * y.places)
        x_part = (_places(self._x, x) * y.places).astype(kind)
        y_part = _places(self._y, y).astype(kind)
        cells = np.empty(len(self._x.codes), dtype=kind)
        for rows in blocks(len(cells)):
            np.add(x_part[self._x.codes[rows]], y_part[self._y.codes[rows]], out=cells[rows])
        return cells


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
    frame, x, y, sum_of, distinct_of
        As for `PairCounter`.
    order_x, order_y
        As `Choice.order`.
    max_categories
        How many categories an axis shows.
    """
    counter = PairCounter(frame, x=x, y=y, sum_of=sum_of, distinct_of=distinct_of)
    return counter.count(
        Choice(order=order_x, size=max_categories), Choice(order=order_y, size=max_categories)
    )


def _side(column: str, found: Categories, weights: Weights | None) -> Side:
    rows = found.counts()
    totals = rows if weights is None else sum_by(found.codes, np.abs(weights.values), len(found))
    return Side(column, found, rows=rows, totals=totals)


def _places(found: Categories, axis: Axis) -> NDArray[np.uint64]:
    """Return the place of every code; the margin's for those that have none."""
    places = np.full(len(found), len(axis.shown), dtype=np.uint64)
    places[axis.codes] = np.arange(len(axis.shown))
    return places


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
