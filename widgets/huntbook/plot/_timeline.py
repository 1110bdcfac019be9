"""Timelines as functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from huntbook.compute.lanes import lane_order
from huntbook.compute.timeline import DEFAULT_TIME, Timeline, references
from huntbook.errors import OptionError
from huntbook.plot._options import MOST_CATEGORIES, pixels, whole
from huntbook.plot._series import (
    LEAST_MARK,
    MARK,
    MOST_MARK,
    Wanted,
    drawn_series,
    named_series,
    overlay_series,
    read_series,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from huntbook.figures.lanes import LaneLook
    from huntbook.figures.timeline import Series
    from huntbook.views.timeline import TimelineView

_LEGENDS = ("left", "right", "inline", "none")


def timeline(
    frame: Any,
    *,
    time_column: str = DEFAULT_TIME,
    end_time_column: str | None = None,
    source_columns: Sequence[str] | None = None,
    group_by: str | Sequence[str] | None = None,
    sort: str | bool | None = None,
    max_groups: int = 50,
    flag: Any = None,
    title: str | None = None,
    size: int | str = 8,
    color: str | None = None,
    legend: str = "left",
    yaxis: bool = True,
    xgrid: bool = True,
    ygrid: bool = False,
    range_tool: bool = True,
    height: int | None = None,
    width: int | None = None,
    ref_event: Any = None,
    ref_time: Any = None,
    ref_label: str | None = None,
    ref_times: Sequence[Any] | None = None,
    ref_events: pd.DataFrame | None = None,
    ref_col: str | None = None,
    ref_time_col: str = DEFAULT_TIME,
    overlay_data: pd.DataFrame | None = None,
    overlay_columns: Sequence[str] | None = None,
    overlay_color: str | None = None,
) -> TimelineView:
    """Draw when events happened, a lane a group, at any number of events.

    Up to 5,000 events in view are drawn one by one; more are drawn as density cells with exact counts.
    Flagged events are always drawn one by one, and so are the rare ones: those of the smallest groups, of
    at most five events, as long as they are 200 in all. Zooming draws the stretch that is seen anew.

    Parameters
    ----------
    frame : pandas.DataFrame or mapping
        The rows; never changed. Rows without a time are not drawn, and the title says how many. Or several
        series, a lane and a colour each: ``{name: frame}``, or ``{name: {"data": frame, ...}}`` with a
        `time_column`, `source_columns`, `color` or `size` of its own.
    time_column : str, default "TimeGenerated"
        When each event was: times, or their text. Without a zone it is UTC.
    end_time_column : str, optional
        When each event ended: then events are bars. A row without an end ended when it began.
    source_columns : sequence of str, optional
        Columns that the tooltip shows.
    group_by : str or sequence of str, optional
        A lane for each value of the column, or each combination of the columns; null is a group.
    sort : str, bool or None, default None
        Order of the groups. None: busiest first. "rarity": quietest first. "asc" or True, "desc": by name,
        numbers by size. "first": the first seen first; "last": the last seen first. False: as "first".
    max_groups : int, default 50
        How many groups have a lane of their own, 1 to 200: the first in that order. The others share the
        last lane.
    flag : str or mask, optional
        Rows to mark: a column of booleans, a mask, or a pandas query such as "Severity == 'High'".
    title : str, optional
        Drawn above the sentence that says what is shown.
    size : int or str, default 8
        Diameter of a mark in pixels, 2 to 40; or a numeric column that the marks' areas stand for.
    color : str, optional
        Any CSS colour; default is the theme's accent.
    legend : str, default "left"
        Where the lanes' names are: "left", "right", "inline" (in the lanes) or "none".
    yaxis, xgrid, ygrid : bool
        Whether to draw the names of the lanes, lines for times, and lines for lanes.
    range_tool : bool, default True
        Whether to draw all time below, with a window to drag and to brush.
    height, width : int, optional
        Of the lanes in pixels, 200 to 10,000; default is what the lanes need, and the width of the page.
    ref_event : mapping or pandas.Series, optional
        A row to compare with; its time is in `ref_time_col`.
    ref_time : time, optional
        A time to compare with.
    ref_label : str, optional
        The label of these two.
    ref_times : sequence, optional
        Times, or pairs of a time and a label.
    ref_events, ref_col, ref_time_col : pandas.DataFrame, str, str
        A frame of times to compare with, the column of their labels, and that of their times.
    overlay_data, overlay_columns, overlay_color : pandas.DataFrame, sequence of str, str
        Further events (times in `time_column`) in a lane of their own at the bottom, the columns of
        their tooltip, and their colour.

    Returns
    -------
    TimelineView
        A `PlotView` with `zoom` and `show_all`. Its `data` is what is drawn: ``lane``, ``start``,
        ``end``, ``rows`` and ``kind`` ("density", "event" or "marked"); its `selected` is the rows
        behind the selected marks (of several series a dictionary by name), its `selected_overlay` those
        of `overlay_data`. `sort`, `search` and `show_page` do what the row above the lanes does.

    Raises
    ------
    ColumnNotFoundError
        If a column is not in the frame.
    DataError
        If the frame is empty, or a column can't be used as asked.
    OptionError
        If an option does not take its value.

    Examples
    --------
    >>> from huntbook import plot, samples
    >>> flows = samples.network_flows(rows=20_000)
    >>> view = plot.timeline(flows, group_by="DestinationPort", flag="DestinationPort == 8443")
    >>> view.data.groupby("kind")["rows"].sum().to_dict()
    {'density': 20000, 'marked': 20}
    """
    wanted = named_series(
        frame,
        time_column=time_column,
        source_columns=source_columns,
        color=color,
        size=size,
        group_by=group_by,
    )
    if overlay_data is not None:
        wanted.append(overlay_series(overlay_data, time_column, overlay_columns, overlay_color))
    timelines = [
        read_series(each.frame)(
            time_column=each.time_column,
            end_time_column=None if each.overlay else end_time_column,
            source_columns=each.source_columns,
            group_by=None if each.overlay else group_by,
            order=lane_order(sort),
            max_groups=whole("max_groups", max_groups, 1, MOST_CATEGORIES),
            flag=None if each.overlay else flag,
            size_column=each.size if isinstance(each.size, str) else None,
            name=each.name,
        )
        for each in wanted
    ]
    look = time_look(
        title=title,
        legend=legend,
        size=MARK if isinstance(size, str) else size,
        height=height,
        width=width,
        yaxis=yaxis,
        xgrid=xgrid,
        ygrid=ygrid,
        range_tool=range_tool,
        ref_event=ref_event,
        ref_time=ref_time,
        ref_label=ref_label,
        ref_times=ref_times,
        ref_events=ref_events,
        ref_col=ref_col,
        ref_time_col=ref_time_col,
    )
    every = [drawn_series(made, each) for made, each in zip(timelines, wanted, strict=True)]
    return _view(timelines, every, look, overlay=overlay_data is not None)


def timeline_duration(
    frame: Any,
    *,
    group_by: str | Sequence[str],
    time_column: str = DEFAULT_TIME,
    end_time_column: str | None = None,
    source_columns: Sequence[str] | None = None,
    sort: str | bool | None = "first",
    max_groups: int = 50,
    flag: Any = None,
    title: str | None = None,
    color: str | None = None,
    legend: str = "left",
    yaxis: bool = True,
    xgrid: bool = True,
    ygrid: bool = False,
    range_tool: bool = True,
    height: int | None = None,
    width: int | None = None,
    ref_event: Any = None,
    ref_time: Any = None,
    ref_label: str | None = None,
    ref_times: Sequence[Any] | None = None,
    ref_events: pd.DataFrame | None = None,
    ref_col: str | None = None,
    ref_time_col: str = DEFAULT_TIME,
) -> TimelineView:
    """Draw how long each group lasted: a pale bar from its first start to its last end, its events on it.

    Parameters
    ----------
    frame : DataFrame
        The rows, of pandas or any engine (see the page "Any engine"); never changed.
    group_by : str or sequence of str
        A lane for each value of the column, or each combination of the columns; null is a group.
    time_column : str, default "TimeGenerated"
        When each event began.
    end_time_column : str, optional
        When each event ended; default is when it began.
    sort : str, bool or None, default "first"
        Order of the lanes; see `timeline`.
    source_columns, max_groups, flag, title, color, legend
        As for `timeline`.
    yaxis, xgrid, ygrid, range_tool, height, width
        As for `timeline`.
    ref_event, ref_time, ref_label, ref_times, ref_events, ref_col, ref_time_col
        As for `timeline`.

    Returns
    -------
    TimelineView
        As for `timeline`.

    Raises
    ------
    ColumnNotFoundError, DataError, OptionError
        As for `timeline`.

    Examples
    --------
    >>> from huntbook import plot, samples
    >>> view = plot.timeline_duration(samples.network_flows(rows=1_000), group_by="DestinationPort")
    >>> view.summary.split(",")[0:2]
    ['1', '000 events by DestinationPort (7)']
    """
    prepared = read_series(frame)(
        time_column=time_column,
        end_time_column=end_time_column or time_column,
        source_columns=source_columns,
        group_by=group_by,
        order=lane_order(sort),
        max_groups=whole("max_groups", max_groups, 1, MOST_CATEGORIES),
        flag=flag,
    )
    look = time_look(
        title=title,
        legend=legend,
        size=MARK,
        height=height,
        width=width,
        yaxis=yaxis,
        xgrid=xgrid,
        ygrid=ygrid,
        range_tool=range_tool,
        ref_event=ref_event,
        ref_time=ref_time,
        ref_label=ref_label,
        ref_times=ref_times,
        ref_events=ref_events,
        ref_col=ref_col,
        ref_time_col=ref_time_col,
    )
    wanted = Wanted(frame=frame, name="", time_column=time_column, color=color)
    return _view([prepared], [drawn_series(prepared, wanted, extents=True)], look, overlay=False)


def time_look(
    *,
    title: str | None,
    legend: str,
    size: int,
    height: int | None,
    width: int | None,
    yaxis: bool,
    xgrid: bool,
    ygrid: bool,
    range_tool: bool,
    ref_event: Any,
    ref_time: Any,
    ref_label: str | None,
    ref_times: Sequence[Any] | None,
    ref_events: pd.DataFrame | None,
    ref_col: str | None,
    ref_time_col: str,
) -> LaneLook:
    """Check the options of drawing and put them together."""
    from huntbook.figures.lanes import LaneLook, Reference  # noqa: PLC0415 - Bokeh loads with the first picture

    if legend not in _LEGENDS:
        raise OptionError.unknown(legend, option="legend", known=_LEGENDS)
    moments = references(
        ref_event=ref_event,
        ref_time=ref_time,
        ref_label=ref_label,
        ref_times=ref_times,
        ref_events=ref_events,
        ref_col=ref_col,
        ref_time_col=ref_time_col,
    )
    return LaneLook(
        title=title,
        legend=legend,
        size=whole("size", size, LEAST_MARK, MOST_MARK),
        height=pixels("height", height),
        width=pixels("width", width),
        yaxis=yaxis,
        xgrid=xgrid,
        ygrid=ygrid,
        range_tool=range_tool,
        references=[Reference(time=time / 1_000, label=label) for time, label in moments],
    )


def _view(
    timelines: Sequence[Timeline], every: Sequence[Series], look: LaneLook, *, overlay: bool
) -> TimelineView:
    """Build the widget."""
    from huntbook.views.timeline import TimelineView  # noqa: PLC0415 - Bokeh loads with the first picture

    return TimelineView(timelines, every, look, overlay=overlay)
