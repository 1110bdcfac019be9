"""Measure matrix and timeline of a Parquet file through an engine: time, memory, and equal numbers.

DuckDB itself writes the file (seeded; nearly in order of time, as logs are). Each engine draws in a fresh process;
imports, and the start of Spark and of Dask's two workers, are done before the clock starts.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

ONCE = Path(__file__).with_name("_engines_once.py")
ENGINES = ["duckdb", "polars", "dask", "pyspark"]
MEASURES = {
    "matrix": "s, matrix",
    "timeline": "s, timeline",
    "wide": "s, zoom to a third",
    "narrow": "s, zoom to a thousandth",
    "peak": "MB above the start",
}


def write_rows(path: Path, rows: int) -> None:
    """Write seeded events of 30 days: 20 groups, 1,000 by 1,000 addresses, one group with two events."""
    duckdb.execute("SET threads = 2; SET memory_limit = '2GB'")
    duckdb.execute(f"""
        COPY (
            SELECT
                TIMESTAMP '2024-03-01' + to_microseconds(
                    i * (2592000000000 // {rows}) + (hash(i) % 60000000)::BIGINT) AS TimeGenerated,
                CASE WHEN i % ({rows} // 2) = 17 THEN 'rare'
                     ELSE 'group ' || (hash(i + 1) % 20) END AS "Group",
                '10.0.' || (sqrt(hash(i + 2) % 1000000)::INT // 250) || '.'
                        || (sqrt(hash(i + 2) % 1000000)::INT % 250) AS SourceIP,
                '203.0.' || (hash(i + 3) % 1000 // 250) || '.' || (hash(i + 3) % 250) AS DestinationIP,
                (hash(i + 4) % 1000000)::BIGINT AS BytesSent
            FROM range({rows}) AS numbers(i)
        ) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 1000000)
    """)  # noqa: S608 - our own path and number


def once(engine: str, path: Path) -> dict[str, float | str]:
    """Draw in a fresh process and return what it took."""
    done = subprocess.run([sys.executable, ONCE, engine, path], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{engine} failed on {path.name}:\n{done.stderr[-4000:]}")
    result: dict[str, float | str] = json.loads(done.stdout.splitlines()[-1])
    return result


def main() -> None:
    """Write the file, draw by each engine, and compare."""
    parser = argparse.ArgumentParser(prog="scripts/bench engines", description=__doc__)
    parser.add_argument("--rows", type=float, default=1e7, help="how many rows (default: %(default)s)")
    parser.add_argument(
        "--engine", nargs="+", choices=ENGINES, default=ENGINES, help="which engines (default: all)"
    )
    parser.add_argument("--file", type=Path, help="a file that this benchmark wrote and kept, or is to keep")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = options.file or Path(folder) / "rows.parquet"
        if not path.exists():
            begun = time.perf_counter()
            write_rows(path, int(options.rows))
            print(
                f"wrote {path.stat().st_size / 2**20:,.0f} MB in {time.perf_counter() - begun:,.0f} s",
                flush=True,
            )
        results = {}
        for engine in options.engine:
            results[engine] = once(engine, path)
            print(f"\n{int(options.rows):,} rows through {engine}")
            for measure, words in MEASURES.items():
                digits = 0 if measure == "peak" else 2
                print(f"  {words:<30}{results[engine][measure]:>10,.{digits}f}", flush=True)
    digests = {str(result["numbers"]) for result in results.values()}
    print(f"\nnumbers: {'equal from all' if len(digests) == 1 else 'DIFFERENT: ' + str(results)}")


if __name__ == "__main__":
    main()
