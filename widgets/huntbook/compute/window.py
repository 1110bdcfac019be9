"""What is drawn of a stretch of time: counts by lane and bin, and single events."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Events that are drawn one by one.

    Parameters
    ----------
    times, lanes
        When each was, in microseconds, and the lane that it is in.
    ends
        When each ended, in microseconds; None for instants.
    sizes
        The diameter of each mark in pixels; None for all alike.
    numbers
        The number of each; None where there are no numbers.
    details
        One row a mark: the columns that tooltips show.
    positions
        Where each is in the frame; -1 where an engine holds the rows.
    """

    times: NDArray[np.int64]
    lanes: NDArray[np.unsignedinteger[Any]]
    ends: NDArray[np.int64] | None = None
    sizes: NDArray[np.float32] | None = None
    numbers: NDArray[np.float64] | None = None
    details: pd.DataFrame
    positions: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.times)

    def take(self, places: Sequence[int] | NDArray[np.intp]) -> Marks:
        """Return some of the marks."""
        chosen = np.asarray(places, dtype=np.intp)
        return Marks(
            times=self.times[chosen],
            lanes=self.lanes[chosen],
            ends=None if self.ends is None else self.ends[chosen],
            sizes=None if self.sizes is None else self.sizes[chosen],
            numbers=None if self.numbers is None else self.numbers[chosen],
            details=self.details.iloc[chosen],
            positions=self.positions[chosen],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What is drawn of a stretch of time.

    Parameters
    ----------
    start, end
        The stretch, both ends included, in microseconds.
    rows
        How many events are in it, exactly.
    cells
        A row a lane and bin that has events, with the columns ``lane``, ``bin`` and ``rows``; no rows when
        events are drawn one by one.
    origin, width, stop
        Bin n covers `width` microseconds from ``origin + n * width``, but none reaches beyond `stop`.
    singles
        The events that are drawn one by one because they are few.
    marked
        The flagged and the rare events in the stretch, drawn one by one; of too many, the first of each
        lane and bin.
    """

    start: int
    end: int
    rows: int
    cells: pd.DataFrame
    origin: int
    width: int
    stop: int
    singles: Marks
    marked: Marks


def sparse(counts: NDArray[Any]) -> pd.DataFrame:
    """Return counts by lane and bin as a row each, without those that are 0."""
    lane, place = np.nonzero(counts)
    return pd.DataFrame({"lane": lane, "bin": place, "rows": counts[lane, place]})


def no_cells() -> pd.DataFrame:
    """Return no counts."""
    return sparse(np.zeros((0, 0), dtype=np.int64))
