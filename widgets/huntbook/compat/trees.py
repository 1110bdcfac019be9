"""MSTICPy's `build_process_tree`: a frame with its columns, from our links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from huntbook.compute.processes import build_process_tree as build_forest
from huntbook.compute.processes.compat import compatible_frame, get_summary_info

if TYPE_CHECKING:
    import pandas as pd

    from huntbook.compute.processes.schema import SchemaLike

__all__ = ["build_process_tree"]


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
