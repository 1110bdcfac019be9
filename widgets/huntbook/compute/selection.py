"""What is selected in a timeline, as a condition on the rows: lanes and times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huntbook.compute.conditions import Among, Condition, Either, Every, Everything, Nothing, Within
from huntbook.compute.engines.table import Table
from huntbook.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from huntbook.compute.lanes import Lanes
    from huntbook.compute.window import Marks, Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A column of times.

    Parameters
    ----------
    column
        Its name.
    zoned
        Whether its times have a zone; without one they are UTC.
    fine
        Whether a time of it is finer than a microsecond.
    text
        Whether the times are text, which a pandas query can't compare.
    """

    column: str
    zoned: bool
    fine: bool
    text: bool = False

    @classmethod
    def of(cls, frame: pd.DataFrame | Table, column: str) -> Clock:
        """Return what the times of a frame's column are like."""
        if isinstance(frame, Table):
            kind: Any = frame.schema[column]
            return cls(
                column=column,
                zoned=getattr(kind, "time_zone", None) is not None,
                fine=getattr(kind, "time_unit", "us") == "ns",
            )
        times = frame[column]
        dtype: Any = times.dtype
        if not pd.api.types.is_datetime64_any_dtype(dtype):
            return cls(column=column, zoned=True, fine=False, text=True)
        fine = False
        if getattr(dtype, "unit", "ns") == "ns":
            fine = bool((times.dropna().astype("int64") % 1_000).any())
        return cls(column=column, zoned=getattr(dtype, "tz", None) is not None, fine=fine)

    def require(self, dialect: str) -> None:
        """Raise an OptionError if the dialect can't compare the column's times."""
        if self.text and dialect == "pandas":
            raise OptionError(
                f"dialect='pandas': the times in {self.column!r} are text, which DataFrame.query can't compare. "
                f"Convert them first: frame[{self.column!r}] = pandas.to_datetime(frame[{self.column!r}], utc=True)."
            )

    def at(self, time: int) -> pd.Timestamp:
        """Return microseconds as a time of the column."""
        return pd.Timestamp(time, unit="us", tz="UTC" if self.zoned else None)

    def within(self, start: int, end: int) -> Condition:
        """Return the condition for times from one microsecond to another, both whole."""
        if start == end and not self.fine:
            return Among(self.column, (self.at(start),))
        last = self.at(end).as_unit("ns") + pd.Timedelta(999, "ns") if self.fine else self.at(end)
        return Within(self.column, self.at(start), last)

    def among(self, times: NDArray[np.int64]) -> Condition:
        """Return the condition for some microseconds."""
        distinct = np.unique(times).tolist()
        if self.fine:
            return Either(tuple(self.within(time, time) for time in distinct))
        return Among(self.column, tuple(map(self.at, distinct)))


def where_cells(window: Window, cells: Sequence[int], lanes: Lanes, clock: Clock) -> Condition:
    """Return the condition for the events that some cells of a window count.

    A box of cells becomes one condition; anything else one for each run of cells in a lane. Cells without
    events don't interrupt either.
    """
    chosen = np.zeros(len(window.cells), dtype=bool)
    chosen[list(cells)] = True
    if not chosen.any():
        return Nothing()
    lane, place = window.cells["lane"].to_numpy(), window.cells["bin"].to_numpy()

    def stretch(first: int, last: int) -> Condition:
        start = window.origin + first * window.width
        return clock.within(start, min(window.origin + (last + 1) * window.width - 1, window.stop))

    first, last = place[chosen].min(), place[chosen].max()
    boxed = np.isin(lane, lane[chosen]) & (place >= first) & (place <= last)
    if (boxed == chosen).all():
        return _both(where_lanes(lanes, lane[chosen]), stretch(int(first), int(last)))
    return Either(
        tuple(
            _both(where_lanes(lanes, [own]), stretch(*run))
            for own in np.unique(lane[chosen]).tolist()
            for run in _runs(place[lane == own], chosen[lane == own])
        )
    )


def where_marks(marks: Marks, lanes: Lanes, clock: Clock, *, number: str = "") -> Condition:
    """Return the condition for single events by lane and time, and by the numbers of the column `number`."""
    found: list[Condition] = []
    for lane in np.unique(marks.lanes).tolist():
        own = marks.lanes == lane
        parts = _both(where_lanes(lanes, [lane]), clock.among(marks.times[own]))
        if number and marks.numbers is not None:
            parts = _both(parts, Among(number, tuple(np.unique(marks.numbers[own]).tolist())))
        found.append(parts)
    return any_of(found)


def where_lanes(lanes: Lanes, chosen: Any) -> Condition:
    """Return the condition for the groups of some lanes; that of the rest is what the others are not."""
    wanted = sorted({int(lane) for lane in chosen})
    if not lanes.columns or len(wanted) == len(lanes):
        return Everything()
    own = [lane for lane in wanted if lane < len(lanes.keys)]
    found: list[Condition] = []
    if len(lanes.columns) == 1:
        (column,) = lanes.columns
        if len(own) < len(wanted):
            others = [key[0] for lane, key in enumerate(lanes.keys) if lane not in own]
            return Among(column, tuple(others), negated=True)
        return Among(column, tuple(lanes.keys[lane][0] for lane in own))
    for lane in own:
        parts = zip(lanes.columns, lanes.keys[lane], strict=True)
        found.append(Every(tuple(Among(column, (value,)) for column, value in parts)))
    if len(own) < len(wanted):
        found.append(Every(tuple(_not(lanes.columns, key) for key in lanes.keys)))
    return any_of(found)


def any_of(found: Sequence[Condition]) -> Condition:
    """Return the condition that one of some holds, in the shortest form."""
    parts = tuple(each for each in found if not isinstance(each, Nothing))
    if not parts:
        return Nothing()
    return parts[0] if len(parts) == 1 else Either(parts)


def _not(columns: tuple[str, ...], key: tuple[Any, ...]) -> Condition:
    return Either(
        tuple(Among(column, (value,), negated=True) for column, value in zip(columns, key, strict=True))
    )


def _both(first: Condition, second: Condition) -> Condition:
    if isinstance(first, Everything):
        return second
    before = first.parts if isinstance(first, Every) else (first,)
    return Every((*before, second))


def _runs(places: NDArray[np.int64], chosen: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the first and the last place of each run of chosen cells, which are in order."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], chosen, [False]])))
    return [
        (int(places[first]), int(places[after - 1]))
        for first, after in zip(edges[::2], edges[1::2], strict=True)
    ]
