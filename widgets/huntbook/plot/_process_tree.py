"""The process tree as a function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from huntbook.compute.engines.processes import fetch_events, schema_of
from huntbook.compute.engines.table import Table, open_frame
from huntbook.compute.processes import ProcessForest, build_process_tree
from huntbook.compute.processes.alerts import NO_ALERTS, place_alerts
from huntbook.compute.processes.fold import rare_processes
from huntbook.compute.timeline import flagged_rows
from huntbook.errors import ColumnNotFoundError, OptionError
from huntbook.plot._options import pixels

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from huntbook.compute.processes.schema import SchemaLike
    from huntbook.views.lineages import LineagesView
    from huntbook.views.process_tree import ProcessTreeView

_LEAST_ROWS, _HEADER = 4, 46


def process_tree(
    frame: Any,
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

    The picture is a window of rows over the whole forest: unfolding, searching, scrolling and filtering ask the kernel.
    It opens on what is flagged, else on what is rare (a lineage seen on one host of ten or more), else on the largest
    tree, and says how much is folded away.

    Parameters
    ----------
    frame : DataFrame or ProcessForest
        Process events of any recorder, never changed; or the forest that `build_process_tree` made of them. From Polars,
        PyArrow, DuckDB, Dask, PySpark or Ibis the starts and exits are fetched, in the columns that are linked or shown;
        `selected` has those.
    schema : ProcSchema, dict or str, optional
        What the columns mean; default is found by the columns. See `huntbook.build_process_tree`.
    legend_col : str, optional
        The column that colours processes: truth values, numbers, times, or text with any number of values (the
        commonest get a colour, the rest share one). Its legend filters.
    flag : str, mask or Series, optional
        The flagged rows: a column of booleans, a mask, or a pandas query. They are drawn in the warning colour and
        unfolded from the start.
    alerts : pandas.DataFrame, optional
        Alerts, with the host, the process id and the time in columns that are called as in `frame`. Each is a triangle
        in the row of the last process of that host that had the id at that time; those processes are flagged.
    source_columns : sequence of str, optional
        Further columns that tooltips show.
    pid_fmt : str, optional
        "hex" or "dec"; default is hex where the column holds hex text.
    clock_skew : str or Timedelta, default "1s"
        How far the clocks of two rows may disagree.
    title : str, optional
        Said before the sentence with the totals.
    height, width : int, optional
        Of the picture in pixels, 200 to 10,000; default 722 (26 rows), and the cell's width.

    Returns
    -------
    ProcessTreeView
        A widget with `forest`, `selected` (rows), `nodes`, `where()`, `lineage()`, `search()` and `save()`.

    Raises
    ------
    DataError
        The frame can't be read as process events; says which column and row.
    ColumnNotFoundError
        A column that is not in the frame.
    OptionError
        An option does not take its value.

    Examples
    --------
    >>> from huntbook import plot
    >>> from huntbook.simulated.processes import processes
    >>> view = plot.process_tree(processes(hosts=2, hours=1.0, seed=1), flag="Attack")
    >>> view.search("vssadmin")
    1
    >>> view.selected["CommandLine"].tolist()
    ['vssadmin delete shadows /all /quiet']
    """
    from huntbook.figures.tree_rows import Marks, TreeLook  # noqa: PLC0415 - Bokeh loads with the first picture
    from huntbook.views.process_tree import ProcessTreeView  # noqa: PLC0415 - the same

    shown = {"legend_col": [legend_col], "source_columns": source_columns or ()}
    asked = [
        (option, column) for option, columns in shown.items() for column in columns if column is not None
    ]
    forest = _forest_of(frame, schema, asked=asked, flag=flag, clock_skew=clock_skew)
    tall, wide = pixels("height", height), pixels("width", width)
    for option, column in asked:
        if column not in forest.source.columns:
            raise ColumnNotFoundError.named(str(column), option=option, columns=forest.source.columns)
    flagged = np.zeros(len(forest), dtype=np.bool_)
    if flag is not None:
        rows = flagged_rows(forest.source, flag)
        flagged = np.where(forest.inferred, False, rows[forest.source_row])
    laid = NO_ALERTS if alerts is None else place_alerts(forest, alerts)
    flagged[laid.node] = True
    marks = Marks(flagged=flagged, rare=rare_processes(forest), alerts=laid)
    usual = TreeLook()
    look = TreeLook(
        rows=usual.rows if tall is None else max(_LEAST_ROWS, (tall - _HEADER) // 26),
        width=wide,
        hexadecimal=_hexadecimal(forest, pid_fmt),
        tooltip_columns=tuple(map(str, source_columns or ())),
    )
    said = _sentence(forest, marks)
    sentence = f"{title}: {said}" if title else said
    return ProcessTreeView(forest, look=look, marks=marks, color=legend_col, sentence=sentence)


def process_lineages(
    frame: Any,
    *,
    schema: SchemaLike = None,
    by: Sequence[str] = ("name",),
    arguments: bool = False,
    flag: Any = None,
    clock_skew: str | pd.Timedelta = "1s",
) -> LineagesView:
    """List what runs here and nowhere else: equal lineages counted over hosts and time, the rarest first.

    Two processes have the same lineage if they and all processes above them are equal in what `by` names. A lineage
    that is chosen opens to its real processes in the tree below the list.

    Parameters
    ----------
    frame : DataFrame or ProcessForest
        Process events of any recorder, as in `process_tree`.
    schema : ProcSchema, dict or str, optional
        What the columns mean; default is found by the columns.
    by : sequence of str, default ("name",)
        What makes two processes equal: "name" (file name without case), "image" (with its folder), or any field of
        the schema, such as "user_name".
    arguments : bool, default False
        Compare command lines too, without numbers, identifiers and encoded blobs.
    flag : str, mask or Series, optional
        The flagged rows; see `process_tree`.
    clock_skew : str or Timedelta, default "1s"
        How far the clocks of two rows may disagree.

    Returns
    -------
    LineagesView
        A widget with `folded` (its `frame` is the list), `tree`, `choose()` and `selected`.

    Examples
    --------
    >>> from huntbook import plot
    >>> from huntbook.simulated.processes import processes
    >>> view = plot.process_lineages(processes(hosts=4, hours=1.0, seed=1))
    >>> int(view.folded.frame["hosts"].iloc[0])
    1
    """
    from huntbook.views.lineages import LineagesView  # noqa: PLC0415 - Bokeh and ipywidgets load with the first picture

    tree = process_tree(frame, schema=schema, flag=flag, clock_skew=clock_skew)
    return LineagesView(tree.forest.fold(by, arguments=arguments), tree=tree)


def _forest_of(
    frame: Any,
    schema: SchemaLike,
    *,
    asked: Sequence[tuple[str, str]],
    flag: Any,
    clock_skew: str | pd.Timedelta,
) -> ProcessForest:
    """Return a forest as it is, or build it; of other engines' frames only what is linked or shown is fetched."""
    if isinstance(frame, ProcessForest):
        return frame
    rows = open_frame(frame)
    if not isinstance(rows, Table):
        return build_process_tree(rows, schema, clock_skew=clock_skew)
    extra = [rows.require(column, option=option) for option, column in asked]
    if isinstance(flag, str) and flag in rows.schema:
        extra.append(flag)
    chosen = schema_of(rows, schema)
    return build_process_tree(fetch_events(rows, chosen, extra=extra), chosen, clock_skew=clock_skew)


def _hexadecimal(forest: ProcessForest, pid_fmt: str | None) -> bool:
    if pid_fmt not in {None, "hex", "dec"}:
        raise OptionError.unknown(pid_fmt, option="pid_fmt", known=["hex", "dec"])
    if pid_fmt is not None:
        return pid_fmt == "hex"
    cells = forest.source[forest.schema.process_id].dropna()
    return bool(len(cells)) and str(cells.iloc[0]).lower().startswith("0x")


def _sentence(forest: ProcessForest, marks: Any) -> str:
    total = forest.summary()
    hosts = f" on {total.hosts:,} hosts" if total.hosts > 1 else ""
    parts = [f"{total.processes:,} {'process' if total.processes == 1 else 'processes'}{hosts}"]
    if total.inferred:
        parts.append(f"{total.inferred:,} of them never recorded")
    if flagged := int(marks.flagged.sum()):
        parts.append(f"{flagged:,} flagged")
    if laid := len(marks.alerts.node):
        parts.append(f"{laid:,} {'alert' if laid == 1 else 'alerts'} laid over")
    if elsewhere := marks.alerts.elsewhere:
        parts.append(f"{elsewhere:,} {'alert' if elsewhere == 1 else 'alerts'} of no process here")
    if rare := int(marks.rare.sum()):
        parts.append(f"{rare:,} of a lineage that only one host has")
    if total.skewed:
        parts.append(f"{total.skewed:,} start before their parent by the clocks")
    return "; ".join(parts)
