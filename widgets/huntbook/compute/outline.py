"""The rows that give the outline of many numbers: of each group and moment, the lowest and the highest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from huntbook.compute.categories import blocks, code_type

if TYPE_CHECKING:
    from numpy.typing import NDArray


def extremes_by_moment(
    times: NDArray[np.int64],
    lanes: NDArray[np.unsignedinteger[Any]],
    numbers: NDArray[np.float64],
    *,
    groups: int,
    bins: int,
) -> NDArray[np.intp]:
    """Return the places of the first lowest and the first highest number of each lane and bin, in order.

    Parameters
    ----------
    times, lanes, numbers
        One each a row; at least one row.
    groups
        How many lanes there are.
    bins
        Into how many bins of equal width the time from the first to the last row is cut.
    """
    first = int(times.min())
    width = max(1, -(-(int(times.max()) - first + 1) // bins))
    size = groups * bins
    low, high = np.full(size, np.inf), np.full(size, -np.inf)
    keys = np.empty(len(times), dtype=code_type(size))
    # Block by block, because the blocks stay in the processor's cache.
    for rows in blocks(len(times)):
        wide = lanes[rows] * np.int64(bins) + (times[rows] - first) // width
        np.minimum.at(low, wide, numbers[rows])
        np.maximum.at(high, wide, numbers[rows])
        keys[rows] = wide
    lowest, highest = np.full(size, -1, dtype=np.intp), np.full(size, -1, dtype=np.intp)
    for rows in blocks(len(times)):
        for found, edge in ((lowest, low), (highest, high)):
            hits = np.flatnonzero(numbers[rows] == edge[keys[rows]])
            of = keys[rows][hits]
            new = found[of] < 0
            # Backwards, so that the first place is the one that stays.
            found[of[new][::-1]] = hits[new][::-1] + rows.start
    return np.unique(np.concatenate([lowest[lowest >= 0], highest[highest >= 0]]))


def edges_by_bin(
    times: NDArray[np.int64], numbers: NDArray[np.float64], *, start: int, width: int, bins: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lowest and the highest number of each bin of time; NaN where it has none.

    Parameters
    ----------
    times, numbers
        One each a row.
    start, width, bins
        Where the first bin starts, how wide each is, and how many there are; the last takes what is later.
    """
    low, high = np.full(bins, np.inf), np.full(bins, -np.inf)
    for rows in blocks(len(times)):
        place = np.minimum((times[rows] - start) // width, bins - 1)
        np.minimum.at(low, place, numbers[rows])
        np.maximum.at(high, place, numbers[rows])
    empty = low > high
    low[empty] = high[empty] = np.nan
    return low, high
