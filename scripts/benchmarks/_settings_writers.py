"""Writers and readers of one settings file, in processes of their own; the test and the benchmark start it.

_settings_writers.py FILE write NAME COUNT   counts a counter of all writers up by COUNT, one save each, and prints each
_settings_writers.py FILE read [SECONDS]     reads until the time is over or its input ends; fails on a file that is not whole
"""

from __future__ import annotations

import functools
import random
import sys
import threading
import time
from typing import TYPE_CHECKING

from huntbook.errors import SettingsConflictError
from huntbook.settings.document import read, save

if TYPE_CHECKING:
    from collections.abc import Callable

# Who lost a race waits a moment of its own, or eight writers would spend their time on losing races.
PAUSE_SECONDS = 0.05


def write(path: str, name: str, count: int, acknowledge: Callable[[int], None] | None = None) -> int:
    """Count the counter of all writers up `count` times, trying again after each conflict; a lost save would show."""
    acknowledge = acknowledge or functools.partial(print, flush=True)
    for number in range(count):
        while True:
            found = read(path)
            changes = {"Marker": {"count": found.data["Marker"]["count"] + 1}, name: {"last": number}}
            try:
                save(path, changes, expected_revision=found.revision, origin="cli")
            except SettingsConflictError:
                time.sleep(random.uniform(0, PAUSE_SECONDS))  # noqa: S311 - a pause, not a secret
                continue
            break
        acknowledge(number)
    return 0


def watch(path: str, seconds: float) -> int:
    """Read until the time is over, or until whoever started this is done; a file that is not whole ends it with 1."""
    over = threading.Event()
    if seconds == float("inf"):
        threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    end = time.monotonic() + seconds
    reads = 0
    while time.monotonic() < end and not over.is_set():
        found = read(path)
        if found.fault is not None or found.revision == "absent" or "Marker" not in found.data:
            print(f"torn: {found}", flush=True)
            return 1
        reads += 1
        time.sleep(0.001)
    print(reads, flush=True)
    return 0


if __name__ == "__main__":
    file, what, *rest = sys.argv[1:]
    if what == "write":
        sys.exit(write(file, rest[0], int(rest[1])))
    sys.exit(watch(file, float(rest[0]) if rest else float("inf")))
