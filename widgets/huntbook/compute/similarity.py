"""Put beside each other what is alike: an order for the sides of a table of counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Singular values below this are rounding.
_NOTHING = 1e-9


def seriate(counts: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return an order of the rows and one of the columns, in which those that meet the same are neighbours.

    Groups that have nothing to do with each other come one after the other, the busiest first. Inside a
    group the order is that of the first axis of a correspondence analysis (M. O. Hill, "Reciprocal averaging",
    Journal of Ecology 61, 1973; I. S. Dhillon, "Co-clustering documents and words", KDD 2001), taken of the
    logarithm of the counts, so that one busy pair does not decide it.

    Parameters
    ----------
    counts
        Counts, none below zero.

    Examples
    --------
    >>> rows, columns = seriate(np.array([[1.0, 0, 1], [0, 1, 0], [1, 0, 1]]))
    >>> rows.tolist(), columns.tolist()
    ([0, 2, 1], [0, 2, 1])
    """
    weights = np.log1p(counts)
    groups = _groups(weights > 0)
    busiest = sorted(groups, key=lambda group: -counts[np.ix_(*group)].sum())
    rows, columns = [], []
    for group_rows, group_columns in busiest:
        row_order, column_order = _along_first_axis(weights[np.ix_(group_rows, group_columns)])
        rows.append(group_rows[row_order])
        columns.append(group_columns[column_order])
    none = np.empty(0, dtype=np.intp)
    empty_rows, empty_columns = (np.flatnonzero(weights.sum(axis=axis) == 0) for axis in (1, 0))
    return np.concatenate([none, *rows, empty_rows]), np.concatenate([none, *columns, empty_columns])


def _groups(meets: NDArray[np.bool_]) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Return the rows and columns of each part of a table that shares no pair with the others."""
    left = np.asarray(meets.any(axis=1))
    found = []
    while left.any():
        rows: NDArray[np.bool_] = np.zeros(len(meets), dtype=bool)
        rows[np.argmax(left)] = True
        size = 0
        while size != rows.sum():
            size = rows.sum()
            columns = meets[rows].any(axis=0)
            rows = np.asarray(meets[:, columns].any(axis=1))
        found.append((np.flatnonzero(rows), np.flatnonzero(columns)))
        left &= ~rows
    return found


def _along_first_axis(weights: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Order one part; its first row, the busiest, is nearer to the beginning."""
    row_sums, column_sums = weights.sum(axis=1), weights.sum(axis=0)
    scaled = weights / np.sqrt(np.outer(row_sums, column_sums))
    left, strengths, right = np.linalg.svd(scaled, full_matrices=False)
    # The first vectors are constant and order nothing; those of no strength are the processor's choice.
    if len(strengths) < 2 or strengths[1] < _NOTHING:  # noqa: PLR2004 - there is no second
        return np.arange(len(weights)), np.argsort(-column_sums, kind="stable")
    row_places, column_places = left[:, 1] / np.sqrt(row_sums), right[1] / np.sqrt(column_sums)
    if row_places[0] > 0:
        row_places, column_places = -row_places, -column_places
    # Rounded, so that what is alike to the last digits but one keeps its order.
    return np.argsort(row_places.round(9), kind="stable"), np.argsort(column_places.round(9), kind="stable")
