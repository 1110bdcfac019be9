"""Draw one matrix in this process and print what it took, as JSON. Runs in either environment.

Usage: _matrix_once.py huntbook|msticpy ROWS.parquet
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable

SIDES = {"x": "SourceIP", "y": "DestinationIP"}


def ours() -> tuple[Callable[[pd.DataFrame], Any], Callable[[Any], str]]:
    """Return how we draw, and how we make the message for the browser; imports are done before the clock."""
    import pyarrow.compute  # noqa: F401, PLC0415 - the same

    import huntbook.views.matrix  # noqa: F401, PLC0415 - loaded before the clock starts
    from huntbook import mp_pandas_plot  # noqa: F401, PLC0415 - registers the accessor

    return (
        lambda frame: frame.mp_plot.matrix(**SIDES),
        lambda view: view.children[-1].picture.get_state("render_bundle")["render_bundle"],
    )


def theirs() -> tuple[Callable[[pd.DataFrame], Any], Callable[[Any], str]]:
    """Return how the peer draws, and how Bokeh makes the message for the browser."""
    from bokeh.core.json_encoder import serialize_json  # noqa: PLC0415 - either environment has it
    from bokeh.embed import json_item  # noqa: PLC0415 - the same
    from msticpy.vis import mp_pandas_plot  # type: ignore[import-not-found] # noqa: F401, PLC0415 - the peer's environment

    return (
        lambda frame: frame.mp_plot.matrix(**SIDES, hide=True),
        lambda figure: serialize_json(json_item(figure)),
    )


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


def main() -> None:
    """Load, draw, measure."""
    draw, message = ours() if sys.argv[1] == "huntbook" else theirs()
    frame = pd.read_parquet(sys.argv[2])
    forget_peak()
    before = peak_kilobytes()
    start = time.perf_counter()
    picture = draw(frame)
    drawn = time.perf_counter()
    text = message(picture)
    done = time.perf_counter()
    result = {
        "call": drawn - start,
        "ready": done - start,
        "peak": (peak_kilobytes() - before) / 1024,
        "bytes": len(text),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
