"""Defender for Endpoint: each row speaks of the process created, the one that created it, and that one's parent.

Read through three schemas, every row gives three processes; each process is kept once, and a row of its own wins
over what another row says of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from huntbook.compute.processes.columns import NAT
from huntbook.compute.processes.events import ARRAYS, ProcessEvents, describe_images, read_view

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from huntbook.compute.processes.columns import CodeArray, IntArray
    from huntbook.compute.processes.schema import ProcSchema

__all__ = ["GENERATIONS", "with_ancestors"]

# Two rows that speak of one process differ in the last digits of its start time.
_SAME_START_NS = 1_000_000

_INITIATING = {
    "process_name": "InitiatingProcessFileName",
    "process_id": "InitiatingProcessId",
    "time_stamp": "InitiatingProcessCreationTime",
    "cmd_line": "InitiatingProcessCommandLine",
    "user_name": "InitiatingProcessAccountName",
    "parent_id": "InitiatingProcessParentId",
    "parent_name": "InitiatingProcessParentFileName",
    "parent_time": "InitiatingProcessParentCreationTime",
}
_GRANDPARENT = {
    "process_name": "InitiatingProcessParentFileName",
    "process_id": "InitiatingProcessParentId",
    "time_stamp": "InitiatingProcessParentCreationTime",
}
_INTERNAL_NAMES = {
    "InitiatingProcessFileName": "InitiatingProcessName",
    "InitiatingProcessCommandLine": "Process_CommandLine",
    "InitiatingProcessParentId": "InitiatingProcessParentProcessId",
    "InitiatingProcessParentFileName": "InitiatingProcessParentProcessName",
}
_CREATING = {
    "process_name": "CreatedProcessParentName",
    "process_id": "CreatedProcessParentId",
    "time_stamp": "CreatedProcessParentCreationTimeUtc",
}

Generation = dict[str, str]


def _internal(generation: Generation) -> Generation:
    return {role: _INTERNAL_NAMES.get(column, column) for role, column in generation.items()}


# By the parent's id column of the schema: the older processes that a row speaks of, the best known first.
GENERATIONS: Mapping[str, tuple[Generation, ...]] = {
    "InitiatingProcessId": (_INITIATING, _GRANDPARENT),
    "CreatedProcessParentId": (_internal(_INITIATING), _CREATING, _internal(_GRANDPARENT)),
}


def with_ancestors(
    events: ProcessEvents, frame: pd.DataFrame, schema: ProcSchema
) -> tuple[ProcessEvents, tuple[Generation, ...]]:
    """Add the older processes that Defender's rows speak of and that have no row of their own.

    Parameters
    ----------
    events
        The recorded processes of `frame`.
    frame, schema
        What they were read from; read only.

    Returns
    -------
    tuple
        The events with the older processes behind them, and the columns that speak of each generation: `origin` of
        an older process says which. A frame that isn't Defender's, or lacks the columns, comes back as it is.
    """
    present = set(map(str, frame.columns))
    views = tuple(
        {role: column for role, column in view.items() if column in present}
        for view in GENERATIONS.get(schema.parent_id, ())
        if {view["process_id"], view["time_stamp"]} <= present
    )
    if not views:
        return events, views
    older = [
        _read(frame, view, events, number=number, separator=schema.path_separator)
        for number, view in enumerate(views)
    ]
    every = _joined([events, *older], schema.path_separator)
    return every.take(_first_of_each(every)), views


def _read(
    frame: pd.DataFrame, view: Generation, events: ProcessEvents, *, number: int, separator: str
) -> ProcessEvents:
    """Read one generation; rows that don't say which process it was, or when it started, say nothing."""
    older = read_view(
        frame, view, events.source_row, host=events.host, hosts=events.hosts, separator=separator
    )
    known = (older.pid >= 0) & (older.start != NAT)
    older = older.take(known & _distinct(older.host, older.pid, older.start))
    return replace(older, origin=np.full(len(older), number, dtype=np.int8))


def _distinct(host: CodeArray, pid: IntArray, start: IntArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether each element is the first with its host, id and start."""
    order = np.lexsort((start, pid, host))
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = np.any([np.diff(part[order]) != 0 for part in (host, pid, start)], axis=0)
    first = np.zeros(len(order), dtype=np.bool_)
    first[order[new]] = True
    return first


def _joined(parts: list[ProcessEvents], separator: str) -> ProcessEvents:
    """Put events with different images behind each other, with one vocabulary of images."""
    texts: dict[str, str] = {}
    for part in parts:
        for text in part.images.texts:
            texts.setdefault(text.strip().lower(), text)
    place = {text: number for number, text in enumerate(texts)}
    moved = []
    for part in parts:
        translation = np.array(
            [*(place[text.strip().lower()] for text in part.images.texts), -1], dtype=np.int32
        )
        moved.append(
            replace(part, image=translation[part.image], parent_image=translation[part.parent_image])
        )
    arrays: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in moved]) for name in ARRAYS
    }
    return replace(parts[0], **arrays, images=describe_images(tuple(texts.values()), separator))


def _first_of_each(events: ProcessEvents) -> IntArray:
    """Return the events to keep: all that are recorded, and of the others the first of each process, in order."""
    order = np.lexsort((events.start, events.pid, events.host))
    same = (events.host[order][1:] == events.host[order][:-1]) & (
        events.pid[order][1:] == events.pid[order][:-1]
    )
    start = events.start[order]
    same &= (start[1:] - start[:-1] <= _SAME_START_NS) & (start[1:] != NAT) & (start[:-1] != NAT)
    process = np.concatenate([[0], np.cumsum(~same)])
    by_process = np.empty(len(order), dtype=np.int64)
    by_process[order] = process
    # The parts stand in order of what they know, so the smallest position of a process is the one to keep.
    best = np.full(int(process[-1]) + 1, len(order), dtype=np.int64)
    np.minimum.at(best, by_process, np.arange(len(order)))
    return np.flatnonzero(~events.inferred | (best[by_process] == np.arange(len(order))))
