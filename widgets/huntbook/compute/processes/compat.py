"""The frame and the functions by which notebooks written for MSTICPy read a process tree, over a `ProcessForest`.

Where the two differ, ours says more: an inferred process has the time NaT instead of 1970, and parents are of the same
host. Process keys hold the host, so that processes of two hosts never share one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huntbook.compute.processes.build import build_process_tree
from huntbook.errors import ColumnNotFoundError, DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from huntbook.compute.processes.columns import IntArray
    from huntbook.compute.processes.forest import ProcessForest
    from huntbook.compute.processes.schema import SchemaLike

__all__ = [
    "compatible_frame",
    "get_ancestors",
    "get_children",
    "get_descendents",
    "get_parent",
    "get_process",
    "get_process_key",
    "get_root",
    "get_root_tree",
    "get_roots",
    "get_siblings",
    "get_summary_info",
    "get_tree_depth",
    "tree_to_text",
]

_COLUMNS = ("parent_key", "source_index", "path", "IsRoot", "IsLeaf", "IsBranch")


def compatible_frame(forest: ProcessForest, nodes: Sequence[int] | IntArray | None = None) -> pd.DataFrame:
    """Return the source's columns with the index and the columns that MSTICPy's tree functions read.

    Parameters
    ----------
    forest
        The forest.
    nodes
        Which nodes; default all.

    Returns
    -------
    pandas.DataFrame
        Index `proc_key`; the columns of the source, empty for inferred processes but for the schema's name, id, time
        and host; parent_key (empty for roots), source_index (the node as text), path (source indexes from the root
        down, parted by ``/``), IsRoot, IsLeaf, IsBranch and inferred.
    """
    chosen = np.arange(len(forest)) if nodes is None else np.asarray(nodes, dtype=np.int64)
    # Row -1 is in no range of rows: inferred processes come out empty.
    frame = forest.source.set_axis(pd.RangeIndex(len(forest.source))).reindex(forest.source_row[chosen])
    keys = _keys(forest)
    paths = _paths(forest)
    above = forest.parent[chosen]
    inferred = forest.inferred[chosen]
    _fill(frame, forest, chosen, inferred)
    leaf = forest.size[chosen] == 1
    frame["parent_key"] = np.where(above >= 0, keys[above], "")
    frame["source_index"] = [str(node) for node in chosen.tolist()]
    frame["path"] = paths[chosen]
    frame["IsRoot"] = above < 0
    frame["IsLeaf"] = leaf & (above >= 0)
    frame["IsBranch"] = ~leaf & (above >= 0)
    frame["inferred"] = inferred
    frame.index = pd.Index(keys[chosen], name="proc_key")
    return frame


def get_roots(procs: pd.DataFrame) -> pd.DataFrame:
    """Return the processes without a parent.

    Parameters
    ----------
    procs
        A frame of `compatible_frame`; so in all functions below.
    """
    return _tree(procs)[_tree(procs)["IsRoot"]]


def get_process_key(procs: pd.DataFrame, source_index: int | str) -> str:
    """Return the key of the process with that ``source_index``."""
    return str(procs.index[_place(procs, str(source_index))])


def get_process(procs: pd.DataFrame, source: str | pd.Series) -> pd.Series:
    """Return the row of a process, given by its key or its row."""
    return _row(procs, source)


def get_parent(procs: pd.DataFrame, source: str | pd.Series) -> pd.Series | None:
    """Return the parent of a process (given by its key or its row), or None for a root."""
    row = _row(procs, source)
    key = row["parent_key"]
    return procs.loc[key] if key and key in procs.index else None


def get_root(procs: pd.DataFrame, source: str | pd.Series) -> pd.Series:
    """Return the root of the tree that a process is in."""
    return procs.iloc[_place(procs, str(_row(procs, source)["path"]).split("/", 1)[0])]


def get_root_tree(procs: pd.DataFrame, source: str | pd.Series) -> pd.DataFrame:
    """Return the whole tree that a process is in."""
    return get_descendents(procs, get_root(procs, source))


def get_tree_depth(procs: pd.DataFrame) -> int:
    """Return how many processes stand on the longest path from a root."""
    return int(_tree(procs)["path"].str.count("/").max()) + 1


def get_children(procs: pd.DataFrame, source: str | pd.Series, include_source: bool = True) -> pd.DataFrame:  # noqa: FBT001, FBT002 - MSTICPy's signature
    """Return the processes that a process started, and itself with `include_source`."""
    row = _row(procs, source)
    wanted = (procs["parent_key"] == row.name).to_numpy()
    chosen: pd.DataFrame = procs[_with(procs, wanted, row, include_source=include_source)]
    return chosen


def get_descendents(
    procs: pd.DataFrame,
    source: str | pd.Series,
    include_source: bool = True,  # noqa: FBT001, FBT002 - MSTICPy's signature
    max_levels: int = -1,
) -> pd.DataFrame:
    """Return all processes below a process, `max_levels` deep (-1: all), and itself with `include_source`."""
    row = _row(procs, source)
    path = str(row["path"])
    below = procs["path"].str.startswith(f"{path}/").to_numpy(dtype=np.bool_)
    if max_levels >= 0:
        levels = procs["path"].str.count("/").to_numpy() - path.count("/")
        below = below & (levels <= max_levels)
    chosen: pd.DataFrame = procs[_with(procs, below, row, include_source=include_source)]
    return chosen


def get_ancestors(procs: pd.DataFrame, source: str | pd.Series, include_source: bool = True) -> pd.DataFrame:  # noqa: FBT001, FBT002 - MSTICPy's signature
    """Return the processes above a process, the root first, and itself with `include_source`."""
    row = _row(procs, source)
    above = str(row["path"]).split("/")[: None if include_source else -1]
    return procs.iloc[[_place(procs, node) for node in above]]


def get_siblings(procs: pd.DataFrame, source: str | pd.Series, include_source: bool = True) -> pd.DataFrame:  # noqa: FBT001, FBT002 - MSTICPy's signature
    """Return the processes with the same parent; of a root the other roots."""
    row = _row(procs, source)
    same = (procs["parent_key"] == row["parent_key"]).to_numpy()
    if not include_source:
        same = same & (procs.index != row.name)
    chosen: pd.DataFrame = procs[same]
    return chosen


def get_summary_info(procs: pd.DataFrame) -> dict[str, int]:
    """Return the totals under MSTICPy's names."""
    tree = _tree(procs)
    parents = set(tree["parent_key"])
    childless = ~tree.index.isin(parents)
    root = tree["IsRoot"].to_numpy()
    return {
        "Processes": len(tree),
        "RootProcesses": int(root.sum()),
        "LeafProcesses": int(tree["IsLeaf"].sum()),
        "BranchProcesses": int(tree["IsBranch"].sum()),
        "IsolatedProcesses": int((root & childless).sum()),
        "LargestTreeDepth": get_tree_depth(tree),
    }


