"""Draw matrix and timeline of a Parquet file through one engine, and print what it took, as JSON.

Usage: _engines_once.py duckdb|polars|dask|pyspark ROWS.parquet
"""

from __future__ import annotations

import hashlib
import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pandas as pd

import huntbook.views.matrix
import huntbook.views.timeline  # noqa: F401 - loaded before the clock starts
from huntbook import plot

START = pd.Timestamp("2024-03-01")
LENGTH = pd.Timedelta(days=30)


def opened(engine: str, path: str) -> Any:
    """Return the file as a frame of the engine, which reads nothing of it yet."""
    if engine == "duckdb":
        import duckdb  # noqa: PLC0415 - only the engine that is measured

        session = duckdb.connect()
        session.execute("SET threads = 2")
        return session.read_parquet(path)
    if engine == "polars":
        import polars as pl  # noqa: PLC0415 - the same

        return pl.scan_parquet(path)
    if engine == "dask":
        import dask.dataframe as dd  # noqa: PLC0415 - the same
        from distributed import Client, LocalCluster  # noqa: PLC0415 - the same

        Client(LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None))
        return dd.read_parquet(path, split_row_groups=2)
    from pyspark.sql import SparkSession  # noqa: PLC0415 - the same

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.memory", "2g").config("spark.sql.shuffle.partitions", "4")
    session = builder.config("spark.sql.session.timeZone", "UTC").getOrCreate()
    session.range(10).count()
    return session.read.parquet(path)


class Peak(threading.Thread):
    """The highest resident size of this process and its children, sampled (Linux only)."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.highest, self._done = 0.0, threading.Event()

    def run(self) -> None:
        """Sample until stopped."""
        while not self._done.wait(0.02):
            self.highest = max(self.highest, megabytes())

    def stop(self) -> float:
        """Return the highest size in MB."""
        self._done.set()
        self.join()
        return self.highest


def megabytes() -> float:
    """Return the resident size of this process and all of its children in MB."""
    sizes: dict[int, tuple[int, int]] = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:  # a process that has just ended
            continue
        sizes[int(fields["Pid"])] = (int(fields["PPid"]), int(fields.get("VmRSS", "0 kB").split()[0]))
    family, grown = {int(Path("/proc/self").resolve().name)}, True
    while grown:
        more = {pid for pid, (parent, _) in sizes.items() if parent in family} - family
        family |= more
        grown = bool(more)
    return sum(sizes[pid][1] for pid in family if pid in sizes) / 1024


def timed(work: Any) -> tuple[float, Any]:
    """Return how long something took, and what came of it."""
    begun = time.perf_counter()
    result = work()
    return time.perf_counter() - begun, result


def digest(*frames: pd.DataFrame) -> str:
    """Return a text that is the same for the same numbers."""
    text = "".join(frame.to_csv(index=False, float_format="%.6g") for frame in frames)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def main() -> None:
    """Open, draw, zoom, measure."""
    frame = opened(sys.argv[1], sys.argv[2])
    before = megabytes()
    peak = Peak()
    peak.start()
    matrix, first = timed(lambda: plot.matrix(frame, x="SourceIP", y="DestinationIP", sort="asc"))
    timeline, view = timed(lambda: plot.timeline(frame, group_by="Group", sort="asc"))
    drawn = [first.data[["x", "y", "rows"]], view.data]
    wide, _ = timed(lambda: view.zoom(START + LENGTH / 3, START + LENGTH * 2 / 3))
    drawn.append(view.data)
    narrow = []
    for part in (0.2, 0.5, 0.8):
        middle = START + LENGTH * part
        narrow.append(timed(lambda: view.zoom(middle, middle + LENGTH / 1_000))[0])  # noqa: B023 - called at once
        drawn.append(view.data)
    result = {
        "matrix": matrix,
        "timeline": timeline,
        "wide": wide,
        "narrow": sorted(narrow)[1],
        "peak": peak.stop() - before,
        "numbers": digest(*drawn),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
