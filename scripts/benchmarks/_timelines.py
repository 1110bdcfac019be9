"""What the benchmarks of the three timelines share.

The same events (seeded; in no order of time) are drawn by both, in turn and each time in a fresh process; imports
and loading are done before the clock starts. The peer sends every event to the browser, so that it is left out
above 10^6.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import numpy as np
import pandas as pd
from _peer import PEER, peer_python

ONCE = Path(__file__).with_name("_timeline_once.py")
MOST_FOR_PEER = 1_000_000
MEASURES = {
    "call": "s, the call",
    "ready": "s, until the message is ready",
    "peak": "MB above the frame",
    "bytes": "bytes sent",
    "first": "s, the first zoom's answer",
    "zoom": "s, a zoom's answer",
}


def write_events(path: Path, rows: int, groups: int) -> None:
    """Write seeded events of one day in `groups` groups, with an end up to a minute later and a number."""
    random = np.random.default_rng(20240311)
    start = pd.Timestamp("2024-03-11")
    times = start + pd.to_timedelta(random.integers(0, 86_400_000_000, rows), unit="us")
    frame = pd.DataFrame(
        {
            "TimeGenerated": times,
            "Ended": times + pd.to_timedelta(random.integers(0, 60_000_000, rows), unit="us"),
            "Bytes": random.lognormal(8, 2, rows),
            "Group": pd.Series([f"group {at}" for at in range(groups)]).to_numpy()[
                random.integers(0, groups, rows)
            ],
        }
    )
    frame.to_parquet(path)


def once(python: Path, name: str, kind: str, path: Path) -> dict[str, float]:
    """Draw in a fresh process and return what it took."""
    done = subprocess.run([python, ONCE, name, kind, path], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{name} failed on {path.name}:\n{done.stderr}")
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def compare(kind: str, rows: int, groups: int, repeats: int, folder: Path) -> None:
    """Draw by both in turn, and print medians and ratios."""
    path = folder / f"{rows}.parquet"
    write_events(path, rows, groups)
    own: list[dict[str, float]] = []
    peer: list[dict[str, float]] = []
    for _ in range(repeats):
        if rows <= MOST_FOR_PEER:
            peer.append(once(peer_python(), "msticpy", kind, path))
        own.append(once(Path(sys.executable), "huntbook", kind, path))
    path.unlink()
    print(f"\n{rows:,} events in {groups} groups{'':>14}huntbook {PEER:>16}    ratio")
    for measure, words in MEASURES.items():
        digits = 0 if measure in {"bytes", "peak"} else 3
        mine = median(result[measure] for result in own)
        line = f"  {words:<40}{mine:>10,.{digits}f}"
        if peer and peer[0][measure] is not None:
            theirs = median(result[measure] for result in peer)
            line += f" {theirs:>16,.{digits}f} {theirs / mine if mine else float('inf'):>7.1f}x"
        print(line, flush=True)


def measure(kind: str, *, name: str, about: str | None) -> None:
    """Compare one kind of picture at each size."""
    parser = argparse.ArgumentParser(prog=f"scripts/bench {name}", description=about)
    parser.add_argument(
        "--rows",
        type=float,
        nargs="+",
        default=[1e4, 1e5, 1e6, 1e7],
        help="how many events (default: %(default)s)",
    )
    parser.add_argument(
        "--groups", type=int, nargs="+", default=[10, 200], help="how many groups (default: %(default)s)"
    )
    parser.add_argument(
        "--repeats", type=int, default=3, help="fresh processes a size and side (default: %(default)s)"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for groups in options.groups:
            for rows in options.rows:
                compare(kind, int(rows), groups, options.repeats, Path(folder))
