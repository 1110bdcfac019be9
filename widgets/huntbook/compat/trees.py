"""MSTICPy's functions for process trees: its frame from our links, and our picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huntbook import plot
from huntbook.compat.showing import keep_selection, show
from huntbook.compute.processes import build_process_tree as build_forest
from huntbook.compute.processes.compat import compatible_frame, get_summary_info

if TYPE_CHECKING:
    import pandas as pd

    from huntbook.compute.processes.schema import SchemaLike
    from huntbook.views.process_tree import ProcessTreeView

__all__ = ["build_and_show_process_tree", "build_process_tree", "plot_process_tree"]


def build_process_tree(
    procs: pd.DataFrame,
    schema: SchemaLike = None,
    *,
    show_summary: bool = False,
) -> pd.DataFrame:
    """Link processes to their parents and return them as MSTICPy's frame.

    `huntbook.compute.processes.build_process_tree` gives the forest itself, which is quicker to ask.

    Parameters
    ----------
    procs
        Process events; not changed.
    schema
        A `ProcSchema`, a dict, a built-in source's name, or None to find it by the columns.
    show_summary
        Print the totals.

    Returns
    -------
    pandas.DataFrame
        As `huntbook.compute.processes.compat.compatible_frame` says.

    Raises
    ------
    DataError
        No schema fits, or there is no process start.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({
    ...     "exe": ["/sbin/init", "/bin/sh"], "pid": [1, 7], "ppid": [0, 1],
    ...     "TimeGenerated": ["2026-01-01T10:00:00Z", "2026-01-01T10:00:05Z"],
    ... })
    >>> build_process_tree(events, "linux_auditd")[["exe", "path", "IsRoot"]].values.tolist()
    [['/sbin/init', '0', True], ['/bin/sh', '0/1', False]]
    """
    tree = compatible_frame(build_forest(procs, schema))
    if show_summary:
        print(get_summary_info(tree))  # noqa: T201 - asked for
    return tree


def build_and_show_process_tree(
    data: pd.DataFrame,
    schema: SchemaLike = None,
    output_var: str | None = None,
    legend_col: str | None = None,
    show_table: bool = False,  # noqa: FBT001, FBT002, ARG001 - MSTICPy's signature
    *,
    title: str | None = None,
    pid_fmt: str | None = None,
    hide_legend: bool = False,  # noqa: ARG001 - MSTICPy's option
    height: int | None = None,
    width: int | None = None,
) -> ProcessTreeView:
    """Draw a process tree as `huntbook.plot.process_tree` does, under MSTICPy's signature.

    Parameters
    ----------
    data
        Process events, or the frame that `build_process_tree` of this module gave.
    output_var
        The name of a variable of the notebook that is to hold the rows that are selected, as ``view.selected`` does.
    show_table, hide_legend
        Taken, and without effect: what is selected is ``view.selected``, and the legend is also the filter.
    pid_fmt
        ``hex`` or ``dec``; ``guid``, as None, leaves ids as they were written.
    schema, legend_col, title, height, width
        As in `huntbook.plot.process_tree`.

    Returns
    -------
    ProcessTreeView
        It is shown at once. MSTICPy returns a pair of Bokeh's figure and layout: the layout is ``view.figure``.
    """
    view = plot.process_tree(
        _events(data),
        schema=schema,
        legend_col=legend_col,
        title=title,
        pid_fmt=None if pid_fmt == "guid" else pid_fmt,
        height=height,
        width=width,
    )
    keep_selection(view, output_var)
    return show(view)


def plot_process_tree(
    data: pd.DataFrame,
    schema: SchemaLike = None,
    output_var: str | None = None,
    legend_col: str | None = None,
    show_table: bool = False,  # noqa: FBT001, FBT002 - MSTICPy's signature
    *,
    title: str | None = None,
    pid_fmt: str | None = None,
    hide_legend: bool = False,
    height: int | None = None,
    width: int | None = None,
) -> ProcessTreeView:
    """Draw a process tree: the same as `build_and_show_process_tree`, as building is a part of drawing here.

    Parameters
    ----------
    data, schema, output_var, legend_col, show_table, title, pid_fmt, hide_legend, height, width
        As there.

    Returns
    -------
    ProcessTreeView
        As there.
    """
    return build_and_show_process_tree(
        data,
        schema,
        output_var,
        legend_col,
        show_table,
        title=title,
        pid_fmt=pid_fmt,
        hide_legend=hide_legend,
        height=height,
        width=width,
    )


def _events(data: pd.DataFrame) -> pd.DataFrame:
    """Return the recorded events of a frame that was built here; any other frame as it is."""
    if data.index.name != "proc_key" or "inferred" not in data.columns:
        return data
    built = ["parent_key", "source_index", "path", "IsRoot", "IsLeaf", "IsBranch", "inferred"]
    return data[~data["inferred"].to_numpy(dtype=bool)].drop(columns=built).reset_index(drop=True)
