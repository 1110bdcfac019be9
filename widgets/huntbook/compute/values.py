"""Numbers over time, at any number: each where they are few, else the lowest and the highest of every bin."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from huntbook.compute.events import BUDGET, Events
from huntbook.compute.frames import numbers, require_column
from huntbook.compute.lanes import Arrangement, LaneOrder, read_groups
from huntbook.compute.outline import edges_by_bin, extremes_by_moment
from huntbook.compute.profile import BINS, Profile
from huntbook.compute.rhythm import find_rhythm
from huntbook.compute.timeline import DEFAULT_TIME, flagged_rows
from huntbook.compute.times import NO_TIME, microseconds
from huntbook.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from huntbook.compute.engines.table import Table
    from huntbook.compute.window import Marks

FEWEST_BINS = 40
# What is drawn reaches beyond what is seen, so that lines go on to the edge.
BEYOND = 0.05


class NumberSource(Protocol):
    """What a picture of numbers over time asks for; `Values` says more of each."""

    @property
    def frame(self) -> pd.DataFrame | Table:
        """The rows."""

    @property
    def column(self) -> str:
        """The name of the numbers' column."""

    @property
    def time_column(self) -> str:
        """The name of the times' column."""

    @property
    def events(self) -> Events:
        """The rows' times and groups."""

    @property
    def skipped(self) -> int:
        """How many rows have no time or no finite number."""

    @property
    def extremes(self) -> tuple[float, float]:
        """The lowest and the highest number."""

    def profile(self) -> Profile:
        """Return the lowest and the highest number of each moment over all time."""

    def marks(self, start: int | None = None, end: int | None = None) -> Marks:
        """Return the flagged and the rare rows of a stretch of time."""

    def drawn(self, start: int | None = None, end: int | None = None) -> Marks:
        """Return the rows to draw of a stretch of time."""

    def count_chosen(
        self, drawn: Marks, marked: Marks, points: Sequence[int], triangles: Sequence[int]
    ) -> int:
        """Count the rows behind some of what is drawn and of what is marked, each once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Numbers over time.

    Parameters
    ----------
    frame
        The rows that have a time and a finite number.
    column, time_column
        The names of the numbers' and of the times' column.
    events
        The rows' times; their lanes are the groups.
    numbers
        Their numbers.
    skipped
        How many rows have no time or no finite number.
    """

    frame: pd.DataFrame
    column: str
    time_column: str
    events: Events
    numbers: NDArray[np.float64]
    skipped: int

    @property
    def extremes(self) -> tuple[float, float]:
        """The lowest and the highest number."""
        return float(self.numbers.min()), float(self.numbers.max())

    def profile(self) -> Profile:
        """Return the lowest and the highest number of each moment over all time."""
        starts, counts = self.events.overview(BINS)
        width = int(starts[1] - starts[0]) if len(starts) > 1 else 1
        low, high = edges_by_bin(
            self.events.times, self.numbers, start=self.events.start, width=width, bins=len(starts)
        )
        return Profile(starts=starts, low=low, high=high, rhythm=find_rhythm(starts, counts))

    def marks(self, start: int | None = None, end: int | None = None) -> Marks:
        """Return the flagged and the rare rows of a stretch of time; see `Events.marks`."""
        low = self.events.start if start is None else start
        high = self.events.end if end is None else end
        return self._take(self.events.marks(low, high))

    def drawn(self, start: int | None = None, end: int | None = None) -> Marks:
        """Return the rows to draw of a stretch of time, in frame order.

        All rows where they are few; else, of each group and bin, those with the lowest and the highest
        number, which gives the outline that all rows would give.
        """
        low = self.events.start if start is None else start
        high = self.events.end if end is None else end
        beyond = int((high - low) * BEYOND)
        events, numbers = self.events, self.numbers
        near: Any = events.between(low - beyond, high + beyond)
        if len(near) <= BUDGET:
            return self._take(near)
        if len(near) == len(events):
            near = slice(None)  # without a copy of everything
        groups = len(events.lanes)
        drawn = extremes_by_moment(
            events.times[near],
            events.codes[near],
            numbers[near],
            groups=groups,
            bins=max(FEWEST_BINS, BUDGET // (2 * groups)),
        )
        return self._take(drawn if isinstance(near, slice) else near[drawn])

    def count_chosen(
        self, drawn: Marks, marked: Marks, points: Sequence[int], triangles: Sequence[int]
    ) -> int:
        """Count the rows behind some of what is drawn and of what is marked, each once."""
        return len(np.union1d(drawn.positions[list(points)], marked.positions[list(triangles)]))

    def _take(self, positions: NDArray[np.intp]) -> Marks:
        return replace(self.events.take(positions), numbers=self.numbers[positions])


def prepare_values(
    frame: pd.DataFrame,
    *,
    value_column: str,
    time_column: str = DEFAULT_TIME,
    source_columns: Sequence[str] | None = None,
    group_by: str | Sequence[str] | None = None,
    order: LaneOrder = "total",
    max_groups: int = 8,
    flag: Any = None,
) -> Values:
    """Read the columns of `frame` that a picture of values needs; see `prepare_timeline`.

    Raises
    ------
    DataError
        If a column is missing or not what it is used as, or no row has a time and a finite number.
    """
    times = microseconds(require_column(frame, time_column, option="time_column"), option="time_column")
    values = numbers(require_column(frame, value_column, option="value_column"), option="value_column")
    flagged = None if flag is None else flagged_rows(frame, flag)
    for name in source_columns or ():
        require_column(frame, name, option="source_columns")
    present = (times != NO_TIME) & np.isfinite(values)
    skipped = len(times) - int(present.sum())
    if skipped == len(times):
        raise no_values(time_column, value_column, rows=len(times))
    if skipped:
        frame, times, values = frame[present], times[present], values[present]
        flagged = None if flagged is None else flagged[present]
    return Values(
        frame=frame,
        column=value_column,
        time_column=time_column,
        events=Events(
            times,
            read_groups(frame, group_by),
            Arrangement(order=order, size=max_groups),
            flagged=flagged,
            details=frame[list(source_columns or ())],
        ),
        numbers=values.astype(np.float64),
        skipped=skipped,
    )


def no_values(time_column: str, value_column: str, *, rows: int) -> DataError:
    """Return the error for a frame of which no row can be drawn."""
    return DataError(
        f"No row has both a time in {time_column!r} and a finite number in {value_column!r}, "
        f"of {rows:,} rows. Name other columns as time_column and value_column."
    )
