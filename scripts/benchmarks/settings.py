"""What the settings cost, and what they withstand: many writers at once, and writers that are killed."""

from __future__ import annotations

import argparse
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import timeit
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huntbook.editor import MpConfigEdit
from huntbook.settings.document import read, save
from huntbook.settings.live import LiveSettings

if TYPE_CHECKING:
    from collections.abc import Callable

WRITERS = Path(__file__).with_name("_settings_writers.py")
LARGE_BYTES = 200_000
# what is measured -> the most that is promised, in milliseconds
PROMISES = {
    "reading a value, file unchanged": 0.005,
    "save, then seen by a kernel": 50,
    "save, then seen by a kernel, 200 KB file": 500,
    "opening MpConfigEdit": 300,
}


def start(file: Path, *words: object) -> subprocess.Popen[str]:
    """Start a writer or a reader in a process of its own."""
    command = [sys.executable, str(WRITERS), str(file), *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def median_ms(action: Callable[[], Any], runs: int) -> float:
    """Return the median time of an action in milliseconds."""
    return statistics.median(timeit.repeat(action, number=1, repeat=runs)) * 1000


def save_and_see(file: Path, runs: int) -> float:
    """Return the median time from the start of a save until another reader of the file has the new value."""
    live = LiveSettings(lambda: file)
    live.get("Azure.cloud")
    clouds = iter(["cn", "usgov"] * runs)

    def once() -> None:
        cloud = next(clouds)
        save(file, {"Azure": {"cloud": cloud}}, expected_revision=read(file).revision, origin="sidebar")
        if live.get("Azure.cloud") != cloud:
            raise RuntimeError("the kernel did not see the save")

    return median_ms(once, runs)


def times(folder: Path) -> dict[str, float]:
    """Measure each promise."""
    small, large = folder / "small.yaml", folder / "large.yaml"
    small.write_text("Azure:\n  cloud: global # mine\n")
    rows = "".join(
        f"    provider{number}: {{Url: 'https://x.example', Primary: true}}\n" for number in range(3500)
    )
    large.write_text(
        f"Azure:\n  cloud: global\nTIProviders:\n  All:\n{rows}"[:LARGE_BYTES].rpartition("\n")[0] + "\n"
    )
    live = LiveSettings(lambda: small)
    live.get("Azure.cloud")
    time.sleep(1)
    live.get("Azure.cloud")
    count = 20_000
    MpConfigEdit(small).close()
    return {
        "reading a value, file unchanged": min(
            timeit.repeat(lambda: live.get("Azure.cloud"), number=count, repeat=5)
        )
        / count
        * 1000,
        "save, then seen by a kernel": save_and_see(small, 50),
        "save, then seen by a kernel, 200 KB file": save_and_see(large, 10),
        "opening MpConfigEdit": median_ms(lambda: MpConfigEdit(small), 10),
    }


def many_writers(folder: Path, writes: int) -> bool:
    """Let 8 processes write while 4 read; say whether nothing was lost and nothing was torn."""
    file = folder / "stress.yaml"
    file.write_text("Marker: {count: 0}\n")
    each = writes // 8
    writers = [start(file, "write", f"w{number}", each) for number in range(8)]
    readers = [start(file, "read", 5) for _ in range(4)]
    begun = time.perf_counter()
    good = all(writer.communicate() is not None and writer.returncode == 0 for writer in writers)
    took = time.perf_counter() - begun
    good &= all(reader.communicate() is not None and reader.returncode == 0 for reader in readers)
    lost = each * 8 - read(file).data["Marker"]["count"]
    print(f"{each * 8:,} writes by 8 processes in {took:.1f} s, 4 reading: {lost} lost", flush=True)
    return good and not lost


def killed_writers(folder: Path, kills: int) -> bool:
    """Kill a writer at a random moment, again and again; say whether file, writes and lock were well each time."""
    file = folder / "kills.yaml"
    bad = 0
    chance = random.Random(1)  # noqa: S311 - moments to kill, not secrets
    for number in range(kills):
        file.write_text("Marker: {count: 0}\n")
        writer = start(file, "write", "w", 100_000)
        if writer.stdout is None:
            raise RuntimeError("a pipe was asked for")
        acknowledged = [int(writer.stdout.readline())]
        time.sleep(chance.uniform(0, 0.05))
        writer.send_signal(signal.SIGKILL)
        acknowledged += [int(line) for line in writer.stdout if line.endswith("\n")]
        writer.wait()
        found = read(file)
        last = found.data.get("w", {}).get("last", -1)
        whole = found.fault is None and acknowledged[-1] <= last <= acknowledged[-1] + 1
        begun = time.perf_counter()
        save(file, {"After": {"n": number}}, expected_revision=found.revision, origin="cli")
        bad += not whole or time.perf_counter() - begun > 1
    print(
        f"{kills:,} writers killed in the midst of a save: {bad} times a torn file, a lost write or a lock left"
    )
    return not bad


def main() -> int:
    """Print a row a promise; return 1 when one is broken."""
    parser = argparse.ArgumentParser(prog="scripts/bench settings", description=__doc__)
    parser.add_argument(
        "--writes", type=int, default=10_000, help="saves by 8 processes together (default: 10000)"
    )
    parser.add_argument("--kills", type=int, default=500, help="writers to kill (default: 500)")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["JUPYTER_CONFIG_DIR"] = name
        kept = True
        for what, took in times(folder).items():
            kept &= took <= PROMISES[what]
            print(f"{what:45} {took:10.4f} ms; promised at most {PROMISES[what]} ms", flush=True)
        kept &= many_writers(folder, chosen.writes)
        kept &= killed_writers(folder, chosen.kills)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
