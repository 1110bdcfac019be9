"""What an import costs: fresh processes in turn, the medians beside each other."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

STATEMENTS = {
    "bare Python": "pass",
    "import huntbook": "import huntbook",
    "bokeh and pandas": "import bokeh.plotting, pandas",
    "from huntbook import mp_pandas_plot": "from huntbook import mp_pandas_plot",
}
# (what, compared with, milliseconds allowed on top)
PROMISES = (
    ("import huntbook", "bare Python", 60),
    ("from huntbook import mp_pandas_plot", "bokeh and pandas", 100),
)


def measure(runs: int) -> dict[str, float]:
    """Return the median time in milliseconds of a fresh process for each statement, taken in turn."""
    times: dict[str, list[float]] = {name: [] for name in STATEMENTS}
    for number in range(runs + 1):
        for name, statement in STATEMENTS.items():
            begun = time.perf_counter()
            subprocess.run([sys.executable, "-c", statement], check=True)
            # The first round fills the file cache and is not counted.
            if number:
                times[name].append((time.perf_counter() - begun) * 1000)
    return {name: statistics.median(every) for name, every in times.items()}


def main() -> int:
    """Print a row a statement and a row a promise; return 1 when a promise is broken."""
    parser = argparse.ArgumentParser(prog="scripts/bench imports", description=__doc__)
    parser.add_argument("--runs", type=int, default=15, help="counted runs of each statement (default: 15)")
    medians = measure(parser.parse_args().runs)
    for name, median in medians.items():
        print(f"{name:40} {median:8.1f} ms")
    kept = True
    for what, base, allowed in PROMISES:
        extra = medians[what] - medians[base]
        kept &= extra <= allowed
        print(f"{what}: {extra:+.1f} ms over {base}; promised at most {allowed} ms")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
