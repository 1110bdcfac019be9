"""Build one process tree in this process, print what it took as JSON and write who is whose parent.

Runs in either environment. Usage: _processes_once.py huntbook|msticpy EVENTS.parquet SOURCE LINKS.npz

EVENTS needs a column RowNumber from 0 on; LINKS gets for each row the row of its parent, or -1, as `parents`, and from
huntbook the number of the rule that found it as `rules`.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

PEER_SCHEMAS = {
    "windows_4688": "WIN_EVENT_SCH",
    "sysmon": "SYSMON_PROCESS_CREATE_EVENT_SCH",
    "linux_auditd": "LX_EVENT_SCH",
    "mde_internal": "MDE_INT_EVENT_SCH",
    "mde_public": "MDE_EVENT_SCH",
}
PEER_TIMES = {"windows_4688": "TimeGenerated", "sysmon": "UtcTime"}


def peak_kilobytes() -> int:
    """Return the process' highest resident size since the last `forget_peak`."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1])
    return 0


def forget_peak() -> None:
    """Let the kernel count the highest resident size from now on (Linux only)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def ours(frame: pd.DataFrame, source: str) -> tuple[float, float, dict[str, Any]]:
    """Return the seconds of the build, those of the descendants of the largest root, and the links."""
    from huntbook.compute.processes import build_process_tree  # noqa: PLC0415 - only in our environment

    build_process_tree(frame.head(1_000), source)  # libraries load their parts on first use
    forget_peak()
    start = time.perf_counter()
    forest = build_process_tree(frame, source)
    built = time.perf_counter()
    largest = int(forest.roots[np.argmax(forest.size[forest.roots])])
    begun = time.perf_counter()
    forest.descendants(largest)
    below = time.perf_counter() - begun
    parents = np.full(len(frame), -1, dtype=np.int64)
    own = ~forest.inferred
    above = forest.parent[own]
    parents[forest.source_row[own]] = np.where(above >= 0, forest.source_row[above], -1)
    rules = np.zeros(len(frame), dtype=np.int64)
    rules[forest.source_row[own]] = forest.link[own]
    return built - start, below, {"parents": parents, "rules": rules}


def theirs(frame: pd.DataFrame, source: str) -> tuple[float, float, dict[str, Any]]:
    """Return the same of the peer."""
    from msticpy.transform import proc_tree_schema as schemas  # type: ignore[import-not-found] # noqa: PLC0415
    from msticpy.transform.proc_tree_builder import build_process_tree  # type: ignore[import-not-found] # noqa: PLC0415
    from msticpy.transform.process_tree_utils import (  # type: ignore[import-not-found] # noqa: PLC0415
        get_descendents,
        get_roots,
    )

    schema = getattr(schemas, PEER_SCHEMAS[source])
    forget_peak()
    start = time.perf_counter()
    try:
        tree = build_process_tree(frame, schema=schema)
    except ValueError:  # rows without an id stop it where ids are numbers
        frame = frame[frame[schema.process_id].notna()]
        tree = build_process_tree(frame, schema=schema)
    built = time.perf_counter()
    rows = dict(zip(tree.index, tree["RowNumber"].fillna(-1).astype(int), strict=True))
    parents = np.full(int(frame["RowNumber"].max()) + 1, -1, dtype=np.int64)
    own = tree["RowNumber"].notna()
    parents[tree.loc[own, "RowNumber"].astype(int)] = [
        rows.get(key, -1) for key in tree.loc[own, "parent_key"]
    ]
    below = float("nan")
    if "--descendants" in sys.argv:
        sizes = tree["path"].str.split("/", n=1).str[0].value_counts()
        roots = get_roots(tree)
        largest = roots.loc[roots["source_index"] == sizes.index[0]].iloc[0]
        begun = time.perf_counter()
        get_descendents(tree, largest)
        below = time.perf_counter() - begun
    return built - start, below, {"parents": parents}


def main() -> None:
    """Load, build, measure."""
    warnings.simplefilter("ignore")
    side, events, source, target = sys.argv[1:5]
    frame = pd.read_parquet(events)
    if side == "msticpy" and source in PEER_TIMES:
        # The peer wants times as times; ours reads text.
        frame[PEER_TIMES[source]] = pd.to_datetime(frame[PEER_TIMES[source]])
        # It also joins only columns of one kind.
        texts = [name for name, kind in frame.dtypes.items() if str(kind).startswith("string")]
        frame = frame.astype(dict.fromkeys(texts, object))
    before = peak_kilobytes() if not forget_peak() else 0
    begun = time.process_time()
    seconds, below, links = (ours if side == "huntbook" else theirs)(frame, source)
    np.savez(target, **links)
    took = {"seconds": seconds, "cpu": time.process_time() - begun, "descendants": below}
    print(json.dumps({**took, "peak": (peak_kilobytes() - before) / 1024}))


if __name__ == "__main__":
    main()
