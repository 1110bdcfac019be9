"""Events in lanes over time, at any number: exact counts by lane and bin, and single events where they fit.

Rows are put into a fixed number of buckets by time, which takes one pass and no sorting. A window of time is then
answered from the buckets: as counts while it holds many events, as single events when it holds few.
"""

from __future__ import annotations

from functools import cached_property
from threading import Thread
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huntbook.compute.categories import blocks
from huntbook.compute.lanes import arrange
from huntbook.compute.window import Marks, Window, no_cells, sparse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from huntbook.compute.lanes import Arrangement, Groups

# Marks that a browser redraws without a wait.
BUDGET = 5_000
BUCKETS = 1 << 13
_FEWEST_BINS, _MOST_BINS = 40, 240
# From this part of its width on a last bin does not look like less.
_FULL = 0.75
# So many events are sorted in two milliseconds.
_SORTED_AT_ONCE = 100_000
# A group with at most this many events is rare; its events are drawn one by one as long as they are few:
# more marks than these side by side are a red line, in which a flagged one is lost.
RARE = 5
MOST_RARE = 200


class Events:
    """Rows with a time and a lane, and what to draw of any window of time.

    Parameters
    ----------
    times
        Microseconds, one an event; at least one.
    groups
        The group of every event.
    arrangement
        Which groups have a lane of their own.
    flagged
        Which events are flagged; None for none.
    details
        One row an event: the columns that tooltips show; None for none.
    sizes
        The diameter of each event's mark in pixels; None for all alike.
    """

    def __init__(
        self,
        times: NDArray[np.int64],
        groups: Groups,
        arrangement: Arrangement,
        *,
        flagged: NDArray[np.bool_] | None = None,
        details: pd.DataFrame | None = None,
        sizes: NDArray[np.float32] | None = None,
    ) -> None:
        self.times = times
        self.groups = groups
        self.flagged = flagged
        self.details = pd.DataFrame(index=range(len(times))) if details is None else details
        self.sizes = sizes
        self.start, self.end = int(times.min()), int(times.max())
        self._last_start = self.end
        self._by_bucket: NDArray[np.intp] | None = None
        self._sorting: Thread | None = None
        self._scanned: tuple[int, int, NDArray[np.intp]] = (1, 0, np.empty(0, dtype=np.intp))
        self._width = max(1, -(-(self.end - self.start + 1) // BUCKETS))
        self.arrange(arrangement)

    def __len__(self) -> int:
        return len(self.times)

    def arrange(self, arrangement: Arrangement) -> None:
        """Put the events into the lanes of another arrangement."""
        self.lanes, self._place = arrange(self.groups, self.times, arrangement)
        # The lane of every event.
        self.codes = self._place[self.groups.codes]
        self.__dict__.pop("_cumulative", None)

    @property
    def flagged_total(self) -> int:
        """How many events are flagged."""
        return 0 if self.flagged is None else int(self.flagged.sum())

    @property
    def rare_total(self) -> int:
        """How many events are rare."""
        return len(self.rare)

    @cached_property
    def marked(self) -> NDArray[np.intp]:
        """The flagged and the rare events, in frame order."""
        if self.flagged is None:
            return self.rare
        return np.union1d(np.flatnonzero(self.flagged), self.rare)

    @cached_property
    def rare(self) -> NDArray[np.intp]:
        """The events of the smallest groups, where there are so many events that they could be overlooked."""
        totals = self.groups.totals
        if len(self) <= BUDGET:
            return np.empty(0, dtype=np.intp)
        small = totals[(totals > 0) & (totals <= RARE)]
        if not len(small):
            return np.empty(0, dtype=np.intp)
        events = np.cumsum(np.bincount(small, weights=small, minlength=RARE + 1))
        limit = np.flatnonzero(events <= MOST_RARE).max(initial=0)
        return np.flatnonzero(totals[self.groups.codes] <= limit) if limit else np.empty(0, dtype=np.intp)

    def window(self, start: int | None = None, end: int | None = None) -> Window:
        """Return what to draw of the time from `start` to `end`, in microseconds; the default is all."""
        low = self.start if start is None else start
        high = self.end if end is None else end
        marked = self.marks(low, high)
        low, high = max(low, self.start), min(high, self.end)
        rows = self.count(low, high)
        if rows <= BUDGET:
            # Few events are all drawn, so that no marks were left out.
            singles = np.setdiff1d(self.between(low, high), marked, assume_unique=True)
            cells, origin, width, stop = no_cells(), low, 1, high
        else:
            singles = np.empty(0, dtype=np.intp)
            cells, origin, width, stop = self._cells(low, high)
        return Window(
            start=low,
            end=high,
            rows=rows,
            cells=cells,
            origin=origin,
            width=width,
            stop=stop,
            singles=self.take(singles),
            marked=self.take(marked),
        )

    def take(self, positions: NDArray[np.intp]) -> Marks:
        """Return what is drawn of single events."""
        return Marks(
            times=self.times[positions],
            lanes=self.codes[positions],
            sizes=None if self.sizes is None else self.sizes[positions],
            details=self.details.iloc[positions],
            positions=positions,
        )

    def marks(self, start: int, end: int) -> NDArray[np.intp]:
        """Return the flagged and the rare events of a stretch; of too many, the first of each lane and bin."""
        marked = self.marked[self.in_view(self.marked, start, end)]
        times = self.times[marked]
        if len(marked) <= BUDGET:
            return marked
        first, bins = int(times.min()), self._bins
        width = max(1, -(-(int(times.max()) - first + 1) // bins))
        keys = self.codes[marked] * np.int64(bins) + (times - first) // width
        return np.sort(marked[np.unique(keys, return_index=True)[1]])

    def in_view(self, positions: NDArray[np.intp], start: int, end: int) -> NDArray[np.bool_]:
        """Return which of some events are in a stretch, both ends included."""
        times = self.times[positions]
        return np.asarray((times >= start) & (times <= end))

    def between(self, start: int, end: int) -> NDArray[np.intp]:
        """Return the events from `start` to `end`, both included, in frame order."""
        found = self._unordered(start, end)
        # All events are found without the buckets, in order. Each bucket is in order, and a stable sort merges what is.
        return found if len(found) == len(self) else np.sort(found, kind="stable")

    def _unordered(self, start: int, end: int) -> NDArray[np.intp]:
        """Return the same in any order, which is all that counting needs."""
        return self._starting(start, end)

    def _starting(self, start: int, end: int) -> NDArray[np.intp]:
        """Return the events that begin from `start` to `end`, both included, in any order."""
        if start <= self.start and end >= self._last_start:
            return np.arange(len(self))
        if end < self.start or start > self._last_start or end < start:
            return np.empty(0, dtype=np.intp)
        near = self._in_buckets(start, end)
        times = self.times[near]
        return np.asarray(near[(times >= start) & (times <= end)])

    def chosen(
        self, window: Window, cells: Sequence[int], singles: Sequence[int], marked: Sequence[int]
    ) -> NDArray[np.intp]:
        """Return the events behind the given rows of the cells, the singles and the marked of a window."""
        one_by_one = [window.singles.positions[list(singles)], window.marked.positions[list(marked)]]
        return np.union1d(self.in_cells(window, cells), np.concatenate(one_by_one)).astype(np.intp)

    def count_chosen(
        self, window: Window, cells: Sequence[int], singles: Sequence[int], marked: Sequence[int]
    ) -> int:
        """Count the events that `chosen` returns."""
        return len(self.chosen(window, cells, singles, marked))

    def in_cells(self, window: Window, cells: Sequence[int]) -> NDArray[np.intp]:
        """Return the events behind the given rows of ``window.cells``, in frame order."""
        if not len(cells):
            return np.empty(0, dtype=np.intp)
        chosen = window.cells.iloc[list(cells)]
        wanted = np.zeros((len(self.lanes), int(window.cells["bin"].max()) + 1), dtype=bool)
        wanted[chosen["lane"].to_numpy(), chosen["bin"].to_numpy()] = True
        first = window.origin + int(chosen["bin"].min()) * window.width
        last = window.origin + (int(chosen["bin"].max()) + 1) * window.width - 1
        near = self._starting(first, min(last, window.stop))
        bins = (self.times[near] - window.origin) // window.width
        return np.sort(near[wanted[self.codes[near], bins]])

    def overview(self, bins: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the starts of `bins` bins over all time, and the number of events in each."""
        step = -(-BUCKETS // bins)
        edges = np.append(np.arange(0, BUCKETS, step), BUCKETS)
        counts = np.diff(self._cumulative[:, edges].sum(axis=0))
        used = edges[:-1] * self._width <= self._last_start - self.start
        return self.start + edges[:-1][used] * self._width, counts[used]

    def extents(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the first and the last time of each lane."""
        return self._edge(self.times, last=False), self._edge(self.times, last=True)

    def _edge(self, times: NDArray[np.int64], *, last: bool) -> NDArray[np.int64]:
        edge = np.full(len(self.lanes), np.iinfo(np.int64).min if last else np.iinfo(np.int64).max)
        used = self.groups.used
        lanes = self._place[used].astype(np.intp)
        (np.maximum if last else np.minimum).at(edge, lanes, self.groups.edges(times, last=last)[used])
        return edge

    @property
    def _bins(self) -> int:
        """How many bins a window has, so that lanes and bins stay within the budget."""
        return min(_MOST_BINS, max(_FEWEST_BINS, BUDGET // len(self.lanes)))

    @cached_property
    def _buckets(self) -> NDArray[np.uint16]:
        """The bucket of every event."""
        found = np.empty(len(self), dtype=np.uint16)
        for rows in blocks(len(self)):
            np.floor_divide(self.times[rows] - self.start, self._width, out=found[rows], casting="unsafe")
        return found

    @cached_property
    def _cumulative(self) -> NDArray[np.signedinteger[Any]]:
        """By lane, the number of events before each bucket."""
        lanes = len(self.lanes)
        size = lanes * BUCKETS
        parts = (
            np.bincount(self.codes[rows] * np.int64(BUCKETS) + self._buckets[rows], minlength=size)
            for rows in blocks(len(self), at_least=4 * size)
        )
        counts = next(parts)
        for more in parts:
            counts += more
        if len(self) > _SORTED_AT_ONCE and self._sorting is None:
            # numpy sorts without the interpreter's lock; until it has, each question is a pass over the buckets.
            self._sorting = Thread(target=self._sort, args=[self._buckets], daemon=True)
            self._sorting.start()
        kind = np.int32 if len(self) < np.iinfo(np.int32).max else np.int64
        before = np.zeros((lanes, BUCKETS + 1), dtype=kind)
        np.cumsum(counts.reshape(lanes, BUCKETS), axis=1, out=before[:, 1:])
        return before

    def _sort(self, buckets: NDArray[np.uint16]) -> None:
        """Put all events in order of their buckets: for 16-bit keys numpy sorts in linear time."""
        self._by_bucket = np.argsort(buckets, kind="stable")

    @cached_property
    def _bucket_starts(self) -> NDArray[np.int64]:
        """The number of events before each bucket."""
        return np.asarray(self._cumulative.sum(axis=0))

    def _bucket(self, time: int) -> int:
        return min((time - self.start) // self._width, BUCKETS - 1)

    def _in_buckets(self, start: int, end: int) -> NDArray[np.intp]:
        """Return the events of all buckets that the stretch touches."""
        first, last = self._bucket(max(start, self.start)), self._bucket(end)
        if self._by_bucket is None and len(self) <= _SORTED_AT_ONCE:
            self._sort(self._buckets)
        if self._by_bucket is not None:
            return self._by_bucket[self._bucket_starts[first] : self._bucket_starts[last + 1]]
        return self._scan(first, last)

    def _scan(self, first: int, last: int) -> NDArray[np.intp]:
        """Find the events of some buckets without their order; within what was found last, among those."""
        low, high, kept = self._scanned
        if low <= first and last <= high:
            buckets = self._buckets[kept]
            return kept[(buckets >= first) & (buckets <= last)]
        found = []
        for rows in blocks(len(self)):
            # Buckets below the first wrap around to large numbers.
            near = self._buckets[rows] - np.uint16(first) <= np.uint16(last - first)
            found.append(np.flatnonzero(near) + rows.start)
        self._scanned = first, last, np.concatenate(found)
        return self._scanned[2]

    def count(self, low: int, high: int) -> int:
        """Count the events from `low` to `high`: whole buckets by their totals, the two at the ends by time."""
        low, high = max(low, self.start), min(high, self.end)
        if high < low:
            return 0
        if low == self.start and high == self.end:
            return len(self)
        first, last = self._bucket(low), self._bucket(high)
        if last - first < 2:  # noqa: PLR2004 - no whole bucket between
            return len(self._unordered(low, high))
        if last - first < self._bins:
            self._in_buckets(low, high)  # both ends and, soon, what is between in one pass
        whole = int(self._bucket_starts[last] - self._bucket_starts[first + 1])
        left = self.times[self._in_buckets(low, low)]
        right = self.times[self._in_buckets(high, high)]
        return whole + int((left >= low).sum()) + int((right <= high).sum())

    def _cells(self, low: int, high: int) -> tuple[pd.DataFrame, int, int, int]:
        """Count by lane and bin: from the buckets where a bin holds several, else from the events."""
        bins = self._bins
        first, last = self._bucket(low), self._bucket(high)
        if last - first + 1 >= bins:
            step = even_step(last - first + 1, bins)
            edges = np.minimum(np.arange(first, last + step + 1, step), last + 1)
            counts = np.diff(self._cumulative[:, edges].astype(np.int64), axis=1)
            stop = self.start + (last + 1) * self._width - 1
            return sparse(counts), self.start + first * self._width, step * self._width, stop
        width = max(1, -(-(high - low + 1) // bins))
        return self._fine_cells(low, high, width), low, width, high

    def _fine_cells(self, low: int, high: int, width: int) -> pd.DataFrame:
        """Count the events from `low` to `high` by lane and bin, from the events."""
        bins = self._bins
        near = self._starting(low, high)
        keys = self.codes[near] * np.int64(bins) + (self.times[near] - low) // width
        return sparse(np.bincount(keys, minlength=len(self.lanes) * bins).reshape(-1, bins))


def even_step(buckets: int, most: int) -> int:
    """Return how many buckets to put into each of at most `most` bins, so that the last bin is not a mere rest.

    A rest looks like a fall of activity at the end of the time. The first step whose last bin is three quarters
    full is taken, of those up to a third wider than the narrowest; where there is none, the one with the fullest.
    """
    narrowest = -(-buckets // most)
    steps = np.arange(narrowest, narrowest + narrowest // 3 + 1)
    rest = buckets % steps
    share = np.where(rest == 0, 1.0, rest / steps)
    return int(steps[np.argmax(share >= _FULL) if (share >= _FULL).any() else np.argmax(share)])
