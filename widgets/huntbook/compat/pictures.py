"""MSTICPy's plotting functions: our pictures under its names and words, shown at once as its are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from huntbook import plot
from huntbook.compat.showing import show
from huntbook.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from huntbook.views import PlotView

__all__ = ["display_timeline", "display_timeline_duration", "display_timeline_values", "plot_matrix"]


def plot_matrix(
    data: pd.DataFrame,
    *,
    x: str | None = None,
    y: str | None = None,
    x_col: str | None = None,
    y_col: str | None = None,
    title: str | None = None,
    value_col: str | None = None,
    dist_count: bool | str = False,
    log_size: bool = False,
    invert: bool = False,
    intersect: bool = False,
    height: int | None = None,
    width: int | None = None,
    color: str | None = None,
    sort: str | bool | None = None,
    sort_x: str | bool | None = None,
    sort_y: str | bool | None = None,
    font_size: int | None = None,
    max_label_font_size: int = 11,
    hide: bool = False,
) -> PlotView:
    """Draw a matrix as `huntbook.plot.matrix` does, under MSTICPy's signature.

    Parameters
    ----------
    data
        The frame.
    x, y, x_col, y_col
        The two columns, each under either name.
    hide
        Do not show the picture at once; a cell that ends with it shows it.
    title, value_col, dist_count, log_size, invert, intersect, height, width, color, sort, sort_x, sort_y, \
font_size, max_label_font_size
        As in `huntbook.plot.matrix`.

    Returns
    -------
    PlotView
        MSTICPy returns the Bokeh figure: that is ``view.figure``.

    Raises
    ------
    OptionError
        If no column is named for an axis.
    """
    view = plot.matrix(
        data,
        x=_either("x", x, x_col),
        y=_either("y", y, y_col),
        title=title,
        value_col=value_col,
        dist_count=dist_count,
        log_size=log_size,
        invert=invert,
        intersect=intersect,
        sort=sort,
        sort_x=sort_x,
        sort_y=sort_y,
        color=color,
        height=height,
        width=width,
        font_size=font_size,
        max_label_font_size=max_label_font_size,
    )
    return show(view, hide=hide)


def display_timeline(
    data: pd.DataFrame | Mapping[str, Any],
    time_column: str = "TimeGenerated",
    source_columns: Sequence[str] | None = None,
    *,
    title: str | None = None,
    group_by: str | Sequence[str] | None = None,
    size: int | str = 8,
    color: str | None = None,
    legend: str = "left",
    yaxis: bool = True,
    xgrid: bool = True,
    ygrid: bool = False,
    range_tool: bool = True,
    height: int | None = None,
    width: int | None = None,
    alert: Any = None,
    ref_event: Any = None,
    ref_time: Any = None,
    ref_label: str | None = None,
    ref_times: Sequence[Any] | None = None,
    ref_events: pd.DataFrame | None = None,
    ref_col: str | None = None,
    ref_time_col: str = "TimeGenerated",
    overlay_data: pd.DataFrame | None = None,
    overlay_columns: Sequence[str] | None = None,
    overlay_color: str | None = None,
    hide: bool = False,
) -> PlotView:
    """Draw a timeline as `huntbook.plot.timeline` does, under MSTICPy's signature.

    Parameters
    ----------
    data
        The frame, or several by name: each a frame, or a dictionary of ``data``, ``time_column``,
        ``source_columns``, ``color`` and ``size``.
    alert
        Another name of `ref_event`.
    hide
        Do not show the picture at once; a cell that ends with it shows it.
    time_column, source_columns, title, group_by, size, color, legend, yaxis, xgrid, ygrid, range_tool, height, \
