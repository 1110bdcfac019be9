"""Writers and readers of one settings file, in processes of their own; the test and the benchmark start it.

stress.py FILE write NAME COUNT     counts a counter of all writers up by COUNT, one save each, and prints each
stress.py FILE read SECONDS         reads without a pause, and fails on a torn, empty or broken file
"""

from __future__ import annotations

import sys
import time

from huntbook.errors import SettingsConflictError
from huntbook.settings.document import read, save


def write(path: str, name: str, count: int) -> int:
    """Count the counter of all writers up `count` times, trying again after each conflict; a lost save would show."""
    for number in range(count):
        while True:
            found = read(path)
            changes = {"Marker": {"count": found.data["Marker"]["count"] + 1}, name: {"last": number}}
            try:
                save(path, changes, expected_revision=found.revision, origin="cli")
            except SettingsConflictError:
                continue
            break
        print(number, flush=True)
    return 0


def watch(path: str, seconds: float) -> int:
    """Read until the time is over; a file that is not whole ends it with 1."""
    end = time.monotonic() + seconds
    reads = 0
    while time.monotonic() < end:
        found = read(path)
        if found.fault is not None or found.revision == "absent" or "Marker" not in found.data:
            print(f"torn: {found}", flush=True)
            return 1
        reads += 1
    print(reads, flush=True)
    return 0


if __name__ == "__main__":
    file, what, *rest = sys.argv[1:]
    sys.exit(write(file, rest[0], int(rest[1])) if what == "write" else watch(file, float(rest[0])))
