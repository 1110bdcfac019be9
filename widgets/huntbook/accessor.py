"""Importing this module gives every pandas frame the accessor ``mp_plot``, and Polars' frames too if there is Polars.

MSTICPy registers an accessor of the same name; whichever is imported last is the one that
``df.mp_plot`` means, and pandas warns of it.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pandas as pd

from huntbook.accessor_timelines import TimelineMethods
from huntbook.plot import matrix, process_lineages, process_tree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huntbook.compute.processes.schema import SchemaLike
    from huntbook.views import PlotView
    from huntbook.views.lineages import LineagesView
    from huntbook.views.process_tree import ProcessTreeView

__all__ = ["MpPlotAccessor"]


@pd.api.extensions.register_dataframe_accessor("mp_plot")
class MpPlotAccessor(TimelineMethods):
    """Pictures of a frame: ``df.mp_plot.matrix(...)``.

    Parameters
    ----------
    frame
        The frame; pandas or Polars gives it.
    """

    def __call__(self, *, schema: SchemaLike = None) -> ProcessTreeView:
        """Draw the process tree, as ``df.mp_plot(schema=...)``; `process_tree` has all options.

        Parameters
        ----------
        schema
            What the columns mean; default is found by the columns.
        """
        return self.process_tree(schema=schema)

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
        flag: Any = None,
        color: str | None = None,
        height: int | None = None,
        width: int | None = None,
        font_size: int | None = None,
        max_label_font_size: int = 11,
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
            "asc" or True, "desc", "rarity", "similarity", False for first appearance, None for busiest first.
        flag
            The rows to point out: a column of booleans, a query, or a mask.
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
            A widget with `data`, `selected`, `where`, `find`, `show`, `sort`, `show_page` and `save`.

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
            flag=flag,
            color=color,
            height=height,
            width=width,
            font_size=font_size,
            max_label_font_size=max_label_font_size,
            max_categories=max_categories,
        )

    def process_lineages(
        self,
        *,
        schema: SchemaLike = None,
        by: Sequence[str] = ("name",),
        arguments: bool = False,
        flag: Any = None,
        clock_skew: str | pd.Timedelta = "1s",
    ) -> LineagesView:
        """List what runs here and nowhere else: equal lineages counted over hosts and time, the rarest first.

        `huntbook.plot.process_lineages` is the same as a function and explains every option.

        Parameters
        ----------
        schema
            What the columns mean; default is found by the columns.
        by
            What makes two processes equal: "name", "image", or a field of the schema.
        arguments
            Compare command lines too, by their shape.
        flag
            The flagged rows: a column of booleans, a mask, or a pandas query.
        clock_skew
            How far the clocks of two rows may disagree.

        Returns
        -------
        LineagesView
            A widget with `folded`, `tree`, `choose` and `selected`.

        Examples
        --------
        >>> from huntbook import mp_pandas_plot
        >>> from huntbook.simulated.processes import processes
        >>> view = processes(hosts=2, hours=1.0, seed=1).mp_plot.process_lineages()
        >>> list(view.folded.frame.columns)
        ['lineage', 'name', 'depth', 'processes', 'hosts', 'first', 'last']
        """
        return process_lineages(
            self._frame, schema=schema, by=by, arguments=arguments, flag=flag, clock_skew=clock_skew
        )

    def process_tree(
        self,
        *,
        schema: SchemaLike = None,
        legend_col: str | None = None,
        flag: Any = None,
        alerts: pd.DataFrame | None = None,
        source_columns: Sequence[str] | None = None,
        pid_fmt: str | None = None,
        clock_skew: str | pd.Timedelta = "1s",
        title: str | None = None,
        height: int | None = None,
        width: int | None = None,
    ) -> ProcessTreeView:
        """Draw who started whom, with every process' lifetime, at any number of processes.

        `huntbook.plot.process_tree` is the same as a function and explains every option.

        Parameters
        ----------
        schema
            What the columns mean: a ProcSchema, a dict, a source's name; default is found by the columns.
        legend_col
            The column that colours processes.
        flag
            The flagged rows: a column of booleans, a mask, or a pandas query.
        alerts
            Alerts, with host, process id and time in columns that are called as in the frame.
        source_columns
            Further columns that tooltips show.
        pid_fmt
            "hex" or "dec".
        clock_skew
            How far the clocks of two rows may disagree.
        title
            Said before the sentence with the totals.
        height, width
            Of the picture in pixels.

        Returns
        -------
        ProcessTreeView
            A widget with `forest`, `selected`, `nodes`, `where`, `lineage`, `search` and `save`.

        Examples
        --------
        >>> from huntbook import mp_pandas_plot
        >>> from huntbook.simulated.processes import processes
        >>> view = processes(hosts=2, hours=1.0, seed=1).mp_plot.process_tree(flag="Attack")
        >>> view.data["name"].iloc[0]
        'System'
        """
        return process_tree(
            self._frame,
            schema=schema,
            legend_col=legend_col,
            flag=flag,
            alerts=alerts,
            source_columns=source_columns,
            pid_fmt=pid_fmt,
            clock_skew=clock_skew,
            title=title,
            height=height,
            width=width,
        )


if find_spec("polars") is not None:
    import polars as pl

    for _register in (pl.api.register_dataframe_namespace, pl.api.register_lazyframe_namespace):
        _register("mp_plot")(MpPlotAccessor)
