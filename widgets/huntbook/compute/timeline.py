"""From a frame to what a timeline draws: rows with a time, in lanes, with marks' sizes and flags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huntbook.compute.events import Events
from huntbook.compute.frames import numbers, require_column
from huntbook.compute.labels import column_labels
from huntbook.compute.lanes import Arrangement, LaneOrder, read_groups
from huntbook.compute.sizes import LARGEST_MARK, diameters
from huntbook.compute.spans import Spans
from huntbook.compute.times import NO_TIME, microseconds, moment
from huntbook.errors import DataError, OptionError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from huntbook.compute.engines.table import Table
DEFAULT_TIME = "TimeGenerated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """What a timeline draws.

    Parameters
    ----------
    frame
        The rows that have a time.
    events
        Their times and lanes, in the same order; `Spans` where they have an end.
    without_time
        How many rows have no time.
    name
        What the series is called; empty where it is the only one.
    time_column, end_time_column
        The columns of the times.
    """

    frame: pd.DataFrame | Table
    events: Events
    without_time: int
    name: str
    time_column: str
    end_time_column: str | None


def prepare_timeline(
    frame: pd.DataFrame,
    *,
    time_column: str = DEFAULT_TIME,
    end_time_column: str | None = None,
    source_columns: Sequence[str] | None = None,
    group_by: str | Sequence[str] | None = None,
    order: LaneOrder = "total",
    max_groups: int = 50,
    flag: Any = None,
    size_column: str | None = None,
    name: str = "",
) -> Timeline:
    """Read the columns of `frame` that a timeline needs.

    Parameters
    ----------
    frame
        The rows; never changed.
    time_column, end_time_column
        When each event was, or began, and ended; a row without an end ended when it began.
    source_columns
        The columns that tooltips show.
    group_by, order, max_groups
        The lanes; see `Arrangement`.
    flag
        The flagged rows: a column of booleans, a mask, or a pandas query.
    size_column
        A numeric column that the marks' areas stand for.
    name
        What the series is called, and so its lane where there are no groups.

    Raises
    ------
    DataError
        If a column is missing or not what it is used as, or no row has a time.
    """
    times = microseconds(require_column(frame, time_column, option="time_column"), option="time_column")
    flagged = None if flag is None else flagged_rows(frame, flag)
    present = times != NO_TIME
    missing = len(times) - int(present.sum())
    if missing == len(times):
        raise no_times(time_column, rows=missing)
    if missing:
        frame, times = frame[present], times[present]
        flagged = None if flagged is None else flagged[present]
    groups, arrangement = read_groups(frame, group_by), Arrangement(order=order, size=max_groups)
    shown = list(source_columns or ())
    for detail in shown:
        require_column(frame, detail, option="source_columns")
    details = frame[shown]
    sizes = None if size_column is None else _sizes(frame, size_column)
    if end_time_column is None:
        events = Events(times, groups, arrangement, flagged=flagged, details=details, sizes=sizes)
    else:
        ends = microseconds(
            require_column(frame, end_time_column, option="end_time_column"), option="end_time_column"
        )
        events = Spans(times, ends, groups, arrangement, flagged=flagged, details=details, sizes=sizes)
    if name and group_by is None:
        events.lanes.labels[:] = [name]
    return Timeline(
        frame=frame,
        events=events,
        without_time=missing,
        name=name,
        time_column=time_column,
        end_time_column=end_time_column,
    )


def no_times(time_column: str, *, rows: int) -> DataError:
    """Return the error of a frame in which no row has a time."""
    return DataError(
        f"time_column={time_column!r} holds no time in {rows:,} rows, so there is nothing to draw. "
        "Name another column."
    )


def references(
    *,
    ref_event: Any = None,
    ref_time: Any = None,
    ref_label: str | None = None,
    ref_times: Sequence[Any] | None = None,
    ref_events: pd.DataFrame | None = None,
    ref_col: str | None = None,
    ref_time_col: str = DEFAULT_TIME,
) -> list[tuple[int, str]]:
    """Return the moments to compare with, in microseconds, and their labels.

    Parameters
    ----------
    ref_event
        One row (a Series or a mapping) with a time in `ref_time_col`.
    ref_time
        One time.
    ref_label
        The label of these two.
    ref_times
        Times, or pairs of a time and a label.
    ref_events
        A frame of which each row is a moment, labelled by its column `ref_col`.
    """
    found: list[tuple[int, str]] = []
    if ref_event is not None:
        if not isinstance(ref_event, (Mapping, pd.Series)) or ref_time_col not in ref_event:
            raise OptionError(
                f"ref_event has no {ref_time_col!r}. Give a row with that column, "
                "name its time column as ref_time_col, or give the time itself as ref_time."
            )
        found.append((moment(ref_event[ref_time_col], option="ref_event"), ref_label or "reference"))
    if ref_time is not None:
        found.append((moment(ref_time, option="ref_time"), ref_label or "reference"))
    for item in ref_times or ():
        time, label = item if isinstance(item, (tuple, list)) else (item, "")
        found.append((moment(time, option="ref_times"), str(label)))
    if ref_events is not None:
        times = microseconds(
            require_column(ref_events, ref_time_col, option="ref_time_col"), option="ref_time_col"
        )
        labels = [""] * len(times)
        if ref_col is not None:
            labels = column_labels(require_column(ref_events, ref_col, option="ref_col"))
        found += [(int(time), label) for time, label in zip(times, labels, strict=True) if time != NO_TIME]
    return found


def flagged_rows(frame: pd.DataFrame, flag: Any) -> NDArray[np.bool_]:
    """Return the flagged rows as a mask."""
    marks: Any
    if isinstance(flag, str):
        marks = frame[flag] if flag in frame.columns else frame.eval(flag)
    else:
        marks = flag if isinstance(flag, pd.Series) else pd.Series(np.asarray(flag))
    if len(marks) != len(frame):
        raise OptionError(f"flag holds {len(marks):,} values for {len(frame):,} rows. Give one a row.")
    if pd.api.types.infer_dtype(marks, skipna=True) != "boolean":
        raise OptionError(
            f"flag gives {marks.dtype} values, not booleans. "
            "Give a column of booleans, a mask, or a query such as \"Severity == 'High'\"."
        )
    return np.asarray(marks.astype("boolean").fillna(value=False), dtype=bool)


def _sizes(frame: pd.DataFrame, column: str) -> NDArray[np.float32]:
    values = numbers(require_column(frame, column, option="size"), option="size").astype(np.float64)
    return diameters(np.where(np.isfinite(values), values, 0.0), largest=LARGEST_MARK)
