"""Importing this module gives every pandas frame the accessor ``mp_plot``.

MSTICPy registers an accessor of the same name; whichever is imported last is the one that
``df.mp_plot`` means, and pandas warns of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from huntbook.plot import matrix

if TYPE_CHECKING:
    from huntbook.views import PlotView

__all__ = ["MpPlotAccessor"]


@pd.api.extensions.register_dataframe_accessor("mp_plot")
class MpPlotAccessor:
    """Pictures of a frame: ``df.mp_plot.matrix(...)``.

    Parameters
    ----------
    frame
        The frame; pandas gives it.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self._frame = frame

    def matrix(
        self,
        *,
        x: str,
        y: str,
        title: str | None = None,
        value_col: str | None = None,
        dist_count: bool | str = False,
        log_size: bool = False,
        invert: bool = False,
        intersect: bool = False,
        sort: str | bool | None = None,
        sort_x: str | bool | None = None,
        sort_y: str | bool | None = None,
        color: str | None = None,
        height: int | None = None,
        width: int | None = None,
        font_size: int | None = None,
        max_label_font_size: int = 12,
        max_categories: int = 100,
    ) -> PlotView:
        """Draw which values of two columns occur together, and how often.

        `huntbook.plot.matrix` is the same as a function and explains every option.

        Parameters
        ----------
        x, y
            Names of the columns across and down.
        title
            Drawn above the sentence that says what is shown.
        value_col
            A numeric column to sum, instead of counting rows.
        dist_count
            True to count the distinct values of `value_col`; or the name of a column to count those of.
        log_size, invert, intersect
            Log scale; smallest value largest; all circles alike.
        sort, sort_x, sort_y
            "asc" or True, "desc", False for first appearance, None for busiest first.
        color
            Any CSS colour.
        height, width
            Of the picture in pixels.
        font_size, max_label_font_size
            Of the labels in pixels: fixed, or at most.
        max_categories
            How many categories an axis shows; the rest share a margin.

        Returns
        -------
        PlotView
            A widget with `data`, `selected`, `figure` and `save`.

        Examples
        --------
        >>> from huntbook import mp_pandas_plot, samples
        >>> flows = samples.network_flows(rows=1_000)
        >>> view = flows.mp_plot.matrix(x="SourceIP", y="DestinationPort", log_size=True)
        >>> list(view.data.columns)
        ['x', 'y', 'rows', 'value', 'size']
        """
        return matrix(
            self._frame,
            x=x,
            y=y,
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
            max_categories=max_categories,
        )
