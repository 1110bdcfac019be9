"""Measure the matrix beside MSTICPy's: time, peak memory and bytes sent to the browser.

The same rows (seeded; text columns of 1,000 by 1,000 categories) are drawn by both, in turn and each time in a
fresh process; imports and loading are done before the clock starts.
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
import pyarrow as pa
import pyarrow.parquet as pq
from _peer import PEER, peer_python

ONCE = Path(__file__).with_name("_matrix_once.py")
CATEGORIES = 1_000
MEASURES = {
    "call": "s, the call",
    "ready": "s, until the message is ready",
    "peak": "MB above the frame",
    "bytes": "bytes sent",
}


def write_rows(path: Path, rows: int) -> None:
    """Write seeded flows: sources with a long tail, destinations all alike."""
    random = np.random.default_rng(20240311)
    names = np.arange(CATEGORIES)
    sources = pa.array([f"10.{at // 256}.{at % 256}.{at * 37 % 256}" for at in names])
    destinations = pa.array([f"203.0.{at // 256}.{at % 256}" for at in names])
    source = pa.array(np.minimum(random.zipf(1.3, rows) - 1, CATEGORIES - 1).astype(np.int32))
    destination = pa.array(random.integers(0, CATEGORIES, rows, dtype=np.int32))
    table = {
        "SourceIP": pa.DictionaryArray.from_arrays(source, sources).cast(pa.string()),
        "DestinationIP": pa.DictionaryArray.from_arrays(destination, destinations).cast(pa.string()),
        "BytesSent": random.integers(40, 1_000_000, rows),
    }
    pq.write_table(pa.table(table), path)


def once(python: Path, name: str, path: Path) -> dict[str, float]:
    """Draw in a fresh process and return what it took."""
    done = subprocess.run([python, ONCE, name, path], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{name} failed on {path.name}:\n{done.stderr}")
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def compare(rows: int, repeats: int, folder: Path) -> None:
    """Draw `rows` rows by both in turn, and print medians and ratios."""
    path = folder / f"{rows}.parquet"
    write_rows(path, rows)
    taken: dict[str, list[dict[str, float]]] = {"huntbook": [], "msticpy": []}
    for _ in range(repeats):
        taken["msticpy"].append(once(peer_python(), "msticpy", path))
        taken["huntbook"].append(once(Path(sys.executable), "huntbook", path))
    path.unlink()
    print(f"\n{rows:,} rows{'':>22}huntbook {PEER:>16}    ratio")
    for measure, words in MEASURES.items():
        own = median(result[measure] for result in taken["huntbook"])
        peer = median(result[measure] for result in taken["msticpy"])
        digits = 0 if measure in {"bytes", "peak"} else 3
        print(
            f"  {words:<30}{own:>10,.{digits}f} {peer:>16,.{digits}f} {peer / own if own else float('inf'):>7.1f}x",
            flush=True,
        )


def main() -> None:
    """Compare at each size."""
    parser = argparse.ArgumentParser(prog="scripts/bench matrix", description=__doc__)
    parser.add_argument(
        "--rows", type=float, nargs="+", default=[1e5, 1e6, 1e7], help="how many rows (default: %(default)s)"
    )
    parser.add_argument(
        "--repeats", type=int, default=3, help="fresh processes a size and side (default: %(default)s)"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for rows in options.rows:
            compare(int(rows), options.repeats, Path(folder))


if __name__ == "__main__":
    main()
