"""Numbers over time as a function."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from huntbook.compute.engines.table import open_frame
from huntbook.compute.engines.values import prepare_engine_values
from huntbook.compute.lanes import lane_order
from huntbook.compute.timeline import DEFAULT_TIME
from huntbook.compute.values import prepare_values
from huntbook.errors import OptionError
from huntbook.plot._options import MOST_CATEGORIES, whole
from huntbook.plot._timeline import time_look

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from huntbook.compute.values import NumberSource
    from huntbook.views.values import ValuesView

_MARK = 7


def timeline_values(
    frame: Any,
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
    size: int = _MARK,
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

    Up to 5,000 values in view are all drawn; of more, the lowest and the highest of each group and
    moment, which gives the same outline and never loses a peak. Zooming draws the stretch anew.

    Parameters
    ----------
    frame : DataFrame
        The rows, of pandas or any engine (see the page "Any engine"); never changed. Rows without a time or a finite number are not drawn, and the title says
        how many.
    value_column, y : str
        The numeric column; two names for one option, and one of them is needed.
    time_column : str, default "TimeGenerated"
        When each number was: times, or their text. Without a zone it is UTC.
    source_columns : sequence of str, optional
        Columns that the tooltip shows.
    kind : str or sequence of str, default "vbar"
        "vbar" a bar from zero, "line" a line a group, "circle" points, "scatter" small points; or several.
    group_by : str or sequence of str, optional
        A colour for each value of the column, or each combination of the columns; null is a group.
    sort : str, bool or None, default None
        Order of the groups; see `timeline`.
    max_groups : int, default 8
        How many groups have a colour of their own, 1 to 200; the others are grey. Colours repeat after 8.
    flag : str or mask, optional
        Rows to mark; see `timeline`.
    title : str, optional
        Drawn above the sentence that says what is shown.
    size : int, default 7
        Diameter of a point in pixels, 2 to 40.
    color : str, optional
        Any CSS colour, for all groups; default is one a group.
    legend : str, default "left"
        Where the groups' names are, if there are several groups: "left", "right", "inline" or "none".
    yaxis, xgrid, ygrid, range_tool, height, width
        As for `timeline`.
    ref_event, ref_time, ref_label, ref_times, ref_events, ref_col, ref_time_col
        As for `timeline`.

    Returns
    -------
    ValuesView
        A `PlotView` with `zoom` and `show_all`. Its `data` is what is drawn: ``time``, ``value`` and
        ``group``; its `selected` is the rows behind the selected points.

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
    >>> flows = samples.network_flows(rows=1_000)
    >>> view = plot.timeline_values(flows, value_column="BytesSent", group_by="Protocol", kind="circle")
    >>> len(view.data)
    1000
    """
    from huntbook.figures.theme import require_color  # noqa: PLC0415 - Bokeh loads with the first picture
    from huntbook.views.values import ValuesView  # noqa: PLC0415 - the same

    rows = open_frame(frame)
    prepare: Callable[..., NumberSource] = (
        partial(prepare_values, rows)
        if isinstance(rows, pd.DataFrame)
        else partial(prepare_engine_values, rows)
    )
    values = prepare(
        value_column=_column(value_column, y),
        time_column=time_column,
        source_columns=source_columns,
        group_by=group_by,
        order=lane_order(sort),
        max_groups=whole("max_groups", max_groups, 1, MOST_CATEGORIES),
        flag=flag,
    )
    look = time_look(
        title=title,
        legend=legend,
        size=size,
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
    return ValuesView(
        values,
        look=look,
        kinds=_kinds(kind),
        color=None if color is None else require_color(color),
    )


def _column(value_column: str | None, y: str | None) -> str:
    """Return the column that either name gives."""
    if value_column is not None and y is not None and value_column != y:
        raise OptionError(
            f"value_column={value_column!r} and y={y!r} are two names for one option. Leave one of them out."
        )
    column = y if value_column is None else value_column
    if column is None:
        raise OptionError(
            "value_column is missing. Name the numeric column to draw: value_column='<column>'."
        )
    return column


def _kinds(kind: str | Sequence[str]) -> tuple[str, ...]:
    """Return the kinds of mark."""
    from huntbook.figures.values import KINDS  # noqa: PLC0415 - Bokeh loads with the first picture

    kinds = (kind,) if isinstance(kind, str) else tuple(kind)
    unknown = [word for word in kinds if word not in KINDS]
    if unknown or not kinds:
        raise OptionError.unknown(unknown[0] if unknown else kind, option="kind", known=KINDS)
    return kinds
