"""Ask for one answer in this process and print what it took, as JSON. Runs inside the fake Azure.

Usage: _logs_once.py huntbook|azure-monitor-query
"""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any

import pandas as pd
import requests
from _matrix_once import forget_peak, peak_kilobytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WORKSPACE = "63613592-b6f7-4c3d-a390-22ba13102111"


def ours() -> Callable[[str], pd.DataFrame]:
    """Return how we ask, signed in."""
    from huntbook.azure import connect  # noqa: PLC0415 - loaded before the clock starts

    return connect("usgov", ["cli"], quiet=True).logs(WORKSPACE).query


def theirs() -> Callable[[str], pd.DataFrame]:
    """Return how Microsoft's client asks, signed in by the same chain."""
    from azure.monitor.query import LogsQueryClient  # noqa: PLC0415 - the same

    from huntbook.azure import connect  # noqa: PLC0415 - the same

    session = connect("usgov", ["cli"], quiet=True)
    client = LogsQueryClient(session.credential, endpoint=session.cloud.log_analytics)

    def ask(query: str) -> pd.DataFrame:
        table: Any = client.query_workspace(WORKSPACE, query, timespan=None).tables[0]  # type: ignore[union-attr] # no partial answers here
        return pd.DataFrame(table.rows, columns=table.columns)

    return ask


def timed_network() -> list[float]:
    """Note how long each request waits for its answer's head and then for each part of its body, for either client."""
    taken: list[float] = []
    send, parts = requests.adapters.HTTPAdapter.send, requests.Response.iter_content

    def timed(step: Callable[[], Any]) -> Any:
        begun = time.perf_counter()
        try:
            return step()
        finally:
            taken.append(time.perf_counter() - begun)

    def timed_send(adapter: Any, *args: Any, **options: Any) -> Any:
        return timed(lambda: send(adapter, *args, **options))

    def timed_parts(response: requests.Response, *args: Any, **options: Any) -> Iterator[Any]:
        each = iter(parts(response, *args, **options))
        while (part := timed(lambda: next(each, None))) is not None:
            yield part

    # The two places that both clients pass, whether they take a body whole or in parts.
    requests.adapters.HTTPAdapter.send = timed_send  # type: ignore[method-assign]
    requests.Response.iter_content = timed_parts  # type: ignore[method-assign]
    return taken


def main() -> None:
    """Sign in with a small query, then ask, measure."""
    ask = ours() if sys.argv[1] == "huntbook" else theirs()
    taken = timed_network()
    ask("T")
    taken.clear()
    forget_peak()
    before = peak_kilobytes()
    start = time.perf_counter()
    processor = time.process_time()
    try:
        frame = ask("large")
    except MemoryError:
        print(json.dumps({"failed": "not enough memory"}))
        return
    call = time.perf_counter() - start
    result = {
        "call": call,
        "convert": call - sum(taken),
        "processor": time.process_time() - processor,
        "peak": (peak_kilobytes() - before) / 1024,
        "rows": len(frame),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