width, ref_event, ref_time, ref_label, ref_times, ref_events, ref_col, ref_time_col, overlay_data, overlay_columns, \
overlay_color
        As in `huntbook.plot.timeline`.

    Returns
    -------
    PlotView
        MSTICPy returns the Bokeh layout: that is ``view.figure``.
    """
    view = plot.timeline(
        data,
        time_column=time_column,
        source_columns=source_columns,
        title=title,
        group_by=group_by,
        size=size,
        color=color,
        legend=legend,
        yaxis=yaxis,
        xgrid=xgrid,
        ygrid=ygrid,
        range_tool=range_tool,
        height=height,
        width=width,
        ref_event=alert if ref_event is None else ref_event,
        ref_time=ref_time,
        ref_label=ref_label,
        ref_times=ref_times,
        ref_events=ref_events,
        ref_col=ref_col,
        ref_time_col=ref_time_col,
        overlay_data=overlay_data,
        overlay_columns=overlay_columns,
        overlay_color=overlay_color,
    )
    return show(view, hide=hide)


def display_timeline_values(
    data: pd.DataFrame,
    value_column: str | None = None,
    time_column: str = "TimeGenerated",
    source_columns: Sequence[str] | None = None,
    *,
    x: str | None = None,
    y: str | None = None,
    value_col: str | None = None,
    kind: str | Sequence[str] = "vbar",
    group_by: str | Sequence[str] | None = None,
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
    hide: bool = False,
) -> PlotView:
    """Draw numbers over time as `huntbook.plot.timeline_values` does, under MSTICPy's signature.

    Parameters
    ----------
    data
        The frame.
    value_column, y, value_col
        The numeric column, under any of its names.
    time_column, x
        When each number was, under either name.
    hide
        Do not show the picture at once; a cell that ends with it shows it.
    source_columns, kind, group_by, title, color, legend, yaxis, xgrid, ygrid, range_tool, height, width, ref_event, \
ref_time, ref_label, ref_times, ref_events, ref_col
        As in `huntbook.plot.timeline_values`.

    Returns
    -------
    PlotView
        MSTICPy returns the Bokeh layout: that is ``view.figure``.
    """
    view = plot.timeline_values(
        data,
        value_column=value_column or value_col or y,
        time_column=x or time_column,
        source_columns=source_columns,
        kind=kind,
        group_by=group_by,
        title=title,
        color=color,
        legend=legend,
        yaxis=yaxis,
        xgrid=xgrid,
        ygrid=ygrid,
        range_tool=range_tool,
        height=height,
        width=width,
        ref_event=ref_event,
        ref_time=ref_time,
        ref_label=ref_label,
        ref_times=ref_times,
        ref_events=ref_events,
        ref_col=ref_col,
    )
    return show(view, hide=hide)


def display_timeline_duration(
    data: pd.DataFrame,
    *,
    group_by: str | Sequence[str],
    time_column: str = "TimeGenerated",
    end_time_column: str | None = None,
    title: str | None = None,
    source_columns: Sequence[str] | None = None,
    color: str | None = None,
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
    hide: bool = False,
) -> PlotView:
    """Draw how long groups lasted as `huntbook.plot.timeline_duration` does, under MSTICPy's signature.

    Parameters
    ----------
    data
        The frame.
    hide
        Do not show the picture at once; a cell that ends with it shows it.
    group_by, time_column, end_time_column, title, source_columns, color, yaxis, xgrid, ygrid, range_tool, height, \
width, ref_event, ref_time, ref_label, ref_times, ref_events, ref_col
        As in `huntbook.plot.timeline_duration`.

    Returns
    -------
    PlotView
        MSTICPy returns the Bokeh layout: that is ``view.figure``.
    """
    view = plot.timeline_duration(
        data,
        group_by=group_by,
        time_column=time_column,
        end_time_column=end_time_column,
        title=title,
        source_columns=source_columns,
        color=color,
        yaxis=yaxis,
        xgrid=xgrid,
        ygrid=ygrid,
        range_tool=range_tool,
        height=height,
        width=width,
        ref_event=ref_event,
        ref_time=ref_time,
        ref_label=ref_label,
        ref_times=ref_times,
        ref_events=ref_events,
        ref_col=ref_col,
    )
    return show(view, hide=hide)


def _either(axis: str, name: str | None, column: str | None) -> str:
    chosen = name or column
    if chosen is None:
        raise OptionError(f'{axis}=None: plot_matrix needs a column for each axis. Give {axis}="COLUMN".')
    return chosen