def tree_to_text(procs: pd.DataFrame, schema: SchemaLike = None) -> str:
    """Return the processes as lines of text.

    Parameters
    ----------
    procs
        A frame of `compatible_frame`.
    schema
        Its schema, as in `build_process_tree`.
    """
    recorded = procs[~procs["inferred"].to_numpy(dtype=np.bool_)] if "inferred" in procs else procs
    columns = [column for column in recorded.columns if column not in (*_COLUMNS, "inferred")]
    return build_process_tree(recorded[columns].reset_index(drop=True), schema).to_text()


def _keys(forest: ProcessForest) -> Any:
    """Write a key for every node: host, image, id and start; equal ones (lost ids) get their node's number."""
    images = np.array([*(text.lower() for text in forest.images.texts), "unknown"], dtype=object)[
        forest.image
    ]
    hosts = np.array(forest.hosts, dtype=object)[forest.host]
    start = np.datetime_as_string(forest.start.view("datetime64[ns]"), unit="us").astype(object)
    keys = hosts + "|" + images + "|" + forest.pid.astype(str).astype(object) + "|" + start
    again = pd.Series(keys).duplicated(keep=False).to_numpy()
    keys[again] += "|" + np.flatnonzero(again).astype(str).astype(object)
    return keys


def _paths(forest: ProcessForest) -> Any:
    """Write the path of every node; a parent stands before its children, so one pass is enough."""
    paths = np.empty(len(forest), dtype=object)
    for node, parent in enumerate(forest.parent.tolist()):
        paths[node] = f"{paths[parent]}/{node}" if parent >= 0 else str(node)
    return paths


def _fill(frame: pd.DataFrame, forest: ProcessForest, chosen: IntArray, inferred: Any) -> None:
    """Say of inferred processes what is known of them, in the schema's columns."""
    known = forest.to_frame(chosen)
    values = {"process_name": "image", "process_id": "pid", "host_name_column": "host"}
    for role, column in values.items():
        name = forest.schema.roles.get(role)
        if name is None:
            continue
        said = known[column].to_numpy(dtype=object)
        frame[name] = frame[name].astype(object).where(~inferred, pd.Series(said, index=frame.index))


def _tree(procs: pd.DataFrame) -> pd.DataFrame:
    for column in _COLUMNS:
        if column not in procs.columns:
            raise ColumnNotFoundError.named(column, option="process tree", columns=procs.columns)
    return procs


def _row(procs: pd.DataFrame, source: str | pd.Series) -> pd.Series:
    _tree(procs)
    if isinstance(source, pd.Series):
        return source
    if source not in procs.index:
        raise DataError(
            f"source={source!r} is no process key of this frame. Keys are in its index, such as {procs.index[0]!r}."
        )
    row: Any = procs.loc[source]
    return row  # type: ignore[no-any-return] # keys are unique, so it is one row


def _place(procs: pd.DataFrame, source_index: str) -> int:
    found = np.flatnonzero(procs["source_index"].to_numpy() == source_index)
    if not len(found):
        raise DataError(
            f"The frame has no process with source_index {source_index!r}: was it cut from a larger tree?"
        )
    return int(found[0])


def _with(procs: pd.DataFrame, wanted: Any, row: pd.Series, *, include_source: bool) -> Any:
    return wanted | (procs.index == row.name) if include_source else wanted
