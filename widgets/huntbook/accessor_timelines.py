"""The methods of ``df.mp_plot`` that draw over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from huntbook.compute.timeline import DEFAULT_TIME
from huntbook.plot import timeline, timeline_duration, timeline_values

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from huntbook.views.timeline import TimelineView
    from huntbook.views.values import ValuesView


class TimelineMethods:
    """Pictures of a frame over time.

    Parameters
    ----------
    frame
        The frame.
    """

    def __init__(self, frame: Any) -> None:
        self._frame = frame

    def timeline(
        self,
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

        `huntbook.plot.timeline` is the same as a function and explains every option.

        Parameters
        ----------
        time_column, end_time_column
            When each event was, or began, and ended.
        source_columns
            Columns that the tooltip shows.
        group_by, sort, max_groups
            The groups, their order, and how many are told apart.
        flag
            Rows to mark: a column of booleans, a mask, or a pandas query.
        title, size, color, legend
            How it is drawn.
        yaxis, xgrid, ygrid, range_tool, height, width
            What is drawn around it, and how large.
        ref_event, ref_time, ref_label, ref_times, ref_events, ref_col, ref_time_col
            Moments to compare with.
        overlay_data, overlay_columns, overlay_color
            Further events in a lane of their own.

        Returns
        -------
        TimelineView
            A widget with `data`, `selected`, `zoom`, `show_all`, `figure` and `save`.

        Examples
        --------
        >>> from huntbook import mp_pandas_plot, samples
        >>> flows = samples.network_flows(rows=1_000)
        >>> view = flows.mp_plot.timeline(group_by="Protocol")
        >>> sorted(set(view.data["lane"]))
        ['TCP', 'UDP']
        """
        return timeline(
            self._frame,
            time_column=time_column,
            end_time_column=end_time_column,
            source_columns=source_columns,
            group_by=group_by,
            sort=sort,
            max_groups=max_groups,
            flag=flag,
            title=title,
            size=size,
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
            ref_time_col=ref_time_col,
            overlay_data=overlay_data,
            overlay_columns=overlay_columns,
            overlay_color=overlay_color,
        )

    def timeline_duration(
        self,
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

        `huntbook.plot.timeline_duration` is the same as a function and explains every option.

        Parameters
        ----------
        time_column, end_time_column
            When each event was, or began, and ended.
        source_columns
            Columns that the tooltip shows.
        group_by, sort, max_groups
            The groups, their order, and how many are told apart.
        flag
            Rows to mark: a column of booleans, a mask, or a pandas query.
        title, color, legend
            How it is drawn.
        yaxis, xgrid, ygrid, range_tool, height, width
            What is drawn around it, and how large.
        ref_event, ref_time, ref_label, ref_times, ref_events, ref_col, ref_time_col
            Moments to compare with.

        Returns
        -------
        TimelineView
            A widget with `data`, `selected`, `zoom`, `show_all`, `figure` and `save`.

        Examples
        --------
        >>> from huntbook import mp_pandas_plot, samples
        >>> flows = samples.network_flows(rows=1_000)
        >>> view = flows.mp_plot.timeline_duration(group_by="Protocol")
        >>> sorted(set(view.data["lane"]))
        ['TCP', 'UDP']
        """
        return timeline_duration(
            self._frame,
            group_by=group_by,
            time_column=time_column,
            end_time_column=end_time_column,
            source_columns=source_columns,
            sort=sort,
            max_groups=max_groups,
            flag=flag,
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
            ref_time_col=ref_time_col,
        )

    def timeline_values(
        self,
        *,
        value_column: str | None = None,
        y: str | None = None,
        time_column: str = DEFAULT_TIME,
        source_columns: Sequence[str] | None = None,
        kind: str | Sequence[str] = "vbar",
        group_by: str | Sequence[str] | None = None,
        sort: str | bool | None = None,
        max_groups: int = 8,
        flag: Any = None,
        title: str | None = None,
        size: int = 7,
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
    ) -> ValuesView:
        """Draw numbers over time, a colour a group, at any number of rows.

        `huntbook.plot.timeline_values` is the same as a function and explains every option.

        Parameters
        ----------
        time_column
            When each number was.
        value_column, y
            The numeric column, under either name.
        source_columns
            Columns that the tooltip shows.
        kind
            "vbar", "line", "circle", "scatter", or several.
        group_by, sort, max_groups
            The groups, their order, and how many are told apart.
        flag
            Rows to mark: a column of booleans, a mask, or a pandas query.
        title, size, color, legend
            How it is drawn.
        yaxis, xgrid, ygrid, range_tool, height, width
            What is drawn around it, and how large.
        ref_event, ref_time, ref_label, ref_times, ref_events, ref_col, ref_time_col
            Moments to compare with.

        Returns
        -------
        ValuesView
            A widget with `data`, `selected`, `zoom`, `show_all`, `figure` and `save`.

        Examples
        --------
        >>> from huntbook import mp_pandas_plot, samples
        >>> flows = samples.network_flows(rows=1_000)
        >>> view = flows.mp_plot.timeline_values(value_column="BytesSent", kind="circle")
        >>> len(view.data)
        1000
        """
        return timeline_values(
            self._frame,
            value_column=value_column,
            y=y,
            time_column=time_column,
            source_columns=source_columns,
            kind=kind,
            group_by=group_by,
            sort=sort,
            max_groups=max_groups,
            flag=flag,
            title=title,
            size=size,
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
            ref_time_col=ref_time_col,
        )
