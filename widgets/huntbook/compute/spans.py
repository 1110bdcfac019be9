"""Events that last: in a window as long as any part of them is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from huntbook.compute.categories import blocks
from huntbook.compute.events import Events

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from huntbook.compute.lanes import Arrangement, Groups
    from huntbook.compute.window import Marks


class Spans(Events):
    """Events with an end. Counts by bin are of their starts.

    Parameters
    ----------
    times, ends
        Microseconds, one an event; an end before its start counts as the start.
    groups, arrangement, flagged, details, sizes
        As for `Events`.
    """

    def __init__(
        self,
        times: NDArray[np.int64],
        ends: NDArray[np.int64],
        groups: Groups,
        arrangement: Arrangement,
        *,
        flagged: NDArray[np.bool_] | None = None,
        details: pd.DataFrame | None = None,
        sizes: NDArray[np.float32] | None = None,
    ) -> None:
        super().__init__(times, groups, arrangement, flagged=flagged, details=details, sizes=sizes)
        self.ends = np.maximum(times, ends)
        self.end = int(self.ends.max())
        self._longest = max(int((self.ends[rows] - times[rows]).max()) for rows in blocks(len(times)))

    def take(self, positions: NDArray[np.intp]) -> Marks:
        """Return what is drawn of single spans."""
        return replace(super().take(positions), ends=self.ends[positions])

    def in_view(self, positions: NDArray[np.intp], start: int, end: int) -> NDArray[np.bool_]:
        """Return which of some spans touch a stretch."""
        return np.asarray((self.times[positions] <= end) & (self.ends[positions] >= start))

    def _unordered(self, start: int, end: int) -> NDArray[np.intp]:
        """Return the spans that touch the time from `start` to `end`, in any order."""
        if start <= self.start:
            return self._starting(self.start, end)
        near = self._starting(start - self._longest, end)
        found: NDArray[np.intp] = near[self.ends[near] >= start]
        return found

    def extents(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the first start and the last end of each lane."""
        return super().extents()[0], self._edge(self.ends, last=True)

    def count(self, low: int, high: int) -> int:
        """Count the spans that touch the time from `low` to `high`."""
        return len(self) if low <= self.start and high >= self.end else len(self._unordered(low, high))
