"""MSTICPy's plotting functions: our pictures under its names and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huntbook import plot
from huntbook.errors import OptionError

if TYPE_CHECKING:
    import pandas as pd

    from huntbook.views import PlotView

__all__ = ["plot_matrix"]


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
    max_label_font_size: int = 12,
    hide: bool = False,  # noqa: ARG001 - a view shows nothing until a cell ends with it
) -> PlotView:
    """Draw a matrix as `huntbook.plot.matrix` does, under MSTICPy's signature.

    Parameters
    ----------
    data
        The frame.
    x, y, x_col, y_col
        The two columns, each under either name.
    hide
        Taken, and without effect: nothing is shown until a cell ends with the view.
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
    return plot.matrix(
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


def _either(axis: str, name: str | None, column: str | None) -> str:
    chosen = name or column
    if chosen is None:
        raise OptionError(f'{axis}=None: plot_matrix needs a column for each axis. Give {axis}="COLUMN".')
    return chosen
