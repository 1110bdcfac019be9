"""Draw one timeline in this process and print what it took, as JSON. Runs in either environment.

Usage: _timeline_once.py huntbook|msticpy timeline|timeline_values|timeline_duration ROWS.parquet
"""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any

import pandas as pd
from _matrix_once import forget_peak, peak_kilobytes

if TYPE_CHECKING:
    from collections.abc import Callable

# A zoom to the middle, by a factor of a hundred.
_ZOOM = 0.005
OPTIONS: dict[str, dict[str, Any]] = {
    "timeline": {"group_by": "Group"},
    "timeline_values": {"group_by": "Group", "value_column": "Bytes", "kind": "circle"},
    "timeline_duration": {"group_by": "Group", "end_time_column": "Ended"},
}


def ours(kind: str) -> tuple[Callable[[pd.DataFrame], Any], Callable[[Any], str]]:
    """Return how we draw, and how the messages for the browser are made: a widget sends its state when it is made."""
    import comm  # noqa: PLC0415 - only here
    import pyarrow.compute  # noqa: F401, PLC0415 - loaded before the clock starts
    from comm.base_comm import BaseComm  # noqa: PLC0415 - the same

    import huntbook.views.timeline  # noqa: PLC0415 - the same
    import huntbook.views.values  # noqa: F401, PLC0415 - the same
    from huntbook import mp_pandas_plot  # noqa: F401, PLC0415 - registers the accessor

    sent: list[Any] = []

    class Noted(BaseComm):  # type: ignore[misc] # comm ships no types
        """A connection to a browser that notes what is sent."""

        def publish_msg(self, *_: Any, data: Any = None, **__: Any) -> None:
            sent.append(data)

    comm.create_comm = Noted
    return (lambda frame: getattr(frame.mp_plot, kind)(**OPTIONS[kind]), lambda _: json.dumps(sent))


def theirs(kind: str) -> tuple[Callable[[pd.DataFrame], Any], Callable[[Any], str]]:
    """Return how the peer draws, and how Bokeh makes the message for the browser."""
    from bokeh.core.json_encoder import serialize_json  # noqa: PLC0415 - either environment has it
    from bokeh.embed import json_item  # noqa: PLC0415 - the same
    from msticpy.vis import mp_pandas_plot  # type: ignore[import-not-found] # noqa: F401, PLC0415 - the peer's environment

    return (
        lambda frame: getattr(frame.mp_plot, kind)(**OPTIONS[kind], source_columns=["Group"], hide=True),
        lambda layout: serialize_json(json_item(layout)),
    )


def zooms(view: Any, frame: pd.DataFrame) -> tuple[float, float]:
    """Return the time of the kernel's answer to the first zoom, and the median of those a moment later."""
    times = frame["TimeGenerated"]
    start, length = times.min(), times.max() - times.min()
    taken = []
    for at in (0.3, 0.2, 0.4, 0.6, 0.8, 0.5):
        begun = time.perf_counter()
        view.zoom(start + length * (at - _ZOOM), start + length * (at + _ZOOM))
        taken.append(time.perf_counter() - begun)
        if len(taken) == 1 and view._events._sorting is not None:  # noqa: SLF001 - a moment later the events are sorted
            view._events._sorting.join()  # noqa: SLF001 - the same
    return taken[0], sorted(taken[1:])[len(taken) // 2 - 1]


def main() -> None:
    """Load, draw, measure."""
    own = sys.argv[1] == "huntbook"
    draw, message = ours(sys.argv[2]) if own else theirs(sys.argv[2])
    frame = pd.read_parquet(sys.argv[3])
    forget_peak()
    before = peak_kilobytes()
    start = time.perf_counter()
    picture = draw(frame)
    drawn = time.perf_counter()
    text = message(picture)
    done = time.perf_counter()
    first, later = zooms(picture, frame) if own else (None, None)
    result = {
        "call": drawn - start,
        "ready": done - start,
        "peak": (peak_kilobytes() - before) / 1024,
        "bytes": len(text),
        "first": first,
        "zoom": later,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
