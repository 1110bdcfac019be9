"""Each process once, host by host and by start: the order that linking works in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from huntbook.compute.processes.sorting import stable_order

if TYPE_CHECKING:
    import numpy.typing as npt

    from huntbook.compute.processes.events import ProcessEvents

    BoolArray = npt.NDArray[np.bool_]

__all__ = ["without_duplicates"]


def without_duplicates(events: ProcessEvents) -> tuple[ProcessEvents, int]:
    """Keep the first record of every process, in order of host and start time.

    Parameters
    ----------
    events
        Process starts.

    Returns
    -------
    tuple
        The distinct processes, by host and start (unknown starts first), and how many records were left out. Two
        records are of one process if they share host and GUID; or host, process id, start, image, parent id and
        command line.
    """
    # Parents are of the same host: host by host, all that linking looks up lies close together in memory.
    if not _ascends(events.start):
        events = events.take(np.argsort(events.start, kind="stable"))
    if not _ascends(events.host):
        events = events.take(stable_order(events.host))
    repeated = _repeated_guids(events) | _repeated_starts(events)
    count = int(repeated.sum())
    return (events.take(~repeated) if count else events), count


def _ascends(values: npt.NDArray[np.integer[Any]]) -> bool:
    return bool((values[1:] >= values[:-1]).all())


def _repeated_guids(events: ProcessEvents) -> BoolArray:
    if events.guid.max(initial=-1) < 0:
        return np.zeros(len(events), dtype=np.bool_)
    key = events.host.astype(np.int64) << 32 | events.guid
    return np.asarray(pd.Series(key).duplicated().to_numpy() & (events.guid >= 0))


def _repeated_starts(events: ProcessEvents) -> BoolArray:
    """Compare whole records only where host, process id and start time are shared, which is rare."""
    shared = np.zeros(len(events), dtype=np.bool_)
    tied = np.flatnonzero((events.start[1:] == events.start[:-1]) & (events.host[1:] == events.host[:-1]))
    shared[tied] = True
    shared[tied + 1] = True
    rows = np.flatnonzero(shared & (events.guid < 0))
    record = pd.DataFrame(
        {
            "host": events.host[rows],
            "process": events.pid[rows],
            "start": events.start[rows],
            "image": events.image[rows],
            "parent": events.parent_pid[rows],
            "command": events.command[rows],
        }
    )
    repeated = np.zeros(len(events), dtype=np.bool_)
    repeated[rows] = record.duplicated().to_numpy()
    return repeated
