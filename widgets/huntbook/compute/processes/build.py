"""From a frame of process events to a `ProcessForest`: read, link, order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

import numpy as np
import pandas as pd

from huntbook.compute.frames import require_frame
from huntbook.compute.processes.columns import NAT
from huntbook.compute.processes.duplicates import without_duplicates
from huntbook.compute.processes.events import read_events
from huntbook.compute.processes.forest import ProcessForest
from huntbook.compute.processes.linking import link
from huntbook.compute.processes.mde import with_ancestors
from huntbook.compute.processes.order import cut_cycles, depth_first
from huntbook.compute.processes.rules import LinkRule
from huntbook.compute.processes.schema import schema_for
from huntbook.errors import OptionError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from huntbook.compute.processes.events import ProcessEvents
    from huntbook.compute.processes.linking import Links
    from huntbook.compute.processes.schema import ProcSchema, SchemaLike

__all__ = ["build_forest", "build_process_tree", "nanoseconds"]


@overload
def build_process_tree(
    frame: pd.DataFrame, schema: SchemaLike = None, *, clock_skew: str | pd.Timedelta = "1s"
) -> ProcessForest: ...
@overload
def build_process_tree(
    frame: Any, schema: SchemaLike = None, *, clock_skew: str | pd.Timedelta = "1s"
) -> Any: ...
def build_process_tree(
    frame: Any, schema: SchemaLike = None, *, clock_skew: str | pd.Timedelta = "1s"
) -> Any:
    """Link every process of a frame to its parent and return the forest.

    Parameters
    ----------
    frame
        Process events from any recorder, never changed. Of a Polars, PyArrow, DuckDB or Ibis frame the rows and columns
        that linking needs are fetched. A Dask or PySpark frame is linked host by host in its own workers, because
        parentage never crosses a host.
    schema
        What its columns mean: None (found by the columns), the name of a built-in source, a dict, or a
        `ProcSchema`.
    clock_skew
        How far the clocks behind two rows may disagree; default one second. A parent may seem to start that much
        after its child, or to have ended that much before it.

    Returns
    -------
    ProcessForest
        For Dask and PySpark instead a lazy frame of the same kind with a row a process: host, node and parent (which
        count the processes of one host, depth first; a root's parent is -1), depth, size, link, confidence, inferred,
        pid, name, image, command_line, user, start and end, as in `ProcessForest.to_frame`.

    Raises
    ------
    DataError
        No schema fits, no process starts, or a cell that can't be read; from a Dask or PySpark frame the latter comes
        when its answer is computed.
    OptionError
        An unknown schema, or a negative `clock_skew`.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({
    ...     "exe": ["/sbin/init", "/bin/sh"], "pid": [1, 7], "ppid": [0, 1],
    ...     "TimeGenerated": ["2026-01-01T10:00:00Z", "2026-01-01T10:00:05Z"],
    ... })
    >>> print(build_process_tree(events, "linux_auditd").to_text())
    init (1)
    └─ sh (7)
    """
    skew = nanoseconds(clock_skew)
    if isinstance(frame, pd.DataFrame):
        return build_forest(require_frame(frame), schema_for(frame, schema), clock_skew=skew)
    from huntbook.compute.engines.processes import build_in_engine  # noqa: PLC0415 - it builds on this

    return build_in_engine(frame, schema, clock_skew=skew)


def build_forest(frame: pd.DataFrame, schema: ProcSchema, *, clock_skew: int) -> ProcessForest:
    """Build the forest of a pandas frame whose schema is known; `clock_skew` in nanoseconds."""
    events, views = with_ancestors(read_events(frame, schema), frame, schema)
    events, duplicates = without_duplicates(events)
    links = link(events, clock_skew=clock_skew)
    counts = {
        "duplicates": duplicates,
        "dropped": events.dropped,
        "self_parents": links.self_parents,
        "skewed": links.skewed,
    }
    return _ordered(events, links, frame, schema, views=views, counts=counts)


def _ordered(
    events: ProcessEvents,
    links: Links,
    frame: pd.DataFrame,
    schema: ProcSchema,
    *,
    views: tuple[Mapping[str, str], ...],
    counts: dict[str, int],
) -> ProcessForest:
    """Put processes and ghosts into one depth-first walk."""
    recorded, ghosts = len(events), len(links.ghost_of)
    parent = np.concatenate([links.parent, np.full(ghosts, -1, dtype=np.int64)])
    rule = np.concatenate([links.rule, np.zeros(ghosts, dtype=np.uint8)])
    confidence = np.concatenate([links.confidence, np.zeros(ghosts, dtype=np.uint8)])
    host = np.concatenate([events.host, events.host[links.ghost_of]])
    # A ghost stands where its first child would; that is an order, not a time that anyone claims.
    rank = np.concatenate([np.arange(recorded) * 2 + 1, links.ghost_of * 2])
    cut = cut_cycles(parent, rank)
    parent[cut], rule[cut], confidence[cut] = -1, LinkRule.CUT, 0
    walk = depth_first(parent, rank)
    order = np.empty(len(parent), dtype=np.int64)
    order[walk.place] = np.arange(len(parent))
    fields = _with_ghosts(events, links, views)
    moved: dict[str, Any] = {name: values[order] for name, values in fields.items()}
    recorded_row = np.where(moved["origin"] < 0, moved["witness_row"], -1)
    return ProcessForest(
        parent=np.where(parent >= 0, walk.place[parent], -1)[order],
        depth=walk.depth[order],
        size=walk.size[order],
        link=rule[order],
        confidence=confidence[order],
        inferred=moved["origin"] >= 0,
        source_row=recorded_row,
        host=host[order],
        hosts=events.hosts,
        images=events.images,
        schema=schema,
        # A shallow copy: columns added to or dropped from the caller's frame later don't reach the forest.
        source=frame.copy(deep=False),
        views=_all_views(views, schema),
        counts={**counts, "cycles": len(cut)},
        **moved,
    )


def _with_ghosts(
    events: ProcessEvents, links: Links, views: tuple[Mapping[str, str], ...]
) -> dict[str, npt.NDArray[Any]]:
    """Give ghosts what their first child's row says of them."""
    child = links.ghost_of
    told = np.where(events.origin[child] < 0, len(views), len(views) + 1)
    unknown = np.full(len(child), NAT, dtype=np.int64)
    pairs: dict[str, tuple[npt.NDArray[Any], npt.NDArray[Any]]] = {
        "pid": (events.pid, events.parent_pid[child]),
        "start": (events.start, events.parent_start[child]),
        "end": (events.end, unknown),
        "image": (events.image, events.parent_image[child]),
        "witness_row": (events.source_row, events.source_row[child]),
        "origin": (events.origin, told.astype(np.int8)),
    }
    return {name: np.concatenate(pair) for name, pair in pairs.items()}


def _all_views(views: tuple[Mapping[str, str], ...], schema: ProcSchema) -> tuple[Mapping[str, str], ...]:
    """Add what a row says of its parent, and the view of a ghost of which only image and id are told."""
    told = {
        "cmd_line": schema.parent_cmd_line,
        "user_name": schema.parent_user_name,
        "process_guid": schema.parent_guid,
    }
    return (*views, {role: column for role, column in told.items() if column}, {})


def nanoseconds(clock_skew: str | pd.Timedelta) -> int:
    """Return a tolerance in nanoseconds, or raise an OptionError."""
    try:
        skew = pd.Timedelta(clock_skew)
    except ValueError as error:
        raise OptionError(
            f"clock_skew={clock_skew!r} is not a duration. Give one such as '1s' or '500ms'."
        ) from error
    # NaT, too, is not zero or more.
    if not skew >= pd.Timedelta(0):
        raise OptionError(
            f"clock_skew={clock_skew!r} must be a duration of zero or more, such as '1s' or '500ms'."
        )
    return int(skew.value)
